"""The line that filters the size tree: what is typed, and what it finds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from pyreq_tui.sizes import format_size
from pyreq_tui.tui.filtering import KIND_NAMES
from pyreq_tui.tui.text import MUTED
from pyreq_tui.tui.widgets.search_bar import SearchBar

if TYPE_CHECKING:
    from pyreq_tui.bundle import SizeNode


class FilterBar(SearchBar):
    """Filters files by name and kind."""

    def __init__(self) -> None:
        super().__init__(f"name, or {KIND_NAMES}")

    def say_files(self, found: SizeNode | None, whole: SizeNode) -> None:
        """Say which files were found, of how many."""
        line = Content("")
        if found is not None:
            line = Content.assemble(
                (f"{found.files:,}", "bold" if found.files else "bold $warning"),
                (f" of {whole.files:,} files ", MUTED),
                (format_size(found.unzipped_bytes), "bold"),
            )
        self.say(line)
