"""The columns of the size tree: how wide they are, and their heads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from pyreq_tui.tui.widgets.size_rows import Order

if TYPE_CHECKING:
    from textual.events import Click

    from pyreq_tui.tui.widgets.size_rows import SortKey

SIZE_WIDTH = 9
BAR_WIDTH = 8
PERCENT_WIDTH = 5
WIDEST_BAR = 40
NARROWEST_NAME, ROOMY_NAME = 18, 36
"""A bar is there from the first width of names on, and grows from the second on."""


@dataclass(frozen=True)
class Columns:
    """The widths of the columns; the bar gives way first."""

    name: int
    bar: int

    @classmethod
    def of(cls, width: int) -> Columns:
        """Divide ``width`` cells."""
        figures = 2 * SIZE_WIDTH + PERCENT_WIDTH
        bar_width = BAR_WIDTH if width - figures - BAR_WIDTH >= NARROWEST_NAME else 0
        bar_width = max(bar_width, min(WIDEST_BAR, width - figures - ROOMY_NAME))
        return cls(name=max(8, width - figures - bar_width), bar=bar_width)


class ColumnHeads(Widget):
    """Names of the columns, an arrow at the one that sorts; a click sorts by it."""

    DEFAULT_CSS = """
    ColumnHeads {
        height: 1;
        color: $text-muted;
        pointer: pointer;
    }
    """

    order: reactive[Order] = reactive(Order())
    columns: reactive[Columns] = reactive(Columns(20, 0))

    class Pressed(Message):
        """A column is to sort."""

        def __init__(self, key: SortKey) -> None:
            super().__init__()
            self.key = key

    def render(self) -> Content:
        return Content.assemble(
            self._head("name", "package", self.columns.name, at_right=False),
            self._head("unzipped", "unzipped", SIZE_WIDTH),
            self._head(self._second, self._second, SIZE_WIDTH),
            " " * self.columns.bar,
            "share".rjust(PERCENT_WIDTH),
        )

    @property
    def _second(self) -> SortKey:
        """Beside the unzipped size stands the zipped one, or the number of files when that sorts."""
        return "files" if self.order.key == "files" else "zipped"

    def _head(self, key: SortKey, label: str, width: int, *, at_right: bool = True) -> Content:
        is_sorting = self.order.key == key
        is_upward = self.order.is_reversed != (key == "name")
        text = f"{label}{'▴' if is_upward else '▾'}" if is_sorting else label
        text = text.rjust(width) if at_right else f"  {text}".ljust(width)
        return Content.styled(text, "bold $foreground" if is_sorting else "")

    def on_click(self, event: Click) -> None:
        """Sort by the column under the pointer."""
        if event.x < self.columns.name:
            self.post_message(self.Pressed("name"))
        elif event.x < self.columns.name + SIZE_WIDTH:
            self.post_message(self.Pressed("unzipped"))
        elif event.x < self.columns.name + 2 * SIZE_WIDTH:
            self.post_message(self.Pressed(self._second))
