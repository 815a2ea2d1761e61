"""One file that ships, and where its bytes come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

SERVICE_CODE = "(service code)"
"""Owner of the user's own files."""
VENDOR = "(vendor)"
"""Owner of files from vendor folders."""
ZIP_HELPER = "(zip helper)"
"""Owner of what ``zip: true`` adds: the nested zip and the module that unpacks it."""


@dataclass(frozen=True)
class WheelBytes:
    """Bytes that lie compressed in a wheel. One object serves all members of the wheel.

    ``path`` is where the store keeps, or will keep, the wheel; ``sha256`` is the wheel's, where it is known.
    """

    path: Path
    sha256: str | None = None


@dataclass(frozen=True)
class DeflatedBytes:
    """Bytes of a local file, already deflated into the cache under the file's sha256.

    ``path`` is the file they came from; ``deflated`` where the raw deflate stream (the bytes as they are,
    where deflating did not make them smaller) is kept, followed by a seal that tells damage.
    """

    path: Path
    deflated: Path


@dataclass(frozen=True)
class LiteralBytes:
    """Bytes that pyreq-tui brings itself, stored as they are."""

    data: bytes


@dataclass(frozen=True, eq=False)
class NestedBytes:
    """A zip inside the zip, stored: what ``zip: true`` makes of the requirements."""

    entries: tuple[Entry, ...]
    """Of the zip inside: sorted by path, no path twice."""


@dataclass(frozen=True)
class UnknownBytes:
    """Bytes nobody has seen yet: a package that must be built first. ``why`` says so on screen."""

    why: str


Bytes = WheelBytes | DeflatedBytes | LiteralBytes | NestedBytes | UnknownBytes


class Entry(NamedTuple):
    """One file that ships. A tuple, for a Plan may hold fifty thousand and a toggle has milliseconds."""

    path: str
    """POSIX, relative to the artifact's root."""
    size_bytes: int
    compressed_bytes: int
    """As it is written: equal to ``size_bytes`` where ``method`` is 0."""
    owner: str
    """Package name (normalised), SERVICE_CODE or VENDOR."""
    source: Bytes
    offset: int = 0
    """For WheelBytes: where the member's local header starts."""
    crc: int = 0
    method: int = 8
    """0 stored, 8 deflated."""
    is_executable: bool = False
