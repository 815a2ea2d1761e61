"""The set of files that ships."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pyreq_tui.bundle.entry import NestedBytes, UnknownBytes
from pyreq_tui.bundle.zipformat import zip_size

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyreq_tui.bundle.entry import Entry


@dataclass(frozen=True, eq=False)
class Bundle:
    """The ordered set of Entries that make one artifact: sorted by path, no path twice.

    Compared by identity, so that steps over it can be remembered.
    """

    entries: tuple[Entry, ...]

    @cached_property
    def unzipped_bytes(self) -> int:
        """What Lambda counts against its unzipped limit."""
        return sum(entry.size_bytes for entry in self.entries)

    @cached_property
    def zipped_bytes(self) -> int:
        """The size of the zip the writer would write, to the byte."""
        return zip_size(self.entries)

    @cached_property
    def is_exact(self) -> bool:
        """Whether every size is known, not guessed."""
        return _is_exact(self.entries)


def _is_exact(entries: Iterable[Entry]) -> bool:
    return not any(
        isinstance(entry.source, UnknownBytes)
        or (isinstance(entry.source, NestedBytes) and not _is_exact(entry.source.entries))
        for entry in entries
    )
