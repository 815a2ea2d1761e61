"""What a person types to see only some of the files: names, and kinds of files. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from pyreq_tui.bundle import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pyreq_tui.bundle import Bundle, Entry, Kind

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
        entries: Sequence[Entry] = self.entries
        for kind in kinds:
            entries = kind.pick(entries)
        names = _names(entries) if kinds else self._names
        for word in wanted:
            if word not in _KINDS:
                found = _called(names, word)
                entries, names = [entries[at] for at in found], [names[at] for at in found]
        return tuple(entries)

    @cached_property
    def _names(self) -> list[str]:
        return _names(self.entries)


def _names(entries: Iterable[Entry]) -> list[str]:
    """What is searched of each file: its package and its path, in lower case."""
    return [f"{entry[3]}/{entry[0]}".lower() for entry in entries]


def _called(names: Sequence[str], word: str) -> list[int]:
    """Which of ``names`` hold ``word``, by their place."""
    found = [at for at, name in enumerate(names) if word in name]
    search = _fuzzy(word)
    return found or [at for at, name in enumerate(names) if search(name)]


@lru_cache(maxsize=32)
def _fuzzy(word: str) -> Callable[[str], re.Match[str] | None]:
    """Finds the letters of ``word`` in order within one name."""
    # Up to each letter's first occurrence: that misses nothing, and never goes back over what it passed.
    rest = "".join(f"[^/{re.escape(letter)}]*{re.escape(letter)}" for letter in word[1:])
    return re.compile(re.escape(word[:1]) + rest).search
