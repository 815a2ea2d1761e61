"""Types the value of an option that no switch can give."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Input, Static, TextArea

from pyreq_tui.tui.screens.dialog import Dialog
from pyreq_tui.tui.text import printable

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from pyreq_tui.service import OptionSpec


class EditOption(Dialog["list[str] | str | int | None"]):
    """Asks for one text, or for a list with one item a line."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "answer", "Set", id="edit.set"),
    ]
    DEFAULT_CSS = """
    EditOption {
        & > .frame { max-width: 72; }
        TextArea { height: 8; border: tall $border-blurred; &:focus { border: tall $border; } }
        .help { color: $text-muted; margin-bottom: 1; }
    }
    """

    def __init__(self, spec: OptionSpec, value: object) -> None:
        super().__init__()
        self._spec = spec
        self._items = [str(item) for item in value] if isinstance(value, (list, tuple)) else []
        self._text = "" if value is None or isinstance(value, (list, tuple, bool)) else str(value)

    def compose(self) -> ComposeResult:
        with Vertical(classes="frame") as frame:
            frame.border_title = Content.styled(printable(self._spec.key), "bold")
            is_list = self._spec.kind == "list"
            yield Static(Content(self._spec.help + (" One item a line." if is_list else "")), classes="help")
            if is_list:
                yield TextArea("\n".join(self._items), id="items", tab_behavior="focus")
            else:
                yield Input(self._text, id="text", placeholder="empty: as if it were not set")
            with Horizontal(classes="buttons"):
                yield Button(
                    f"Set  {'ctrl+s' if is_list else 'enter'}", id="set", compact=True, variant="primary"
                )
                yield Button("Back  esc", id="close", compact=True)

    @on(Input.Submitted)
    @on(Button.Pressed, "#set")
    def action_answer(self) -> None:
        """Close with what was typed."""
        if self._spec.kind == "list":
            lines = self.query_one("#items", TextArea).text.splitlines()
            self.dismiss([line.strip() for line in lines if line.strip()])
        else:
            text = self.query_one("#text", Input).value.strip()
            is_number = self._spec.kind == "number" and text.isdecimal()
            self.dismiss(int(text) if is_number else text)

    @on(Button.Pressed, "#close")
    def _close(self) -> None:
        self.action_close()
