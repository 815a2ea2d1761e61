"""One box to tick in a form, with the word beside it: the sign and the word say it without colour."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from pyreq_tui.tui.text import MUTED


class Tick(Widget, can_focus=True):
    """``☑ yes`` or ``☐ no``; space, enter or a click turns it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,enter", "turn", "Yes or no", show=False, id="tick.turn"),
    ]
    DEFAULT_CSS = """
    Tick { height: 1; pointer: pointer; }
    """

    value: reactive[bool] = reactive(False)

    def __init__(self, *, value: bool, id: str) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id)
        self.set_reactive(Tick.value, value)

    def render(self) -> Content:
        return Content.assemble(("☑ ", "$success"), "yes") if self.value else Content.styled("☐ no", MUTED)

    def action_turn(self) -> None:
        """Say the other thing."""
        self.value = not self.value

    def on_click(self) -> None:
        """Turn it, as the keys do."""
        self.action_turn()
