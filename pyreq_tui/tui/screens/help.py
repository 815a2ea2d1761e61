"""Every key that works on a screen, and what the signs mean; made from the bindings themselves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from pyreq_tui.tui.screens.dialog import Dialog
from pyreq_tui.tui.text import MUTED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult
    from textual.binding import Binding
    from textual.screen import Screen
    from textual.widget import Widget

SIGNS = (
    ("✓ ✗ ⚠", "fits · does not fit · worth knowing"),
    ("● ○", "an option that is on · off"),
    ("*", "changed, not saved"),
    ("▸ ▾", "closed · open"),
    ("– ·", "not packaged here · not known yet"),
)


class HelpScreen(Dialog[None]):
    """The keys of the screen it was opened over."""

    DEFAULT_CSS = """
    HelpScreen > .frame { max-width: 76; }
    """

    def __init__(self, over: Screen[object]) -> None:
        super().__init__()
        self._over = over

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="frame") as frame:
            frame.border_title = "Help"
            frame.border_subtitle = "esc back"
            yield Static(Content("\n").join(self._lines()))

    def _lines(self) -> Iterator[Content]:
        for title, nodes in self._places():
            bindings = [binding for node in nodes for binding in _shown(node)]
            if bindings:
                yield Content.styled(title, "bold $primary")
                for binding in bindings:
                    yield _line(self._keys(binding), binding.tooltip)
                yield Content("")
        yield Content.styled("Signs", "bold $primary")
        for signs, meaning in SIGNS:
            yield _line(signs, meaning)
        yield Content("")
        yield Content.styled("Arrows or hjkl move, enter opens, tab goes to the next pane.", MUTED)
        yield Content.styled("ctrl+p finds every command by name; the mouse works everywhere.", MUTED)

    def _places(self) -> Iterator[tuple[str, list[Widget]]]:
        yield str(self._over.title or self._over.TITLE or "Here"), [self._over]
        for pane in self._over.query(".pane"):
            yield str(pane.name or ""), [pane, *pane.query("*")]

    def _keys(self, binding: Binding) -> str:
        return binding.key_display or self.app.get_key_display(binding)


def _shown(node: Widget) -> list[Binding]:
    """The bindings that have something to say for themselves, one for each action."""
    own = {
        binding.action: binding
        for _, binding in reversed(list(node._bindings))
        if binding.id is not None and binding.tooltip
    }
    return list(reversed(own.values()))


def _line(keys: str, meaning: str) -> Content:
    return Content.assemble((keys.rjust(10), "bold"), "  ", meaning)
