"""Shows what to paste into a file that pyreq-tui does not edit, for it is code."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from pyreq_tui.tui.failures import printable_lines
from pyreq_tui.tui.screens.dialog import Dialog
from pyreq_tui.tui.text import printable

if TYPE_CHECKING:
    from pathlib import Path

    from textual.app import ComposeResult


class SnippetScreen(Dialog[None]):
    """The snippet, ready to copy."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,y", "copy", "Copy", key_display="y", tooltip="Copy it", id="snippet.copy"),
    ]
    DEFAULT_CSS = """
    SnippetScreen {
        & > .frame { max-width: 90; }
        .body { margin: 1 0; }
        .note { color: $text-muted; }
    }
    """

    def __init__(self, file: Path, printed: str, snippet: str) -> None:
        """``printed`` is the name of the file that was printed from ``file``, and is read here."""
        super().__init__()
        self._file = file
        self._printed = printed
        self._snippet = snippet

    def compose(self) -> ComposeResult:
        with Vertical(classes="frame") as frame:
            frame.border_title = Content.styled(f"Paste into {printable(self._file.name)}", "bold")
            yield Static(
                Content(f"{printable(self._file.name)} is code, which pyreq-tui does not edit. Paste this:"),
                classes="note",
            )
            with VerticalScroll(classes="body"):
                yield Static(Content(printable_lines(self._snippet)))
            yield Static("Then print it again, for that is what is read here:", classes="note")
            yield Static(Content(f"$ serverless print --format yaml > {printable(self._printed)}"))
            with Horizontal(classes="buttons"):
                yield Button("Copy  y", id="copy", compact=True, variant="primary")
                yield Button("Back  esc", id="close", compact=True)

    def on_mount(self) -> None:
        """Let enter copy."""
        self.query_one("#copy", Button).focus()

    @on(Button.Pressed, "#copy")
    def action_copy(self) -> None:
        """Copy the snippet."""
        self.app.copy_to_clipboard(self._snippet)
        self.notify("Copied.", markup=False)

    @on(Button.Pressed, "#close")
    def _close(self) -> None:
        self.action_close()
