"""An error the user can mend, as a dialog: what happened, where, what to do."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Button, Static

from pyreq_tui.tui.failures import cause, way_out
from pyreq_tui.tui.screens.dialog import Dialog

if TYPE_CHECKING:
    from pathlib import Path

    from textual.app import ComposeResult

    from pyreq_tui.errors import PyreqError


class FailureScreen(Dialog[None]):
    """Shows a failure, and copies it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("c,y", "copy", "Copy", key_display="c", tooltip="Copy the error", id="failure.copy"),
        Binding("enter", "close", "Back", show=False, id="failure.close"),
    ]
    DEFAULT_CSS = """
    FailureScreen {
        & > .frame { max-width: 90; border: round $error; }
    }
    """

    def __init__(self, failure: PyreqError, root: Path | None = None) -> None:
        super().__init__()
        self._failure = failure
        self._root = root

    def compose(self) -> ComposeResult:
        with Vertical(classes="frame") as frame:
            frame.border_title = "That did not work"
            with VerticalScroll(classes="body"):
                yield Static(cause(self._failure), markup=False)
            if rest := way_out(self._failure, self._root):
                yield Static(rest, markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Copy  c", id="copy", compact=True)
                yield Button("Back  esc", id="close", compact=True, variant="primary")

    @on(Button.Pressed, "#copy")
    def action_copy(self) -> None:
        """Copy the error."""
        self.app.copy_to_clipboard(str(self._failure))
        self.notify("Error copied.", markup=False)

    @on(Button.Pressed, "#close")
    def _close(self) -> None:
        self.action_close()
