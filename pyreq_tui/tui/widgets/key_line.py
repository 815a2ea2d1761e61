"""The bottom line: the keys that work now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widget import Widget

from pyreq_tui.tui.text import FAINT, MUTED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.binding import ActiveBinding
    from textual.events import Click


class KeyLine(Widget):
    """Keys and what they do, greyed where they do nothing now; a click presses one.

    One widget, where Textual's Footer makes one of every key and so takes 40 ms whenever the focus moves.
    """

    DEFAULT_CSS = """
    KeyLine {
        dock: bottom;
        height: 1;
        padding: 0 1;
        pointer: pointer;
    }
    """

    def __init__(self, first_to_go: Sequence[str] = ()) -> None:
        """``first_to_go``: ids of bindings that give way where there is little room, in this order."""
        super().__init__()
        self._first_to_go = tuple(first_to_go)

    def on_mount(self) -> None:
        """Follow what the focused widget offers."""
        self.screen.bindings_updated_signal.subscribe(self, lambda _: self.refresh())

    def render(self) -> Content:
        shown, gap = self._shown()
        return Content(" " * gap).join(self._part(active) for active in shown)

    def on_click(self, event: Click) -> None:
        """Press the key under the pointer."""
        shown, gap = self._shown()
        start = self.content_region.x - self.region.x
        for active in shown:
            width = self._part(active).cell_length
            if start <= event.x < start + width:
                if active.enabled:
                    self.app.simulate_key(active.binding.key)
                return
            start += width + gap

    def _shown(self) -> tuple[Sequence[ActiveBinding], int]:
        """One for each action, as many as fit, help always; and the cells between them."""
        by_action = {
            active.binding.action: active
            for active in reversed(list(self.screen.active_bindings.values()))
            if active.binding.show
        }
        shown = list(reversed(by_action.values()))
        room = self.content_size.width
        gap = 2 if self._width(shown, 2) <= room else 1
        while len(shown) > 1 and self._width(shown, gap) > room:
            shown.remove(self._dispensable(shown))
        return shown, gap

    def _dispensable(self, shown: Sequence[ActiveBinding]) -> ActiveBinding:
        """The one to give way next: those named, what can't be pressed now first; then what stands last."""
        named = {active.binding.id: active for active in shown}
        going = [named[name] for name in self._first_to_go if name in named]
        return min(going, key=lambda active: active.enabled, default=shown[-2])

    def _width(self, shown: Sequence[ActiveBinding], gap: int) -> int:
        return sum(self._part(active).cell_length + gap for active in shown) - gap

    def _part(self, active: ActiveBinding) -> Content:
        key = self.app.get_key_display(active.binding)
        return Content.assemble(
            # Bold, where it can be pressed: some themes have no fainter colour.
            (key, "bold $primary" if active.enabled else FAINT),
            " ",
            (active.binding.description, MUTED if active.enabled else FAINT),
        )
