"""The answers to one question of setup: one of them, or several."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from pyreq_tui.sizes import format_change
from pyreq_tui.tui.text import MUTED, printable, spread

if TYPE_CHECKING:
    from pyreq_tui.setup import Choice, Step


class ChoiceList(OptionList):
    """What each comes to with its effect, and under it the reason.

    Where one is to be chosen, the cursor chooses; where several may be, space and clicks do.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "select", "Choose", tooltip="Choose it, or leave it", id="setup.choose"),
        Binding("enter", "screen.onward", "Next", key_display="enter", id="setup.enter"),
        Binding("j", "cursor_down", "Down", show=False, id="setup.down"),
        Binding("k", "cursor_up", "Up", show=False, id="setup.up"),
    ]
    DEFAULT_CSS = """
    ChoiceList {
        height: auto;
        max-height: 1fr;
        margin-top: 1;
        padding: 0;
        border: none;
        background: transparent;
        background-tint: transparent;
        &:focus { border: none; background-tint: transparent; }
    }
    """

    @dataclass
    class Chosen(Message):
        """Something else is chosen."""

        keys: frozenset[str]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id, markup=False, compact=True)
        self._step: Step | None = None
        self._chosen: frozenset[str] = frozenset()

    def show(self, step: Step, chosen: frozenset[str]) -> None:
        """Show the choices of ``step``; the cursor stays where the step does."""
        is_same = self._step is not None and self._step.key == step.key
        marked = self.highlighted if is_same else None
        self._step, self._chosen = step, chosen
        if marked is None:
            keys = [choice.key for choice in step.choices]
            marked = next((keys.index(key) for key in keys if key in chosen), 0)
        self._fill(marked)

    def on_resize(self) -> None:
        """Align again."""
        if self._step is not None:
            self.call_after_refresh(self._fill, self.highlighted or 0)

    def _fill(self, marked: int) -> None:
        step = self._step
        width = self.scrollable_content_region.width
        choices = step.choices if step else ()
        with self.prevent(OptionList.OptionHighlighted):
            self.set_options([Option(self._row(choice, width), id=choice.key) for choice in choices])
            self.highlighted = min(marked, len(choices) - 1) if choices else None

    def _row(self, choice: Choice, width: int) -> Content:
        is_chosen = choice.key in self._chosen
        signs = ("☐ ", "☑ ") if self._takes_several else ("○ ", "● ")
        mark = (signs[is_chosen], "$success" if is_chosen else MUTED)
        title = Content.assemble(mark, (printable(choice.title), "bold" if is_chosen else ""))
        beside = self._beside(choice)
        first = spread(width, title, beside) if beside.plain else title
        reason = wrap(printable(choice.reason), max(20, width - 2))
        return Content("\n").join([first, *(Content.styled(f"  {line}", MUTED) for line in reason)])

    @property
    def _takes_several(self) -> bool:
        return self._step is not None and self._step.takes_several

    def _beside(self, choice: Choice) -> Content:
        """What a choice changes; else whether it is the one to take, for the cursor takes others."""
        if choice.change_bytes is not None:
            about = "" if choice.is_exact else "≈ "
            return Content.styled(f"{about}{format_change(choice.change_bytes)}", "$success")
        if not choice.is_exact:
            return Content.styled("known once built", MUTED)
        is_advised = self._step is not None and choice.key in self._step.recommended
        return Content.styled("recommended" if is_advised and not self._takes_several else "", MUTED)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Where the cursor chooses, space has nothing to do."""
        return self._takes_several if action == "select" else True

    @on(OptionList.OptionHighlighted)
    def _follow(self, event: OptionList.OptionHighlighted) -> None:
        event.stop()
        if self._step is not None and not self._takes_several and event.option_id:
            self._choose(frozenset({event.option_id}))

    @on(OptionList.OptionSelected)
    def _select(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if self._step is None or not event.option_id:
            return
        one = frozenset({event.option_id})
        self._choose(self._chosen ^ one if self._takes_several else one)

    def _choose(self, chosen: frozenset[str]) -> None:
        if chosen != self._chosen:
            self.post_message(self.Chosen(chosen))
