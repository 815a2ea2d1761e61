"""The line that filters the size tree: what is typed, and what it finds."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from pyreq_tui.sizes import format_size
from pyreq_tui.tui.filtering import KIND_NAMES
from pyreq_tui.tui.text import MUTED

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from pyreq_tui.bundle import SizeNode


class FilterBar(Horizontal):
    """Hidden until it is asked for; escape clears it, enter goes back to the tree and leaves it standing."""

    DEFAULT_CSS = """
    FilterBar {
        display: none;
        height: 1;
        background: $panel;
        &.-shown { display: block; }
        & > #filter-sign { width: 2; color: $primary; text-style: bold; }
        & > #filter-text { width: 1fr; background: $panel; background-tint: transparent; padding: 0; }
        & > #filter-found { width: auto; padding: 0 0 0 1; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "clear", "Clear", tooltip="Show everything again", id="filter.clear"),
        Binding(
            "down,tab",
            "leave",
            "To what was found",
            key_display="enter",
            tooltip="Go to what was found; the filter stands",
            id="filter.leave",
        ),
    ]

    class Typed(Message):
        """The filter is another one."""

        def __init__(self, text: str) -> None:
            super().__init__()
            self.text = text

    class Left(Message):
        """The tree is to have the focus."""

    def compose(self) -> ComposeResult:
        yield Static("/", id="filter-sign")
        yield Input(id="filter-text", placeholder=f"name, or {KIND_NAMES}", compact=True)
        yield Static("", id="filter-found")

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

    def say(self, found: SizeNode | None, whole: SizeNode) -> None:
        """Say what was found, of what."""
        line = Content("")
        if found is not None:
            line = Content.assemble(
                (f"{found.files:,}", "bold" if found.files else "bold $warning"),
                (f" of {whole.files:,} files ", MUTED),
                (format_size(found.unzipped_bytes), "bold"),
            )
        self.query_one("#filter-found", Static).update(line)

    @on(Input.Changed)
    def _tell(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(self.Typed(event.value))

    @on(Input.Submitted)
    def action_leave(self) -> None:
        """Go back to the tree; the filter stands."""
        if not self.text.strip():
            self.clear()
        self.post_message(self.Left())

    def action_clear(self) -> None:
        """Show everything again."""
        self.clear()
        self.post_message(self.Left())
