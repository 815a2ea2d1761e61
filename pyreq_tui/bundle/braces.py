"""Brace alternatives in globs: ``{a,b}`` and ``{1..3}``."""

from __future__ import annotations

import re
from itertools import islice, pairwise
from typing import TYPE_CHECKING

from pyreq_tui.errors import PyreqError

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_ALTERNATIVES = 1_000
"""What one pattern may expand to."""
MAX_DEPTH = 20
"""How deep braces may stand in braces."""

_RANGE = re.compile(r"(-?\d{1,6}|[a-zA-Z])\.\.(-?\d{1,6}|[a-zA-Z])(?:\.\.(-?\d{1,6}))?")


def expand_braces(pattern: str) -> tuple[str, ...]:
    """``a/{b,c}`` -> ``a/b``, ``a/c``. A brace without a comma or a range in it is a plain character.

    Raises PyreqError where that would give more than MAX_ALTERNATIVES patterns.
    """
    expanded = tuple(islice(_expand(pattern, 0), MAX_ALTERNATIVES + 1))
    if len(expanded) > MAX_ALTERNATIVES:
        raise PyreqError(
            f"The pattern {pattern!r} stands for more than {MAX_ALTERNATIVES} alternatives.",
            hint="Write it with * or as several patterns.",
        )
    return expanded


def _expand(pattern: str, depth: int) -> Iterator[str]:
    if depth > MAX_DEPTH:
        raise PyreqError(f"The pattern part {pattern[:60]!r} has braces more than {MAX_DEPTH} deep.")
    brace = _first_brace(pattern)
    if brace is None:
        yield pattern
        return
    start, end, alternatives = brace
    for alternative in alternatives:
        for middle in _expand(alternative, depth + 1):
            for rest in _expand(pattern[end + 1 :], depth + 1):
                yield pattern[:start] + middle + rest


def _first_brace(pattern: str) -> tuple[int, int, list[str]] | None:
    """The first brace that stands for something: where it opens and closes, and its alternatives."""
    opened: list[tuple[int, list[int]]] = []
    found: tuple[int, int, list[str]] | None = None
    index = 0
    while index < len(pattern):
        character = pattern[index]
        if character == "\\":
            index += 1
        elif character == "{":
            opened.append((index, []))
        elif character == "," and opened:
            opened[-1][1].append(index)
        elif character == "}" and opened:
            start, commas = opened.pop()
            alternatives = _alternatives(pattern, start, index, commas)
            if alternatives and (found is None or start < found[0]):
                found = (start, index, alternatives)
            if found and not opened:
                return found
        index += 1
    return found


def _alternatives(pattern: str, start: int, end: int, commas: list[int]) -> list[str]:
    if commas:
        edges = [start, *commas, end]
        return [pattern[left + 1 : right] for left, right in pairwise(edges)]
    bounds = _RANGE.fullmatch(pattern, start + 1, end)
    return _range(bounds) if bounds else []


def _range(bounds: re.Match[str]) -> list[str]:
    low, high, step = bounds[1], bounds[2], abs(int(bounds[3] or 1)) or 1
    if low.isalpha() != high.isalpha():
        return []
    if low.isalpha():
        first, last = ord(low), ord(high)
        return [
            chr(code)
            for code in range(first, last + (1 if last >= first else -1), step if last >= first else -step)
        ]
    first, last = int(low), int(high)
    if abs(last - first) // step > MAX_ALTERNATIVES:
        raise PyreqError(f"The range {bounds[0]!r} stands for more than {MAX_ALTERNATIVES} alternatives.")
    width = max(len(low.lstrip("-")), len(high.lstrip("-"))) if low.lstrip("-").startswith("0") else 0
    numbers = range(first, last + (1 if last >= first else -1), step if last >= first else -step)
    return [f"{number:0{width}d}" for number in numbers]
