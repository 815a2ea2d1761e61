"""The parts of an ELF library that its loader reads: segments, the dynamic table, symbol versions.

Read with struct where pyelftools would do, for a package may hold hundreds of libraries and a check has two
seconds: this is fifteen times as fast. Offsets and records as in the ELF-64 object file format and the symbol
versioning chapter of the Linux Standard Base.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADER = struct.Struct("<16sHHIQQQIHHHHHH")
_SEGMENT = struct.Struct("<IIQQQQQQ")
_TAG = struct.Struct("<qQ")
_NEEDED_VERSIONS = struct.Struct("<HHIII")
_NEEDED_VERSION = struct.Struct("<IHHII")
_CLASS_64, _LITTLE_ENDIAN = 2, 1
_PT_LOAD, _PT_DYNAMIC = 1, 2
_DT_NULL, _DT_NEEDED, _DT_STRTAB, _DT_VERNEED, _DT_VERNEEDNUM = 0, 1, 5, 0x6FFFFFFE, 0x6FFFFFFF
_ET_EXEC, _ET_DYN = 2, 3
_MOST_RECORDS = 5_000
"""Tags or versions read of one library; far above any real one."""
_LONGEST_NAME = 4096
MACHINES = {62: "x86_64", 183: "aarch64", 3: "i386", 40: "arm", 21: "ppc64le", 22: "s390x", 243: "riscv64"}


class Segment(NamedTuple):
    """One program header."""

    kind: int
    offset: int
    address: int
    file_bytes: int
    alignment: int


class Elf(NamedTuple):
    """What the loader would read of one library."""

    machine: str
    """As ``platform.machine()`` would say it."""
    is_loaded: bool
    """Whether it is a library or a program; object files and core dumps are not loaded."""
    needs: tuple[str, ...]
    versions: tuple[str, ...]
    """Symbol versions asked for: ``GLIBC_2.17``, ``GLIBCXX_3.4.21`` …"""
    loads: tuple[Segment, ...]
    """The segments that are mapped."""


def read_elf(data: bytes) -> Elf:
    """The library in ``data``. Raises ValueError where its headers lead nowhere.

    Of what is not 64-bit and little-endian, as both of Lambda's architectures are, only the machine is read.
    """
    try:
        kind, number = struct.unpack_from("<HH" if data[5] == _LITTLE_ENDIAN else ">HH", data, 16)
        machine = MACHINES.get(number, f"machine {number}")
        is_loaded = kind in (_ET_DYN, _ET_EXEC)
        if not is_loaded or (data[4], data[5]) != (_CLASS_64, _LITTLE_ENDIAN):
            return Elf(machine, is_loaded, (), (), ())
        segments = tuple(_segments(data))
        loads = tuple(segment for segment in segments if segment.kind == _PT_LOAD)
        tags = [tag for segment in segments if segment.kind == _PT_DYNAMIC for tag in _tags(data, segment)]
        first = dict(reversed(tags))
        names = _offset(first[_DT_STRTAB], loads) if _DT_STRTAB in first else 0
        needs = tuple(_text(data, names + value) for tag, value in tags if tag == _DT_NEEDED)
        versions: tuple[str, ...] = ()
        if _DT_VERNEED in first:
            start = _offset(first[_DT_VERNEED], loads)
            versions = tuple(_versions(data, start, first.get(_DT_VERNEEDNUM, 0), names))
    except (struct.error, IndexError, OverflowError, UnicodeDecodeError) as error:
        raise ValueError(str(error)) from error
    return Elf(machine, is_loaded, needs, versions, loads)


def _segments(data: bytes) -> Iterator[Segment]:
    _, _, _, _, _, start, _, _, _, size, count, _, _, _ = _HEADER.unpack_from(data)
    for number in range(min(count, _MOST_RECORDS)):
        kind, _, offset, address, _, file_bytes, _, alignment = _SEGMENT.unpack_from(
            data, start + number * size
        )
        yield Segment(kind, offset, address, file_bytes, alignment)


def _tags(data: bytes, segment: Segment) -> Iterator[tuple[int, int]]:
    for number in range(min(segment.file_bytes // _TAG.size, _MOST_RECORDS)):
        tag, value = _TAG.unpack_from(data, segment.offset + number * _TAG.size)
        if tag == _DT_NULL:
            return
        yield tag, value


def _versions(data: bytes, start: int, count: int, names: int) -> Iterator[str]:
    left = _MOST_RECORDS
    for _ in range(min(count, _MOST_RECORDS)):
        _, inner_count, _, inner_offset, next_offset = _NEEDED_VERSIONS.unpack_from(data, start)
        inner = start + inner_offset
        for _ in range(min(inner_count, left)):
            _, _, _, name, next_inner = _NEEDED_VERSION.unpack_from(data, inner)
            yield _text(data, names + name)
            inner += next_inner
        left -= inner_count
        start += next_offset
        if not next_offset or left <= 0:
            return


def _offset(address: int, loads: tuple[Segment, ...]) -> int:
    """Where in the file lies what will lie at ``address``."""
    for segment in loads:
        if segment.address <= address < segment.address + segment.file_bytes:
            return address - segment.address + segment.offset
    raise ValueError("a table lies in no segment")


def _text(data: bytes, start: int) -> str:
    end = data.index(b"\0", start, start + _LONGEST_NAME)
    return data[start:end].decode("utf-8")
