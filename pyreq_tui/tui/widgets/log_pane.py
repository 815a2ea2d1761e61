"""The log of a build: selected with the mouse, searched, copied, saved."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.highlighter import Highlighter
from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.geometry import Offset
from textual.selection import Selection
from textual.widgets import Log

from pyreq_tui.tui.text import MUTED, count
from pyreq_tui.tui.widgets.search_bar import SearchBar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.style import Style
    from rich.text import Text
    from textual.app import ComposeResult

LOG_LINES = 100_000
"""How much of the log is kept."""


class LogPane(Vertical):
    """A Log under a line that searches it. Its keys are the screen's, so that they work from anywhere."""

    DEFAULT_CSS = """
    LogPane {
        border: round $border-blurred;
        border-title-color: $text-muted;
        border-subtitle-color: $text-muted;
        &:focus-within { border: round $border; }
        Log {
            background: transparent;
            background-tint: transparent;
            overflow: auto;
            padding: 0 1;
            &:focus { background-tint: transparent; }
        }
        & > .log--found { background: $accent; color: $background; }
    }
    """
    COMPONENT_CLASSES = {"log--found"}

    HELP = """
## The log

Select with the mouse and press **ctrl+c** to copy a part, or **c** for all of it. **/** searches, **n** and
**N** go to the next place and to the one before, the arrows to the ends of long lines.
"""

    def compose(self) -> ComposeResult:
        yield SearchBar("search the log")
        yield Log(id="log", max_lines=LOG_LINES)

    def on_mount(self) -> None:
        """Give it its name; its end stays in sight until someone scrolls."""
        self.border_title = "Log"
        self.query_one(Log).anchor()

    @property
    def text(self) -> str:
        """All lines."""
        return "\n".join(self.query_one(Log).lines)

    @property
    def is_typing(self) -> bool:
        """Whether keys go into the search."""
        return self.query_one(SearchBar).is_typing

    @property
    def is_searching(self) -> bool:
        """Whether something is looked for."""
        return bool(self.query_one(SearchBar).text)

    def add(self, lines: Sequence[str]) -> None:
        """Add lines at the end, in one go."""
        if lines:
            self.query_one(Log).write_lines(lines)
            self.border_subtitle = count(len(self.query_one(Log).lines), "line")

    def clear(self) -> None:
        """Begin anew."""
        self.query_one(Log).clear()
        self.query_one(SearchBar).clear()
        self.border_subtitle = ""

    def focus_log(self) -> None:
        """Let keys move in the log."""
        self.query_one(Log).focus()

    def search(self) -> None:
        """Type what to look for."""
        self.query_one(SearchBar).open()

    def close_search(self) -> None:
        """Look for nothing any more."""
        self.query_one(SearchBar).clear()
        self.focus_log()

    def go(self, step: int) -> None:
        """Go ``step`` places on (back where negative) from the one that is marked."""
        found = self._places()
        log = self.query_one(Log)
        if not found:
            return
        marked = self.screen.selections.get(log)
        here = marked.start.transpose if marked and marked.start else (-1, -1)
        later = [place for place in found if place > here]
        earlier = [place for place in found if place < here]
        # From the last place on to the first, and from the first back to the last.
        target = (later or found)[0] if step > 0 else (earlier or found)[-1]
        self._mark(target)
        self._say(found.index(target), len(found))

    @on(SearchBar.Typed)
    def _find(self, message: SearchBar.Typed) -> None:
        """Mark every place as it is typed, and go to the last one: what failed stands at the end."""
        message.stop()
        log = self.query_one(Log)
        log.highlight = bool(message.text)
        log.highlighter = _Places(
            re.compile(re.escape(message.text), re.IGNORECASE),
            self.get_component_rich_style("log--found", partial=True),
        )
        self.screen.clear_selection()
        log.selection_updated(None)  # throws away the lines that were drawn without the marks
        found = self._places()
        if found:
            self._mark(found[-1])
            self._say(len(found) - 1, len(found))
        else:
            self.query_one(SearchBar).say(
                Content.styled("not found" if message.text else "", "bold $warning")
            )

    @on(SearchBar.Left)
    def _leave(self, message: SearchBar.Left) -> None:
        message.stop()
        self.focus_log()

    def _places(self) -> list[tuple[int, int]]:
        """Line and column of each place."""
        wanted = self.query_one(SearchBar).text.lower()
        lines = self.query_one(Log).lines
        return [
            (y, x)
            for y, line in enumerate(lines)
            if wanted and wanted in line.lower()
            for x in _columns(line.lower(), wanted)
        ]

    def _mark(self, place: tuple[int, int]) -> None:
        log = self.query_one(Log)
        y, x = place
        end = x + len(self.query_one(SearchBar).text)
        self.screen.selections = {log: Selection(Offset(x, y), Offset(end, y))}
        log.scroll_to(x=max(0, end - log.size.width + 4), y=y - log.size.height // 2, animate=False)

    def _say(self, index: int, number: int) -> None:
        line = Content.assemble((f"{index + 1:,}", "bold"), (f" of {number:,}  n next  N before", MUTED))
        self.query_one(SearchBar).say(line)


def _columns(line: str, wanted: str) -> list[int]:
    return [match.start() for match in re.finditer(re.escape(wanted), line)]


class _Places(Highlighter):
    """Marks what is looked for."""

    def __init__(self, wanted: re.Pattern[str], style: Style) -> None:
        self._wanted = wanted
        self._style = style

    def highlight(self, text: Text) -> None:
        for match in self._wanted.finditer(text.plain):
            text.stylize(self._style, match.start(), match.end())
