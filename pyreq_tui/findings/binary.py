"""What one binary asks of the machine it is loaded on, read from its headers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pyreq_tui.findings.elf import read_elf

if TYPE_CHECKING:
    from pyreq_tui.findings.elf import Segment

BinaryKind = Literal["ELF", "Mach-O", "PE"]

PAGE_BYTES = 4096
"""The smallest page of both of Lambda's architectures: what segments must be aligned to."""
_MACH_O = frozenset(
    magic.to_bytes(4, order)
    for magic in (0xFEEDFACE, 0xFEEDFACF)
    for order in ("big", "little")
)  # fmt: skip
_FAT_MAGIC = b"\xca\xfe\xba\xbe"
"""A universal Mach-O file's, and also a Java class's: its fourth to seventh bytes tell them apart."""
_MOST_ARCHITECTURES = 20
_GLIBC = re.compile(r"GLIBC_(\d+)\.(\d+)")


@dataclass(frozen=True)
class Binary:
    """One library or program, as its headers describe it."""

    kind: BinaryKind
    machine: str = ""
    """As ``platform.machine()`` would say it; only for ELF."""
    needs: tuple[str, ...] = ()
    """Libraries that the loader looks for (``DT_NEEDED``)."""
    glibc: tuple[int, int] | None = None
    """The newest version of glibc's symbols that it asks for."""
    fault: str | None = None
    """Why no loader would take it; completes "it …"."""


def binary_kind(head: bytes) -> BinaryKind | None:
    """What the first bytes of a file (64 are enough) say it is; ``None`` for no binary."""
    if head.startswith(b"\x7fELF"):
        return "ELF"
    if head[:4] in _MACH_O or (
        head.startswith(_FAT_MAGIC) and int.from_bytes(head[4:8], "big") < _MOST_ARCHITECTURES
    ):
        return "Mach-O"
    if head.startswith(b"MZ") and len(head) >= 64:
        return "PE"
    return None


def read_binary(data: bytes) -> Binary | None:
    """What ``data`` asks for; ``None`` for what is no binary, or an object file that nobody loads."""
    kind = binary_kind(data[:64])
    if kind != "ELF":
        return Binary(kind) if kind else None
    try:
        elf = read_elf(data)
    except ValueError:
        return Binary("ELF", fault="is damaged")
    if not elf.is_loaded:
        return None
    matches = filter(None, map(_GLIBC.fullmatch, elf.versions))
    return Binary(
        "ELF",
        machine=elf.machine,
        needs=elf.needs,
        glibc=max(((int(match[1]), int(match[2])) for match in matches), default=None),
        fault=next(filter(None, (_fault(segment, len(data)) for segment in elf.loads)), None),
    )


def _fault(segment: Segment, size_bytes: int) -> str | None:
    """What glibc would refuse a segment for (``_dl_map_object_from_fd``)."""
    if segment.alignment % PAGE_BYTES or (segment.address - segment.offset) % max(segment.alignment, 1):
        return "has segments that are not page-aligned"
    if segment.offset + segment.file_bytes > size_bytes:
        return "ends too early"
    return None
