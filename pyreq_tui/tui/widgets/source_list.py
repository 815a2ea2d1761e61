"""Under the functions: which file speaks for each module, and whether it is fresh."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from pyreq_tui.tui.text import MUTED, cut_middle, printable, spread

if TYPE_CHECKING:
    from pathlib import Path

    from textual.app import ComposeResult

    from pyreq_tui.sources import Source


class SourceList(VerticalScroll, can_focus=False):
    """One line for each source."""

    DEFAULT_CSS = """
    SourceList { scrollbar-size-vertical: 1; }
    """

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self._sources: tuple[Source, ...] | None = None
        """``None`` while they are not known."""
        self._root: Path | None = None

    def compose(self) -> ComposeResult:
        yield Static(markup=False)

    def show(self, sources: tuple[Source, ...], root: Path) -> None:
        """Show ``sources``, their paths relative to the service's root."""
        self._sources, self._root = sources, root
        self.on_resize()

    def on_resize(self) -> None:
        """Align again."""
        width = self.scrollable_content_region.width - 1
        lines = [self._line(source, width) for source in self._sources or ()]
        nothing = Content.styled("…" if self._sources is None else "no requirements found", MUTED)
        self.query_one(Static).update(Content("\n").join(lines) if lines else nothing)

    def _line(self, source: Source, width: int) -> Content:
        file = source.lockfile or source.manifest or source.folder
        try:
            name = file.relative_to(self._root).as_posix() if self._root else file.name
        except ValueError:
            name = file.name
        state, role = _state(source)
        return spread(
            width,
            Content(cut_middle(printable(name), max(0, width - len(state) - 1))),
            Content.styled(state, role),
        )


def _state(source: Source) -> tuple[str, str]:
    if source.is_fresh is False:
        return "⚠ stale", "$warning"
    if source.is_fresh:
        return "✓ fresh", "$success"
    if source.is_unlocked:
        return "⚠ not locked", "$warning"
    return ("locked" if source.lockfile else ""), MUTED
