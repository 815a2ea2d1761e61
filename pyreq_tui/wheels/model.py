"""What is in a wheel."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Member(NamedTuple):
    """One file of a wheel, as the zip's directory lists it. A tuple, for there are tens of thousands."""

    name: str
    """POSIX path inside the wheel, checked: relative, no ``..``, no backslash, no control characters."""
    size_bytes: int
    compressed_bytes: int
    crc: int
    method: int
    """0 stored, 8 deflated; anything else is refused when the wheel is read."""
    is_executable: bool
    header_offset: int
    """Where the member's local header starts in the wheel."""


@dataclass(frozen=True)
class Contents:
    """The list of a wheel's members (folders left out), and what its METADATA says it needs."""

    filename: str
    """The wheel's: name, version and tags are in it (PEP 427)."""
    sha256: str | None
    """Of the wheel; the key under which Contents are kept."""
    size_bytes: int
    """Of the wheel."""
    members: tuple[Member, ...]
    requires: tuple[str, ...]
    """``Requires-Dist`` lines (PEP 566)."""
    provided_extras: tuple[str, ...] = ()
    requires_python: str | None = None
    """``Requires-Python`` as it stands: the Pythons it is for. Resolvers do not agree on how to read it."""
