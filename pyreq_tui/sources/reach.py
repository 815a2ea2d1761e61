"""Which packages of a lock a project needs, and under which markers, where only its edges say so."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from pyreq_tui.sources.constraints import ANY, Constraint

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from packaging.version import Version

CLAUSES_LIMIT = 24
"""Ways to a package that are told apart; of more, only what they have in common is asked for."""
_NEVER_LOCKED = frozenset({"setuptools", "distribute", "pip", "wheel"})
"""What Poetry took for part of Python itself, and left out of its locks, before 1.3."""
EXTRA = re.compile(r"""extra\s*(?P<operator>==|!=)\s*(?P<quote>["'])(?P<name>[^"']*)(?P=quote)""")
"""What a marker says of an extra."""
_TRUE, _FALSE = 'python_version >= "0"', 'python_version < "0"'

_Clause = frozenset[str]
"""Markers that all have to hold along one way to a package; an empty one: it is always needed."""


@dataclass(frozen=True)
class Need:
    """An edge: what a project or a package depends on."""

    name: str
    """Normalised."""
    extras: frozenset[str] = frozenset()
    versions: Constraint = ANY
    marker: str | None = None
    """May speak of ``extra``: then the edge is one of the package's extra."""
    is_optional: bool = False


@dataclass(frozen=True)
class Node:
    """One package of the lock."""

    name: str
    version: Version
    python: Constraint = ANY
    needs: tuple[Need, ...] = ()
    extras: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """By extra: names of what it adds."""


class NotLocked(LookupError):  # noqa: N818 - what is raised is the fact
    """The lock lacks a package that is always needed."""


def reached(needs: Sequence[Need], nodes: Sequence[Node]) -> Mapping[int, str | None]:
    """By index in ``nodes``: the marker under which the project needs it (``None``: always).

    What ``needs`` does not lead to is not in it. Of several locked versions the newest that serves is taken,
    for the Pythons it is for, unless the project itself asks for each. Raises NotLocked and ValueError.
    """
    return _Walk(nodes, needs).result()


class _Walk:
    """Grows the ways to each package, together with an extra of it, until nothing new is found."""

    def __init__(self, nodes: Sequence[Node], needs: Sequence[Need]) -> None:
        self.nodes = nodes
        self.by_name: dict[str, list[int]] = {}
        for index in sorted(range(len(nodes)), key=lambda index: nodes[index].version, reverse=True):
            self.by_name.setdefault(nodes[index].name, []).append(index)
        self.ways: dict[tuple[int, str], frozenset[_Clause]] = {}
        self.waiting: deque[tuple[int, str]] = deque()
        decided = [(need, *self._candidates(need)) for need in needs if not need.is_optional]
        self.decided = {index for _, candidates, _ in decided for index in candidates}
        for need, candidates, guards in decided:
            self._follow(need, need.marker, frozenset({frozenset()}), candidates, guards)

    def result(self) -> Mapping[int, str | None]:
        while self.waiting:
            index, extra = self.waiting.popleft()
            for need, marker in _edges(self.nodes[index], extra):
                candidates, guards = self._candidates(need)
                if len(candidates) > 1 and self.decided.issuperset(candidates):
                    continue
                self._follow(need, marker, self.ways[index, extra], candidates, guards)
        return {index: _marker(ways) for (index, extra), ways in self.ways.items() if not extra}

    def _candidates(self, need: Need) -> tuple[list[int], list[list[str]]]:
        """The packages that answer ``need``, and of each the markers that tell it from the others."""
        found = [
            index
            for index in self.by_name.get(need.name, ())
            if need.versions.allows(self.nodes[index].version)
        ]
        if len(found) <= 1:
            return found, [[] for _ in found]
        pythons = [self.nodes[index].python for index in found]
        guards = []
        for rank, python in enumerate(pythons):
            own = [python.python_marker] if python.python_marker else []
            newer = [other.other_python_marker or _FALSE for other in pythons[:rank]]
            guards.append([*own, *newer])
        return found, guards

    def _follow(
        self,
        need: Need,
        marker: str | None,
        ways: frozenset[_Clause],
        candidates: Sequence[int],
        guards: Sequence[Sequence[str]],
    ) -> None:
        is_always = marker is None and not need.is_optional and frozenset() in ways
        if not candidates and is_always and need.name not in _NEVER_LOCKED:
            raise NotLocked(need.name)
        for index, guard in zip(candidates, guards, strict=True):
            added = frozenset({marker, *guard} - {None}) if marker else frozenset(guard)
            onward = frozenset(way | added for way in ways)
            for extra in ("", *sorted(need.extras)):
                self._add((index, extra), onward)

    def _add(self, place: tuple[int, str], ways: frozenset[_Clause]) -> None:
        before = self.ways.get(place, frozenset())
        after = _shortest(before | ways)
        if len(after) > CLAUSES_LIMIT:
            after = frozenset({frozenset.intersection(*after)})
        if after != before:
            self.ways[place] = after
            self.waiting.append(place)


def _shortest(ways: frozenset[_Clause]) -> frozenset[_Clause]:
    """Without ways that hold only where a shorter one holds as well."""
    if len(ways) == 1:
        return ways
    return frozenset(way for way in ways if not any(other < way for other in ways))


def _edges(node: Node, extra: str) -> Iterator[tuple[Need, str | None]]:
    """What the package itself (``extra`` empty) or its extra needs, with the marker that is left of it."""
    for need in node.needs:
        speaks_of_extra = need.marker is not None and EXTRA.search(need.marker) is not None
        if speaks_of_extra and need.marker is not None:
            marker = _without_extra(need.marker, extra)
            if marker != _FALSE:
                yield need, None if marker == _TRUE else marker
        elif need.is_optional:
            if need.name in node.extras.get(extra, ()):
                yield need, need.marker
        elif not extra:
            yield need, need.marker


def _without_extra(marker: str, extra: str) -> str:
    """The marker with what it says of ``extra`` decided."""

    def decide(match: re.Match[str]) -> str:
        is_it = bool(extra) and canonicalize_name(match["name"]) == extra
        return _TRUE if is_it == (match["operator"] == "==") else _FALSE

    decided = EXTRA.sub(decide, marker)
    if " or " in decided or "(" in decided:
        return decided
    parts = [part for part in decided.split(" and ") if part != _TRUE]
    return _FALSE if _FALSE in parts else " and ".join(parts) or _TRUE


def _marker(ways: frozenset[_Clause]) -> str | None:
    if frozenset() in ways:
        return None
    texts = sorted(" and ".join(f"({marker})" for marker in sorted(way)) for way in ways)
    return texts[0] if len(texts) == 1 else " or ".join(f"({text})" for text in texts)
