"""Rows that are checked or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from pyreq_tui.tui.text import MUTED, printable, spread

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


class CheckList(OptionList):
    """Space or a click checks a row; enter is the dialog's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "select", "Choose", tooltip="Choose it, or leave it", id="check.choose"),
        Binding("enter", "screen.save", "Save", show=False, id="check.enter"),
        Binding("j", "cursor_down", "Down", show=False, id="check.down"),
        Binding("k", "cursor_up", "Up", show=False, id="check.up"),
    ]
    DEFAULT_CSS = """
    CheckList {
        height: auto;
        max-height: 8;
        padding: 0;
        border: none;
        background: transparent;
        background-tint: transparent;
        text-wrap: nowrap;
        text-overflow: ellipsis;
        &:focus { border: none; background-tint: transparent; }
    }
    """

    @dataclass
    class Toggled(Message):
        """A row is to be checked, or not any more."""

        key: str

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id, markup=False, compact=True)

    def show(
        self,
        rows: Mapping[str, str | Content],
        checked: Collection[str],
        figures: Mapping[str, Content] | None = None,
    ) -> None:
        """Show the rows, each with its figure at the right where it has one; the cursor stays.

        A plain text is faint while it is not checked.
        """
        marked = self.highlighted or 0
        width = self.scrollable_content_region.width - 1  # parts the figures from the scrollbar
        known = figures or {}
        self.set_options(
            [Option(_row(row, key in checked, known.get(key), width), id=key) for key, row in rows.items()]
        )
        self.highlighted = min(marked, len(rows) - 1) if rows else None

    @on(OptionList.OptionSelected)
    def _toggle(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option_id:
            self.post_message(self.Toggled(event.option_id))


def _row(row: str | Content, is_checked: bool, figure: Content | None, width: int) -> Content:
    mark = ("☑ ", "$success") if is_checked else ("☐ ", MUTED)
    if isinstance(row, str):
        row = Content.styled(printable(row), "" if is_checked else MUTED)
    line = Content.assemble(mark, row)
    return line if figure is None else spread(width, line, figure)
