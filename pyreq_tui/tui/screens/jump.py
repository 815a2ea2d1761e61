"""Jump mode: a letter over every place that can have the focus; pressing it goes there."""

from __future__ import annotations

from dataclasses import dataclass
from string import ascii_lowercase
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Offset
from textual.screen import ModalScreen
from textual.widgets import Static, Tab

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual import events
    from textual.app import ComposeResult
    from textual.screen import Screen
    from textual.widget import Widget

LETTERS = "asdfgjkl" + "".join(letter for letter in ascii_lowercase if letter not in "asdfgjkl")
"""Those under the fingers first."""


@dataclass(frozen=True)
class Goal:
    """One place to jump to."""

    letter: str
    widget: Widget

    @property
    def offset(self) -> Offset:
        """Where its letter stands: in the corner, inside the frame."""
        region = self.widget.region
        return Offset(region.x, region.y)


def goals(screen: Screen[object]) -> tuple[Goal, ...]:
    """Every place on ``screen`` that is in sight and can be gone to, from top left to bottom right."""
    places = sorted(set(_places(screen)), key=lambda widget: (widget.region.y, widget.region.x))
    return tuple(Goal(letter, widget) for letter, widget in zip(LETTERS, places, strict=False))


def _places(screen: Screen[object]) -> Iterator[Widget]:
    for widget in (*screen.focus_chain, *screen.query(Tab)):
        # What is scrolled out of sight has no place for its letter.
        if widget.region and screen.region.contains_region(widget.region.intersection(screen.region)):
            yield widget


class JumpScreen(ModalScreen["Widget | None"]):
    """Closes with the widget whose letter was pressed or clicked; any other key closes it with none."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "close", "Back", id="jump.close")]
    DEFAULT_CSS = """
    JumpScreen {
        background: $background 40%;
        layers: letters;
        .letter {
            layer: letters;
            position: absolute;
            width: 3;
            height: 1;
            background: $accent;
            color: $background;
            text-style: bold;
            pointer: pointer;
        }
        #jump-note { dock: bottom; height: 1; padding: 0 1; background: $panel; layer: letters; }
    }
    """

    def __init__(self, over: Screen[object]) -> None:
        super().__init__()
        self._goals = goals(over)

    def compose(self) -> ComposeResult:
        for goal in self._goals:
            letter = Static(f" {goal.letter} ", classes="letter", id=f"jump-{goal.letter}", markup=False)
            letter.styles.offset = goal.offset
            yield letter
        yield Static(
            Content.assemble(("Jump: ", "bold $primary"), "press a letter; esc goes nowhere"), id="jump-note"
        )

    def on_key(self, event: events.Key) -> None:
        """Go to the place of the letter."""
        event.stop()
        self._go(event.character or "")

    def on_click(self, event: events.Click) -> None:
        """Go to the place of the letter under the pointer."""
        self._go((event.widget.id or "").removeprefix("jump-") if event.widget else "")

    def _go(self, letter: str) -> None:
        self.dismiss(next((goal.widget for goal in self._goals if goal.letter == letter), None))

    def action_close(self) -> None:
        """Go nowhere."""
        self.dismiss(None)
