"""Shows what saving would change in serverless.yml, and saves it."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from pyreq_tui.errors import PyreqError
from pyreq_tui.tui.diffs import changed_lines, coloured
from pyreq_tui.tui.screens.dialog import Dialog
from pyreq_tui.tui.text import count, printable

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from pyreq_tui.service import Edit


class SaveScreen(Dialog[bool | None]):
    """The diff; closes with True once it is saved."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "save", "Save", id="save.save"),
        Binding("y", "copy", "Copy", id="save.copy"),
    ]
    DEFAULT_CSS = """
    SaveScreen {
        #diff-view {
            height: auto;
            max-height: 1fr;
            border-top: solid $border-blurred;
            border-bottom: solid $border-blurred;
        }
        #diff { width: auto; }
        #save-failure { color: $error; display: none; &.-shown { display: block; } }
        .note { color: $text-muted; }
    }
    """

    def __init__(self, edit: Edit) -> None:
        super().__init__()
        self._edit = edit

    def compose(self) -> ComposeResult:
        diff = self._edit.diff()
        with Vertical(classes="frame") as frame:
            frame.border_title = Content.styled(printable(self._edit.path.name), "bold")
            yield Static(
                Content(
                    f"{count(changed_lines(diff), 'line')} added or removed; the rest stays byte for byte."
                ),
                classes="note",
            )
            with VerticalScroll(id="diff-view"):
                yield Static(coloured(diff), id="diff")
            yield Static("", id="save-failure", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Save  enter", id="save", compact=True, variant="primary")
                yield Button("Copy  y", id="copy", compact=True)
                yield Button("Back  esc", id="close", compact=True)

    def on_mount(self) -> None:
        """Let enter save, wherever the focus would have gone."""
        self.query_one("#save", Button).focus()

    @on(Button.Pressed, "#save")
    def action_save(self) -> None:
        """Write the file; where that fails, say why and stay."""
        try:
            self._edit.write()
        except PyreqError as error:
            failure = self.query_one("#save-failure", Static)
            failure.update(Content(f"✗ {printable(error.message)}\n{printable(error.hint or '')}".rstrip()))
            failure.add_class("-shown")
            return
        self.dismiss(True)

    @on(Button.Pressed, "#copy")
    def action_copy(self) -> None:
        """Copy the diff."""
        self.app.copy_to_clipboard(self._edit.diff())
        self.notify("Diff copied.", markup=False)

    @on(Button.Pressed, "#close")
    def _close(self) -> None:
        self.action_close()
