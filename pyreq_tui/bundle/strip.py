"""What ``strip`` takes out of shared libraries. Pure: what stripping gave is known from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyreq_tui.bundle.entry import DeflatedBytes, Entry, WheelBytes
from pyreq_tui.bundle.memo import remembered
from pyreq_tui.bundle.model import Bundle

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class StrippedLibrary:
    """A library that became smaller, kept deflated."""

    size_bytes: int
    compressed_bytes: int
    crc: int
    method: int
    deflated: Path


@dataclass(frozen=True)
class KeptLibrary:
    """A library that ships as it is. ``is_broken_by_strip`` tells why: or there was nothing to strip."""

    is_broken_by_strip: bool


Libraries = dict[str, StrippedLibrary | KeptLibrary]
"""What is known of stripping, by ``library_key``."""


def is_library(entry: Entry) -> bool:
    """Whether ``strip`` is run on it: the Framework strips ``*.so``, and so not ``lib*.so.1``."""
    return entry[0].endswith(".so") and isinstance(entry.source, (WheelBytes, DeflatedBytes))


def library_key(entry: Entry) -> str:
    """What names a library's content: its place in a wheel kept by hash, or the hash of a file."""
    match entry.source:
        case WheelBytes(path):
            return f"{path.parent.name}/{path.name}@{entry.offset}"
        case DeflatedBytes(_, deflated):
            return deflated.name
        case other:
            raise TypeError(f"{entry.path} is no library: {other!r}")


@remembered(size=32)
def strip(bundle: Bundle, known: Libraries) -> Bundle:
    """The Bundle with every library whose stripped form is known in that form."""
    return Bundle(
        tuple([_stripped(entry, known) if is_library(entry) else entry for entry in bundle.entries])
    )


@remembered(size=32)
def unstripped(bundle: Bundle, known: Libraries) -> tuple[Entry, ...]:
    """The libraries of which nobody knows yet what stripping makes of them."""
    return tuple([entry for entry in bundle.entries if is_library(entry) and library_key(entry) not in known])


def _stripped(entry: Entry, known: Libraries) -> Entry:
    library = known.get(library_key(entry))
    if not isinstance(library, StrippedLibrary):
        return entry
    origin = entry.source.path if isinstance(entry.source, (WheelBytes, DeflatedBytes)) else library.deflated
    return Entry(
        entry.path,
        library.size_bytes,
        library.compressed_bytes,
        entry.owner,
        DeflatedBytes(origin, library.deflated),
        0,
        library.crc,
        library.method,
        entry.is_executable,
    )
