"""Asks what to do with changes that are not saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Literal

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Static

from pyreq_tui.tui.screens.dialog import Dialog
from pyreq_tui.tui.text import count, cut, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

Choice = Literal["save", "discard"]


class LeaveScreen(Dialog[Choice | None]):
    """Save, discard, or stay."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("s", "choose('save')", "Save", id="leave.save"),
        Binding("d", "choose('discard')", "Discard", id="leave.discard"),
    ]
    DEFAULT_CSS = """
    LeaveScreen > .frame { max-width: 64; border: round $warning; }
    """

    def __init__(self, changed: Sequence[str]) -> None:
        super().__init__()
        self._changed = changed

    def compose(self) -> ComposeResult:
        with Vertical(classes="frame") as frame:
            frame.border_title = "Not saved"
            yield Static(
                Content(
                    f"{count(len(self._changed), 'change')} to serverless.yml would be lost: "
                    f"{cut(printable(', '.join(self._changed)), 200)}."
                )
            )
            with Horizontal(classes="buttons"):
                yield Button("See and save  s", id="save", compact=True, variant="primary")
                yield Button("Discard  d", id="discard", compact=True)
                yield Button("Stay  esc", id="close", compact=True)

    def action_choose(self, choice: Choice) -> None:
        """Close with the choice."""
        self.dismiss(choice)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        match event.button.id:
            case "save":
                self.dismiss("save")
            case "discard":
                self.dismiss("discard")
            case _:
                self.dismiss(None)
