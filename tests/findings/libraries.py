"""Makes small ELF libraries, byte by byte: of any machine, asking for anything."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

X86_64, AARCH64, I386 = 62, 183, 3
_BASE = 0x10000
"""Addresses start here, so that an address is never mistaken for an offset."""


def make_library(
    *,
    needs: Sequence[str] = (),
    versions: Sequence[str] = (),
    machine: int = X86_64,
    alignment: int = 4096,
    missing_bytes: int = 0,
    kind: int = 3,
    padding: bytes = b"",
) -> bytes:
    """A shared library that a loader would map; ``versions`` are asked of libc, such as ``GLIBC_2.34``."""
    strings = bytearray(b"\0")

    def text(value: str) -> int:
        start = len(strings)
        strings.extend(value.encode() + b"\0")
        return start

    tags = [(1, text(name)) for name in needs]
    libc = text("libc.so.6")
    wanted = [(text(version), index == len(versions) - 1) for index, version in enumerate(versions)]
    verneed = b""
    if versions:
        verneed = struct.pack("<HHIII", 1, len(versions), libc, 16, 0)
        for name, is_last in wanted:
            verneed += struct.pack("<IHHII", 0, 0, 2, name, 0 if is_last else 16)
    headers = 64 + 2 * 56
    strings_at = headers
    verneed_at = strings_at + len(strings)
    dynamic_at = verneed_at + len(verneed)
    tags += [(5, _BASE + strings_at), (10, len(strings))]
    if versions:
        tags += [(0x6FFFFFFE, _BASE + verneed_at), (0x6FFFFFFF, 1)]
    dynamic = b"".join(struct.pack("<qQ", *tag) for tag in [*tags, (0, 0)])
    size = dynamic_at + len(dynamic) + len(padding)
    ident = b"\x7fELF" + bytes([2, 1, 1]) + bytes(9)
    header = struct.pack("<16sHHIQQQIHHHHHH", ident, kind, machine, 1, 0, 64, 0, 0, 64, 56, 2, 64, 0, 0)
    load = struct.pack("<IIQQQQQQ", 1, 5, 0, _BASE, _BASE, size + missing_bytes, size, alignment)
    dynamic_header = struct.pack(
        "<IIQQQQQQ", 2, 6, dynamic_at, _BASE + dynamic_at, 0, len(dynamic), len(dynamic), 8
    )
    return header + load + dynamic_header + bytes(strings) + verneed + dynamic + padding
