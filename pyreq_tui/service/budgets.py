"""What a team allows its artifacts to take: ``custom.pyreq.budgets``, and ``[tool.pyreq-tui.budgets]``.

Both hold the same keys: ``unzipped`` and ``zipped`` (``200MB``, or bytes), ``import`` (``2s``, ``800ms``, or
seconds), and under ``functions``, by name, the same three for one function. Where both files state the same
budget, serverless.yml wins: it is the nearer one to what is deployed.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from pyreq_tui.errors import Finding, KeyChange, Where
from pyreq_tui.service.nodes import Opaque
from pyreq_tui.service.specs import nearest_key
from pyreq_tui.service.values import shown
from pyreq_tui.sizes import parse_size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pyreq_tui.service.reading import Reading

BudgetKind = Literal["unzipped", "zipped", "import"]
BUDGETS = ("custom", "pyreq", "budgets")
_KINDS: dict[str, BudgetKind] = {kind: kind for kind in get_args(BudgetKind)}
_FUNCTIONS = "functions"
_TABLE = ("tool", "pyreq-tui", "budgets")
_SECONDS = re.compile(r"\s*(\d+(?:\.\d+)?)\s*(ms|s)?\s*")


@dataclass(frozen=True)
class BudgetRule:
    """The most that something may take."""

    kind: BudgetKind
    limit: float
    """Bytes; seconds for ``import``."""
    function: str | None = None
    """The function it is for; ``None`` for every artifact, and every import."""
    where: Where | None = None
    """``None`` for one given on the command line."""

    @property
    def name(self) -> str:
        """As it is written in a file."""
        return ".".join(filter(None, (_FUNCTIONS if self.function else "", self.function, self.kind)))


def read_budgets(reading: Reading, functions: frozenset[str]) -> tuple[BudgetRule, ...]:
    """The rules of both files; what is wrong with them is reported, and left out."""
    file = reading.configuration.path.parent / "pyproject.toml"
    rules = {(rule.kind, rule.function): rule for rule in _of_project(file, reading, functions)}
    rules |= {(rule.kind, rule.function): rule for rule in _of_service(reading, functions)}
    return tuple(rules.values())


def parse_seconds(text: str) -> float:
    """``800ms`` -> 0.8. Raises ValueError for what is no time."""
    match = _SECONDS.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a time; write it as 2s, 800ms or 0.8")
    return float(match[1]) / (1000 if match[2] == "ms" else 1)


def _of_service(reading: Reading, functions: frozenset[str]) -> Iterator[BudgetRule]:
    place = reading.configuration.find(*BUDGETS)
    if place is None:
        return

    def where(path: tuple[str, ...]) -> Where:
        found = reading.configuration.find(*BUDGETS, *path)
        return found.where if found is not None else place.where

    yield from _Table(reading, where, functions, ".".join(BUDGETS), is_editable=True).rules(
        reading.configuration.plain(place)
    )


def _of_project(file: Path, reading: Reading, functions: frozenset[str]) -> Iterator[BudgetRule]:
    try:
        data: object = tomllib.loads(file.read_text("utf-8"))
    except (
        OSError,
        ValueError,
        RecursionError,
    ):  # what is wrong with it is told where it speaks for a module
        return
    for key in _TABLE:
        data = data.get(key) if isinstance(data, dict) else None
    if data is not None:
        yield from _Table(reading, lambda _: Where(file), functions, ".".join(_TABLE)).rules(data)


@dataclass
class _Table:
    """One file's budgets as they are read."""

    reading: Reading
    where: Callable[[tuple[str, ...]], Where]
    functions: frozenset[str]
    name: str
    is_editable: bool = False

    def rules(self, table: object) -> Iterator[BudgetRule]:
        """Those of the service, then those of its functions."""
        for key, value in self._entries(table, ()):
            if key != _FUNCTIONS:
                yield from self._rule((key,), value, None, (*_KINDS, _FUNCTIONS))
                continue
            for function, own in self._entries(value, (key,)):
                if function not in self.functions:
                    self._unknown((key, function), "function", self.functions)
                    continue
                for kind, limit in self._entries(own, (key, function)):
                    yield from self._rule((key, function, kind), limit, function, (*_KINDS,))

    def _entries(self, table: object, path: tuple[str, ...]) -> list[tuple[str, object]]:
        if isinstance(table, dict):
            return [(str(key), value) for key, value in table.items()]
        if table is not None:
            self._wrong(path, f"must be a map, not {_described(table)}")
        return []

    def _rule(
        self, path: tuple[str, ...], value: object, function: str | None, known: tuple[str, ...]
    ) -> Iterator[BudgetRule]:
        kind = _KINDS.get(path[-1])
        if kind is None:
            self._unknown(path, "budget", known)
            return
        try:
            limit = _limit(kind, value)
        except ValueError as error:
            self._wrong(path, f"is ignored: {error}")
            return
        yield BudgetRule(kind, limit, function, self.where(path))

    def _unknown(self, path: tuple[str, ...], what: str, known: frozenset[str] | tuple[str, ...]) -> None:
        near = nearest_key(path[-1], known)
        fix = (KeyChange((*BUDGETS, *path), near),) if near is not None and self.is_editable else ()
        hint = f"Did you mean {near}?" if near else f"Known are {', '.join(sorted(known)[:8])}."
        message = (
            f"There is no {what} {shown(path[-1])} for {'.'.join((self.name, *path[:-1]))}; it is ignored."
        )
        self.reading.report(Finding("warning", "unknown-budget", message, self.where(path), hint, fix=fix))

    def _wrong(self, path: tuple[str, ...], what: str) -> None:
        message = f"{'.'.join((self.name, *path))} {what}."
        self.reading.report(Finding("warning", "wrong-budget", message, self.where(path)))


def _limit(kind: BudgetKind, value: object) -> float:
    """Raises ValueError with what is wrong."""
    if isinstance(value, str):
        return parse_seconds(value) if kind == "import" else parse_size(value)
    if isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < float("inf"):
        return float(value) if kind == "import" else int(value)
    what = "time" if kind == "import" else "size"
    raise ValueError(f"it must be a {what}, not {_described(value)}")


def _described(value: object) -> str:
    if isinstance(value, Opaque):
        return f"{value.expression}, which can't be known here"
    if isinstance(value, dict | list):
        return "a map" if isinstance(value, dict) else "a list"
    return shown(value)
