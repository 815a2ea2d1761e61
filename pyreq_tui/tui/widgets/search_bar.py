"""One line to type what is looked for, and what it finds."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.widgets import Input, Static

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.content import Content


class SearchBar(Horizontal):
    """Hidden until it is asked for; escape clears it, enter goes back and leaves it standing."""

    DEFAULT_CSS = """
    SearchBar {
        display: none;
        height: 1;
        padding: 0 1;
        background: $panel;
        &.-shown { display: block; }
        & > #search-sign { width: 2; color: $primary; text-style: bold; }
        & > #search-text { width: 1fr; background: $panel; background-tint: transparent; padding: 0; }
        & > #search-found { width: auto; padding: 0 0 0 1; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "clear", "Clear", tooltip="Show everything again", id="filter.clear"),
        Binding(
            "down,tab",
            "leave",
            "To what was found",
            key_display="enter",
            tooltip="Go to what was found; what was typed stands",
            id="filter.leave",
        ),
    ]

    class Typed(Message):
        """What is looked for is something else."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Left(Message):
        """What was found is to have the focus."""

    def __init__(self, placeholder: str = "") -> None:
        super().__init__()
        self._placeholder = placeholder

    def compose(self) -> ComposeResult:
        yield Static("/", id="search-sign")
        yield Input(id="search-text", placeholder=self._placeholder, compact=True)
        yield Static("", id="search-found")

    @property
    def text(self) -> str:
        """What was typed."""
        return self.query_one(Input).value

    @property
    def is_typing(self) -> bool:
        """Whether keys go into it."""
        return self.query_one(Input).has_focus

    def open(self) -> None:
        """Show it, and type."""
        self.add_class("-shown")
        # At once, not when the queue comes to it: the next key is the first letter.
        self.screen.set_focus(self.query_one(Input))

    def clear(self) -> None:
        """Hide it, with nothing in it."""
        self.remove_class("-shown")
        self.query_one(Input).value = ""

    def say(self, found: Content) -> None:
        """Say what was found."""
        self.query_one("#search-found", Static).update(found)

    @on(Input.Changed)
    def _tell(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(event.value))

    @on(Input.Submitted)
    def action_leave(self) -> None:
        """Go to what was found; what was typed stands."""
        if not self.text.strip():
            self.clear()
        self.post_message(self.Left())

    def action_clear(self) -> None:
        """Show everything again."""
        self.clear()
        self.post_message(self.Left())
