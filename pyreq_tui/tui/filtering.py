"""What a person types to see only some of the files: names, and kinds of files. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from pyreq_tui.bundle import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pyreq_tui.bundle import Bundle, Entry, Kind

    _File = tuple[Entry, str]
    """A file, and what is searched: its package and its path, in lower case."""

_KINDS: dict[str, Kind] = {name: kind for kind in KINDS for name in {kind.name, kind.name.removeprefix(".")}}
KIND_NAMES = " ".join(kind.name for kind in KINDS)
"""For the prompt."""


def words(text: str) -> tuple[str, ...]:
    """What was typed, in lower case."""
    return tuple(text.lower().split())


@dataclass(frozen=True, eq=False)
class Listing:
    """The files that can be searched."""

    entries: tuple[Entry, ...]
    of: Bundle | None = None
    """Where they are from."""

    def matching(self, text: str) -> tuple[Entry, ...]:
        """The files that meet every word: the name of a kind, or part of a package's or a path's name.

        A word that is found nowhere as it stands is looked for letter by letter: ``sklrn`` finds
        scikit-learn.
        """
        wanted = words(text)
        kinds = [_KINDS[word] for word in wanted if word in _KINDS]
        entries: Iterable[Entry] = self.entries
        for kind in kinds:
            entries = kind.pick(entries)
        files = _named(entries) if kinds else self._files
        for word in wanted:
            if word not in _KINDS:
                files = _called(files, word)
        return tuple([entry for entry, _ in files])

    @cached_property
    def _files(self) -> list[_File]:
        return _named(self.entries)


def _named(entries: Iterable[Entry]) -> list[_File]:
    return [(entry, f"{entry[3]}/{entry[0]}".lower()) for entry in entries]


def _called(files: list[_File], word: str) -> list[_File]:
    search = _fuzzy(word)
    return [file for file in files if word in file[1]] or [file for file in files if search(file[1])]


@lru_cache(maxsize=32)
def _fuzzy(word: str) -> Callable[[str], re.Match[str] | None]:
    """Finds the letters of ``word`` in order within one name."""
    # Up to each letter's first occurrence: that misses nothing, and never goes back over what it passed.
    rest = "".join(f"[^/{re.escape(letter)}]*{re.escape(letter)}" for letter in word[1:])
    return re.compile(re.escape(word[:1]) + rest).search
