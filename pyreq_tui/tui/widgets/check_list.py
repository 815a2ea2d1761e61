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

from pyreq_tui.tui.text import MUTED, printable

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

    def show(self, rows: Mapping[str, str], checked: Collection[str]) -> None:
        """Show the rows; the cursor stays."""
        marked = self.highlighted or 0
        self.set_options([Option(_row(text, key in checked), id=key) for key, text in rows.items()])
        self.highlighted = marked if rows else None

    @on(OptionList.OptionSelected)
    def _toggle(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option_id:
            self.post_message(self.Toggled(event.option_id))


def _row(text: str, is_checked: bool) -> Content:
    mark = ("☑ ", "$success") if is_checked else ("☐ ", MUTED)
    return Content.assemble(mark, (printable(text), "" if is_checked else MUTED))
