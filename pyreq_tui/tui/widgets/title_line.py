"""The top line: what is open, and how far the estimate is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from pyreq_tui.tui.text import MUTED, printable, spread

if TYPE_CHECKING:
    from pyreq_tui.service import Service


class TitleLine(Widget):
    """One line: names on the left, state on the right."""

    DEFAULT_CSS = """
    TitleLine {
        height: 1;
        padding: 0 1;
        background: $panel;
        color: $foreground;
    }
    """

    names: reactive[Content] = reactive(Content("pyreq-tui"))
    state: reactive[Content] = reactive(Content(""))
    short_state: reactive[Content | None] = reactive(None)
    """What is said instead where the names would be cut for it."""

    def render(self) -> Content:
        width = self.content_size.width
        is_tight = self.names.cell_length + 2 + self.state.cell_length > width
        return spread(width, self.names, self.short_state if is_tight and self.short_state else self.state)

    def name_service(self, service: Service | None) -> None:
        """Say which service is open, and for what it is built."""
        if service is None:
            return
        target = " ".join(
            printable(part) for part in (service.provider, service.runtime, service.architecture) if part
        )
        self.names = Content.assemble(
            (printable(service.name), "bold"),
            (" · ", MUTED),
            printable(service.stage),
            (" · ", MUTED),
            (target, MUTED),
            ("" if service.enabled else f"  ⚠ {printable(service.reason or 'not active')}", "$warning"),
        )
