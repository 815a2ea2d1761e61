"""Which slim pattern takes out a file, a folder, or everything of its kind."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple

from pyreq_tui.bundle.entry import SERVICE_CODE, ZIP_HELPER
from pyreq_tui.bundle.glob import compile_globs
from pyreq_tui.bundle.memo import remembered
from pyreq_tui.bundle.zipformat import entries_size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pyreq_tui.bundle.entry import Entry

_PATH = itemgetter(0)
_CODE = (".py", ".pyx", ".pxd", ".pxi", ".c", ".h", ".cpp", ".hpp", ".f90")


class Amount(NamedTuple):
    """What some files come to. ``zipped_bytes`` counts the zip's records about them."""

    unzipped_bytes: int
    zipped_bytes: int
    files: int


@dataclass(frozen=True)
class Kind:
    """Files of one sort, wherever they are."""

    name: str
    """What a person types to see them: ``tests``."""
    patterns: tuple[str, ...] = ()
    """Slim patterns for all of them; empty where nobody should take them all."""
    names: tuple[str, ...] = ()
    """Where there are no patterns: globs for the files' own names."""
    clue: str = ""
    """A text that each of their paths holds: looking for it first is what makes this fast."""

    def matches(self, path: str) -> bool:
        """Whether the file at ``path`` is one of them, or lies in a folder that is.

        As ``**/`` does, it does not look into folders whose names start with a dot.
        """
        if self.clue not in path:
            return False
        *folders, name = path.split("/")
        if not self.patterns:
            return self.names_match(name) is not None if self.names else _is_data(path, name)
        for segment in (*folders, name):
            if self.names_match(segment):
                return True
            if segment.startswith("."):
                return False
        return False

    def pick(self, entries: Iterable[Entry]) -> list[Entry]:
        """Those of ``entries`` that are of the kind."""
        if self.clue:  # asked here too, for a call for each of fifty thousand paths takes too long
            return [entry for entry in entries if self.clue in entry[0] and self.matches(entry[0])]
        if not self.patterns:
            entries = [entry for entry in entries if not entry[0].endswith(_CODE)]
        return [entry for entry in entries if self.matches(entry[0])]

    @cached_property
    def names_match(self) -> Callable[[str], re.Match[str] | None]:
        """Matches one segment of a path."""
        globs = tuple(pattern.removeprefix("**/") for pattern in self.patterns) or self.names
        return compile_globs(globs, dot=False).match


TESTS = Kind("tests", ("**/tests",), clue="tests")
STUBS = Kind("stubs", ("**/*.pyi",), clue=".pyi")
DIST_INFO = Kind("dist-info", ("**/*.dist-info*",), clue=".dist-info")
COMPILED = Kind("compiled", ("**/*.py[c|o]",), clue=".py")
CACHED = Kind("cached", ("**/__pycache__*",), clue="__pycache__")
BYTECODE = Kind("bytecode", (*COMPILED.patterns, *CACHED.patterns))
LIBRARIES = Kind(".so", names=("*.so", "*.so.*"), clue=".so")
DATA = Kind("data")
KINDS = (TESTS, LIBRARIES, DATA, STUBS, DIST_INFO, BYTECODE)
"""What a person may ask to see."""
EXCLUDABLE = (TESTS, STUBS, DIST_INFO, COMPILED, CACHED)
"""What one pattern takes out of every package, without a package missing it as a rule."""


def _is_data(path: str, name: str) -> bool:
    """What is neither code nor of another kind."""
    return not name.endswith(_CODE) and not any(kind.matches(path) for kind in KINDS if kind is not DATA)


_TOLD = (TESTS, CACHED, COMPILED, STUBS, DIST_INFO, LIBRARIES)


def kind_name(path: str) -> str:
    """The word for what a file is: ``tests``, ``.so``, ``data``, …; ``code`` where it is of no kind."""
    for kind in _TOLD:
        if kind.clue in path and kind.matches(path):
            return BYTECODE.name if kind in (CACHED, COMPILED) else kind.name
    return "code" if path.endswith(_CODE) else DATA.name


@remembered(size=256)
def main_kind(entries: tuple[Entry, ...]) -> tuple[str, float]:
    """The kind that makes up most of some files' bytes, and its share of them."""
    weights: dict[str, int] = {}
    for entry in entries:
        kind = kind_name(entry[0])
        weights[kind] = weights.get(kind, 0) + entry[1]
    name = max(weights, key=lambda kind: weights[kind], default="code")
    return name, weights.get(name, 0) / max(1, sum(weights.values()))


@dataclass(frozen=True)
class Exclusion:
    """One entry of ``slimPatterns``, and what it takes."""

    pattern: str
    path: str
    """The file or folder it was made for, where it is in the artifact."""
    kind: Kind | None = None
    """Where it takes everything of a kind, not ``path`` alone."""

    def matches(self, path: str) -> bool:
        """Whether ``slim`` with this pattern takes the file at ``path``."""
        if self.kind is not None:
            return self.kind.matches(path)
        return path == self.path or path.startswith(f"{self.path}/")


def exclusion_of(path: str, *, prefix: str = "", only_this: bool = False) -> Exclusion:
    """The shortest right slim pattern for a file or folder.

    A tests folder, a stub, metadata and bytecode are met in every package, so for those it names the kind,
    unless ``only_this`` is wanted. Anything else is named by its own path, character for character.
    ``prefix`` is what the artifact puts before the paths that slim sees: ``python/`` in a layer.
    """
    seen = path.removeprefix(prefix)
    name = seen.rpartition("/")[2]
    for kind in () if only_this else EXCLUDABLE:
        if kind.names_match(name) and kind.matches(seen):
            return Exclusion(kind.patterns[0], path, kind)
    return Exclusion(_escaped(seen), path)


def _escaped(path: str) -> str:
    """A glob that matches ``path`` alone."""
    escaped = path.replace("\\", "\\\\").replace("{", "\\{")
    return re.sub(r"[\[*?]|(?<=[+@!])\(", lambda match: f"[{match[0]}]", escaped)


def amount_of(entries: tuple[Entry, ...], excluded: Exclusion) -> Amount:
    """What the files come to that an exclusion takes out of ``entries``, which are sorted by path.

    Own code is not slimmed.
    """
    if excluded.kind is not None:
        return _amount_of_kind(entries, excluded.kind)
    # Looked up, not searched: the cursor asks at every step, and there may be fifty thousand.
    path, inside = excluded.path, f"{excluded.path}/"
    first = bisect_left(entries, path, key=_PATH)
    start = bisect_left(entries, inside, lo=first, key=_PATH)
    end = bisect_left(entries, f"{excluded.path}0", lo=start, key=_PATH)  # 0 comes after /
    return _weigh(
        [entry for entry in entries[first : first + 1] if entry[0] == path] + list(entries[start:end])
    )


def weigh_kinds(entries: tuple[Entry, ...]) -> None:
    """Find the amounts of all kinds now, so that asking for one later takes no time."""
    for kind in EXCLUDABLE:
        _amount_of_kind(entries, kind)


@remembered(size=32)
def _amount_of_kind(entries: tuple[Entry, ...], kind: Kind) -> Amount:
    return _weigh(kind.pick(entries))


def _weigh(entries: list[Entry]) -> Amount:
    slimmed = [entry for entry in entries if entry[3] not in (SERVICE_CODE, ZIP_HELPER)]
    return Amount(sum([entry[1] for entry in slimmed]), entries_size(slimmed), len(slimmed))
