"""What ``-X importtime`` tells: how long the import of a handler took, and which packages took it."""

from __future__ import annotations

import re
import sys
from typing import TYPE_CHECKING, NamedTuple

from pyreq_tui.bundle import SERVICE_CODE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

STANDARD_LIBRARY = "(standard library)"
_LINE = re.compile(r"import time:\s+(\d+) \|\s+(\d+) \|\s+([\w.]+)")
"""Microseconds of the module itself, those with all it imports in turn, and its name."""


class PackageTime(NamedTuple):
    """What one package takes of an import."""

    package: str
    seconds: float


def package_times(lines: Iterable[str], owners: Mapping[str, str]) -> tuple[PackageTime, ...]:
    """The packages in ``lines``, slowest first; ``owners`` names the package of each top-level module.

    Each module's own time counts for its package alone, so that they add up to the whole.
    """
    microseconds: dict[str, int] = {}
    for line in lines:
        if match := _LINE.match(line):
            package = _owner(match[3].partition(".")[0], owners)
            microseconds[package] = microseconds.get(package, 0) + int(match[1])
    slowest = sorted(microseconds.items(), key=lambda item: (-item[1], item[0]))
    return tuple(PackageTime(package, spent / 1e6) for package, spent in slowest)


def _owner(module: str, owners: Mapping[str, str]) -> str:
    if module in owners:
        return owners[module]
    return STANDARD_LIBRARY if module in sys.stdlib_module_names else SERVICE_CODE
