"""Asks before something is done that can't be undone, and of how many days it is where that is open."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Input, Static

from pyreq_tui.tui.screens.dialog import Dialog

if TYPE_CHECKING:
    from textual.app import ComposeResult


class ConfirmScreen(Dialog["int | None"]):
    """Closes with a number where the user agrees: the days typed, or 1 where none are asked for."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "agree", "Do it", tooltip="Do it", id="confirm.agree"),
    ]
    DEFAULT_CSS = """
    ConfirmScreen {
        & > .frame { max-width: 64; border: round $warning; }
        #days { height: 1; margin-top: 1; }
        #days Input { width: 8; margin-right: 1; background: $panel; }
        #days Static { width: auto; color: $text-muted; }
    }
    """

    def __init__(self, title: str, text: str, verb: str, *, days: int | None = None) -> None:
        super().__init__()
        self._asked = (title, text, verb)
        self._days = days

    def compose(self) -> ComposeResult:
        title, text, verb = self._asked
        with Vertical(classes="frame") as frame:
            frame.border_title = title
            yield Static(Content(text))
            if self._days is not None:
                with Horizontal(id="days"):
                    yield Input(str(self._days), type="integer", compact=True)
                    yield Static("days")
            with Horizontal(classes="buttons"):
                yield Button(f"{verb}  enter", id="agree", compact=True, variant="primary")
                yield Button("Back  esc", id="close", compact=True)

    def on_mount(self) -> None:
        """Where nothing is typed, enter agrees."""
        self.query_one("Input" if self._days is not None else "#agree").focus()

    @on(Input.Submitted)
    @on(Button.Pressed, "#agree")
    def action_agree(self) -> None:
        """Close with the answer; what is no number is not taken."""
        if self._days is None:
            self.dismiss(1)
            return
        text = self.query_one(Input).value.strip()
        if text.isdecimal():
            self.dismiss(int(text))
        else:
            self.notify("Type a number of days, 0 for all.", severity="warning", markup=False)

    @on(Button.Pressed, "#close")
    def _close(self) -> None:
        self.action_close()
