"""``package.patterns``, with its older forms ``include`` and ``exclude``, in the Framework's order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyreq_tui.service.nodes import Opaque

if TYPE_CHECKING:
    from pyreq_tui.service.places import Place
    from pyreq_tui.service.reading import Reading


@dataclass(frozen=True)
class Patterns:
    """The patterns of one ``package`` block. A later pattern beats an earlier one; ``!`` leaves files out."""

    excluded: tuple[str, ...] = ()
    """From ``exclude``: the Framework applies these first, even before what the service includes."""
    included: tuple[str, ...] = ()
    """From ``include``, then ``patterns``."""

    @property
    def all(self) -> tuple[str, ...]:
        """Every pattern, in order."""
        return self.excluded + self.included


def read_patterns(reading: Reading, package: Place | None) -> Patterns:
    """The patterns of a ``package`` block, which may be missing."""
    if package is None or isinstance(package.node, Opaque):
        return Patterns()
    excluded = tuple(_turned(text) for text in reading.texts(package, "exclude"))
    return Patterns(excluded, reading.texts(package, "include") + reading.texts(package, "patterns"))


def _turned(pattern: str) -> str:
    return pattern[1:] if pattern.startswith("!") else f"!{pattern}"
