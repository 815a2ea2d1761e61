"""Who needs whom among the packages of a Lock."""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from pyreq_tui.locks import Lock
    from pyreq_tui.wheels.model import Contents

PATHS_LIMIT = 100
"""`Graph.paths_to` lists no more; the number of paths can grow exponentially with the packages."""
_STEPS_LIMIT = 20_000

_NAME = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")


@dataclass(frozen=True, eq=False)
class Graph:
    """Who needs whom. Names are normalised; a package of which nothing is known has no edges."""

    direct: tuple[str, ...]
    """What was asked for, sorted."""
    edges: Mapping[str, tuple[str, ...]]
    """By package: what it needs, sorted."""

    def needs(self, name: str) -> tuple[str, ...]:
        """What ``name`` itself needs, sorted."""
        return self.edges.get(name, ())

    def required_by(self, name: str) -> tuple[str, ...]:
        """What needs ``name`` itself, sorted; empty for what was only asked for."""
        return self._reverse.get(name, ())

    def reachable(self, from_names: Iterable[str]) -> frozenset[str]:
        """``from_names`` and all they need, however far down."""
        return self._reach(from_names, frozenset())

    def orphans(self, without: Collection[str]) -> tuple[str, ...]:
        """What nothing needs any more once ``without`` is gone, sorted; never what was asked for.

        What nothing was known to need before is not among it: whoever needs it may be a package of which
        nothing is known yet.
        """
        gone = frozenset(without)
        return tuple(sorted(self._reach(self.direct, frozenset()) - self._reach(self.direct, gone) - gone))

    def without(self, names: Collection[str]) -> tuple[str, ...]:
        """What leaves with ``names``: they and their orphans, sorted."""
        return tuple(sorted({*names, *self.orphans(names)}))

    def paths_to(self, name: str, limit: int = PATHS_LIMIT) -> tuple[tuple[str, ...], ...]:
        """At most ``limit`` paths from what was asked for down to ``name``, both included, shortest first."""
        found: list[tuple[str, ...]] = []
        direct = frozenset(self.direct)
        waiting: deque[tuple[str, ...]] = deque([(name,)])
        for _ in range(_STEPS_LIMIT):
            if not waiting or len(found) >= limit:
                break
            path = waiting.popleft()
            if path[0] in direct:
                found.append(path)
            waiting.extend((parent, *path) for parent in self.required_by(path[0]) if parent not in path)
        return tuple(found)

    @cached_property
    def _reverse(self) -> Mapping[str, tuple[str, ...]]:
        reverse: dict[str, list[str]] = {}
        for name in sorted(self.edges):
            for needed in self.edges[name]:
                reverse.setdefault(needed, []).append(name)
        return {name: tuple(parents) for name, parents in reverse.items()}

    def _reach(self, from_names: Iterable[str], avoid: frozenset[str]) -> frozenset[str]:
        reached: set[str] = set()
        waiting = [name for name in from_names if name not in avoid]
        while waiting:
            name = waiting.pop()
            if name not in reached:
                reached.add(name)
                waiting.extend(needed for needed in self.needs(name) if needed not in avoid)
        return frozenset(reached)


def dependency_graph(lock: Lock, contents: Mapping[str, Contents]) -> Graph:
    """The graph of ``lock``: ``Requires-Dist`` of ``contents`` (by normalised name) as its Target reads it.

    Extras asked for, directly or by a package, bring their requirements in (PEP 508).
    """
    pinned = frozenset(pin.name for pin in lock.pins)
    environment = dict(lock.target.environment())
    edges: dict[str, set[str]] = {name: set() for name in pinned}
    extras: dict[str, set[str]] = {}
    waiting: deque[tuple[str, frozenset[str]]] = deque()

    def ask(name: str, asked: Iterable[str]) -> None:
        """Note that ``name`` is needed with these extras; look at it (again) where that is news."""
        known = extras.get(name)
        new = {canonicalize_name(extra) for extra in asked} - (known or set())
        if known is None or new:
            extras.setdefault(name, set()).update(new)
            waiting.append((name, frozenset(new) if known is not None else frozenset({"", *new})))

    for name, asked in lock.direct:
        ask(name, asked)
    for name in sorted(pinned):  # what only something unknown needs has its own needs all the same
        ask(name, ())
    while waiting:
        name, asked_extras = waiting.popleft()
        known = contents.get(name)
        for line in known.requires if known else ():
            match = _NAME.match(line)
            needed = canonicalize_name(match[1]) if match else ""
            if needed not in pinned:
                continue
            requirement = _parse(line)
            if requirement is not None and not _applies(requirement, environment, asked_extras):
                continue
            if needed != name:  # a package's extra may ask for the package itself with other extras
                edges[name].add(needed)
            ask(needed, requirement.extras if requirement else ())
    return Graph(
        direct=tuple(sorted({name for name, _ in lock.direct} & pinned)),
        edges={name: tuple(sorted(needed)) for name, needed in sorted(edges.items())},
    )


def _applies(requirement: Requirement, environment: Mapping[str, str], extras: Collection[str]) -> bool:
    if requirement.marker is None:
        return True
    return any(requirement.marker.evaluate({**environment, "extra": extra}) for extra in extras)


@lru_cache(maxsize=8192)
def _parse(line: str) -> Requirement | None:
    """A requirement; ``None`` for a line older than PEP 508, of which the name alone is believed."""
    try:
        return Requirement(line)
    except InvalidRequirement:
        return None
