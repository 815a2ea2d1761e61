"""Every key that works on a screen, and what the signs mean; made from the bindings themselves."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Markdown, Static

from pyreq_tui.tui.screens.dialog import Dialog
from pyreq_tui.tui.text import MUTED

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.app import ComposeResult
    from textual.binding import Binding
    from textual.dom import DOMNode
    from textual.screen import Screen

KEYS_WIDTH, MEANING_WIDTH = 10, 56
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
    HelpScreen {
        & > .frame { max-width: 76; }
        Markdown { margin: 0; padding: 0 1 0 0; background: transparent; }
        MarkdownH2 { margin: 0; padding: 0; color: $primary; text-style: bold; content-align: left top; }
        MarkdownParagraph { margin: 0 0 1 0; }
    }
    """

    def __init__(self, over: Screen[object]) -> None:
        super().__init__(id="help")
        self._over = over
        self._focused = over.focused

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="frame") as frame:
            frame.border_title = "Help"
            frame.border_subtitle = "esc back"
            for text in self._texts():
                yield Markdown(text)
            yield Static(id="help-keys")

    def on_mount(self) -> None:
        """Show what is written at once, and below it the keys, which take as long again."""
        self.call_after_refresh(self._show_keys)

    def _show_keys(self) -> None:
        self.query_one("#help-keys", Static).update(Content("\n").join(self._lines()))

    def _texts(self) -> Iterator[str]:
        """What is written for the focused widget, or the nearest around it, and for the page."""
        around = self._focused.ancestors_with_self if self._focused is not None else [self._over]
        texts = [node.HELP for node in around if isinstance(node, Widget) and node.HELP]
        nearest = texts[:1] if self._focused is not None else []
        for text in dict.fromkeys([*nearest, self._over.HELP or ""]):
            if text:
                yield text.strip()

    def _lines(self) -> Iterator[Content]:
        for title, nodes in self._places():
            bindings = {binding.id: binding for node in nodes for binding in _shown(node)}
            if bindings:
                yield Content.styled(f"{title}: keys", "bold $primary")
                for binding in bindings.values():
                    yield _line(self._keys(binding), binding.tooltip)
                yield Content("")
        yield Content.styled("Signs", "bold $primary")
        for signs, meaning in SIGNS:
            yield _line(signs, meaning)
        yield Content("")
        yield Content.styled("Arrows or hjkl move, enter opens, tab goes to the next pane.", MUTED)
        yield Content.styled("ctrl+p finds every command by name; the mouse works everywhere.", MUTED)

    def _places(self) -> Iterator[tuple[str, list[DOMNode]]]:
        """The pane that has the focus first, then the page, its other panes, and what works everywhere."""
        panes = sorted(self._over.query(".pane"), key=lambda pane: not pane.has_focus_within)
        focused = [pane for pane in panes if pane.has_focus_within]
        for pane in focused:
            yield str(pane.name or ""), _inside(pane)
        yield str(self._over.title or self._over.TITLE or "Here"), [self._over]
        for pane in panes[len(focused) :]:
            yield str(pane.name or ""), _inside(pane)
        yield "Everywhere", [self.app]

    def _keys(self, binding: Binding) -> str:
        return binding.key_display or self.app.get_key_display(binding)


def _inside(pane: Widget) -> list[DOMNode]:
    """The pane and what is in it and not hidden."""
    return [
        pane,
        *(widget for widget in pane.query("*") if all(each.display for each in widget.ancestors_with_self)),
    ]


def _shown(node: DOMNode) -> list[Binding]:
    """The bindings that have something to say for themselves, one for each action."""
    own = {
        binding.action: binding
        for _, binding in reversed(list(node._bindings))
        if binding.id is not None and binding.tooltip
    }
    return list(reversed(own.values()))


def _line(keys: str, meaning: str) -> Content:
    first, *more = wrap(meaning, MEANING_WIDTH) or [""]
    beside = " " * (KEYS_WIDTH + 2)
    return Content.assemble(
        (keys.rjust(KEYS_WIDTH), "bold"), "  ", first, *(f"\n{beside}{part}" for part in more)
    )
