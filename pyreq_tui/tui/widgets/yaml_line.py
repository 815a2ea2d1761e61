"""The line that shows what would be saved."""

from __future__ import annotations

from rich.cells import cell_len
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from pyreq_tui.tui.option_rows import summary
from pyreq_tui.tui.text import MUTED, printable, spread

LABELS = ("custom.pythonRequirements: ", "pythonRequirements: ", "")
"""What stands before it, shorter where that leaves room for all of it."""


class YamlLine(Widget):
    """``custom.pythonRequirements`` as it would be saved, on one line; a click asks for the diff."""

    DEFAULT_CSS = """
    YamlLine {
        height: 1;
        padding: 0 1;
        background: $panel 60%;
        pointer: pointer;
        &:hover { background: $panel; }
    }
    """

    class Clicked(Message):
        """The diff was asked for."""

    block: reactive[str] = reactive("")
    """Empty where the file has no such block."""
    changes: reactive[int] = reactive(0)

    def render(self) -> Content:
        if self.changes:
            state = Content.styled(f"● {summary(self.changes)}", "$warning")
        else:
            state = Content.styled("as saved" if self.block else "not written: S sets it up", MUTED)
        width = self.content_size.width
        block = printable(self.block)
        room = width - state.cell_length - 1 - cell_len(block)
        label = next((label for label in LABELS if len(label) <= room), LABELS[-1] if block else LABELS[0])
        return spread(width, Content.assemble((label, MUTED), block), state)

    def on_click(self) -> None:
        """Ask for the diff."""
        self.post_message(self.Clicked())
