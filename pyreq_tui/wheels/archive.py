"""A wheel's members, read from the zip directory at its end; a hostile archive is refused.

Layout after PKWARE's APPNOTE 6.3.10, sections 4.3.12 to 4.3.16 and 4.4. The bytes come from a `Read`, so that
the same code reads a local file and one on an index, of which only the end is fetched.
"""

from __future__ import annotations

import re
import stat
from collections.abc import Callable
from struct import Struct
from typing import TYPE_CHECKING, NamedTuple

from pyreq_tui.errors import BuildError
from pyreq_tui.wheels.model import Member

if TYPE_CHECKING:
    from collections.abc import Sequence

Read = Callable[[int, int], bytes]
"""``read(start, length)``: exactly these bytes of the archive; both are checked against its size before."""

DIRECTORY_LIMIT_BYTES = 64 * 2**20
"""A larger directory is refused: the largest wheels on PyPI have about 3 MB."""

_END = Struct("<4s4H2LH")
_END_SIGNATURE = b"PK\x05\x06"
_END64_LOCATOR = Struct("<4sLQL")
_END64_LOCATOR_SIGNATURE = b"PK\x06\x07"
_END64 = Struct("<4sQ2H2L4Q")
_END64_SIGNATURE = b"PK\x06\x06"
_ENTRY = Struct("<4s6H3L5H2L")
_ENTRY_SIGNATURE = b"PK\x01\x02"
_LOCAL_HEADER_BYTES = 30
_COMMENT_LIMIT_BYTES = 0xFFFF
_FULL16, _FULL32 = 0xFFFF, 0xFFFFFFFF

_UTF8_FLAG = 0x800
_REFUSED_FLAGS = {
    0x0001: "is encrypted",
    0x0020: "holds patch data",
    0x0040: "is encrypted",
    0x2000: "is masked by encryption",
}
_ANY_REFUSED_FLAG = 0x2061
_STORED, _DEFLATED = 0, 8
_DEFLATE_RATIO_LIMIT = 1032
"""Deflate can't do better: 258 bytes from a symbol pair of two bits."""

# Controls, backslashes, a leading slash or drive, empty, `.` and `..` components.
_UNSAFE_NAME = re.compile(r"[\x00-\x1f\x7f-\x9f\\]|^[A-Za-z]:|(?:^|/)\.{0,2}(?:/|$)")


class _End(NamedTuple):
    """What the end record says, corrected for bytes put in front of the archive."""

    entries: int
    directory_start: int
    directory_bytes: int
    shift: int
    """How many bytes precede the archive proper: every stated offset is that much too small."""


class RefusedError(BuildError):
    """An archive that is damaged, or made to harm."""


def read_members(filename: str, size_bytes: int, read: Read) -> tuple[Member, ...]:
    """The files of the archive of ``size_bytes`` that ``read`` reads, in the directory's order; no folders.

    Raises RefusedError, naming ``filename``, for anything that a wheel has no honest reason to hold.
    """
    try:
        end = _find_end(size_bytes, read)
        directory = read(end.directory_start, end.directory_bytes)
        members = _parse(directory, end)
        _check_names(members)
        _check_places(members, end)
    except _FaultError as fault:
        raise RefusedError(
            f"{filename} can't be used: {fault}.",
            hint="The file is damaged or not an honest wheel; pin another version.",
        ) from fault
    return tuple(members)


class _FaultError(Exception):
    """What is wrong with the archive, to follow a colon."""


def _find_end(size_bytes: int, read: Read) -> _End:
    """The end record, with the zip64 one where there is one."""
    if size_bytes < _END.size:
        raise _FaultError("it is too short for a zip archive")
    tail_bytes = _END.size
    tail = read(size_bytes - tail_bytes, tail_bytes)
    position = 0
    if not (tail.startswith(_END_SIGNATURE) and tail.endswith(b"\0\0")):
        tail_bytes = min(size_bytes, _END.size + _COMMENT_LIMIT_BYTES)
        tail = read(size_bytes - tail_bytes, tail_bytes)
        position = _rfind_end(tail)
    _, disk, first_disk, here, entries, length, start, _ = _END.unpack_from(tail, position)
    end_start = size_bytes - tail_bytes + position
    stated: tuple[int, ...] = (disk, first_disk, here, entries, length, start)
    if end_start >= _END64_LOCATOR.size:
        locator = read(end_start - _END64_LOCATOR.size, _END64_LOCATOR.size)
        if locator.startswith(_END64_LOCATOR_SIGNATURE):
            stated, end_start = _read_end64(end_start - _END64_LOCATOR.size, locator, stated, read)
    disk, first_disk, here, entries, length, start = stated
    if disk or first_disk or here != entries:
        raise _FaultError("it is one part of several")
    if length > DIRECTORY_LIMIT_BYTES:
        raise _FaultError(f"its directory of {length} bytes is over the limit of {DIRECTORY_LIMIT_BYTES}")
    shift = end_start - length - start
    if shift < 0 or entries * _ENTRY.size > length:
        raise _FaultError("its directory does not lie where its end record says")
    return _End(entries, end_start - length, length, shift)


def _rfind_end(tail: bytes) -> int:
    """Where the last end record starts whose comment reaches exactly to the end of the file."""
    position = len(tail)
    while (position := tail.rfind(_END_SIGNATURE, 0, position)) >= 0:
        if position + _END.size <= len(tail):
            comment_bytes = int.from_bytes(tail[position + 20 : position + 22], "little")
            if position + _END.size + comment_bytes == len(tail):
                return position
        position += len(_END_SIGNATURE) - 1  # rfind's end is exclusive: the next match starts before this one
    raise _FaultError("it is not a zip archive, or its end is missing")


def _read_end64(
    locator_start: int, locator: bytes, stated: tuple[int, ...], read: Read
) -> tuple[tuple[int, ...], int]:
    """The zip64 end record before its locator; it must agree with the fields that fit the short one."""
    end_start = locator_start - _END64.size
    _, disk, _, disks = _END64_LOCATOR.unpack(locator)
    if end_start < 0 or disk or disks > 1:
        raise _FaultError("its zip64 end record is missing")
    signature, _, _, _, *fields = _END64.unpack(read(end_start, _END64.size))
    if signature != _END64_SIGNATURE:
        raise _FaultError("its zip64 end record is missing")
    limits = (_FULL16, _FULL16, _FULL16, _FULL16, _FULL32, _FULL32)
    for short, limit, full in zip(stated, limits, fields, strict=True):
        if short not in (limit, full):
            raise _FaultError("its two end records contradict each other")
    return tuple(fields), end_start


def _parse(directory: bytes, end: _End) -> list[Member]:
    """The directory's entries but for folders, each checked by itself."""
    members: list[Member] = []
    unpack, fixed = _ENTRY.unpack_from, _ENTRY.size
    position, length = 0, len(directory)
    for _ in range(end.entries):
        name_start = position + fixed
        if name_start > length:
            raise _FaultError("its directory ends too early")
        # fmt: off
        (signature, _, _, flags, method, _, _, crc, compressed, size,
         name_bytes, extra_bytes, comment_bytes, disk, _, attributes, offset) = unpack(directory, position)
        # fmt: on
        name_end = name_start + name_bytes
        position = name_end + extra_bytes + comment_bytes
        if signature != _ENTRY_SIGNATURE or position > length:
            raise _FaultError("its directory is damaged")
        name = _decode(directory[name_start:name_end], flags)
        if size == _FULL32 or compressed == _FULL32 or offset == _FULL32:
            extra = directory[name_end : name_end + extra_bytes]
            size, compressed, offset = _widen(name, extra, size, compressed, offset)
        if disk not in (0, _FULL16):
            raise _FaultError("it is one part of several")
        if name.endswith("/"):
            if size or _UNSAFE_NAME.search(name[:-1]):
                raise _FaultError(f"its folder {name!r} is not one")
            continue
        mode = attributes >> 16
        if flags & _ANY_REFUSED_FLAG or method not in (_STORED, _DEFLATED) or stat.S_IFMT(mode):
            _check_kind(name, flags, method, mode)
        if (method == _STORED and size != compressed) or size > compressed * _DEFLATE_RATIO_LIMIT:
            raise _FaultError(f"{name!r} can't have {size} bytes in {compressed}")
        is_executable = stat.S_ISREG(mode) and bool(mode & 0o111)
        members.append(Member(name, size, compressed, crc, method, is_executable, offset + end.shift))
    if position != length:
        raise _FaultError("its directory is longer than its count of entries")
    return members


def _decode(raw: bytes, flags: int) -> str:
    """A name as zip readers know it: UTF-8 where flagged, else the code page of DOS (APPNOTE D.1)."""
    if not flags & _UTF8_FLAG:
        return raw.decode("cp437")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _FaultError(f"the name {raw!r} is not UTF-8") from error


def _widen(name: str, extra: bytes, size: int, compressed: int, offset: int) -> tuple[int, int, int]:
    """The fields that don't fit 32 bits, from the zip64 extra field (APPNOTE 4.5.3)."""
    position = 0
    while position + 4 <= len(extra):
        kind = int.from_bytes(extra[position : position + 2], "little")
        length = int.from_bytes(extra[position + 2 : position + 4], "little")
        field = extra[position + 4 : position + 4 + length]
        position += 4 + length
        if kind != 1:
            continue
        values = iter(int.from_bytes(field[start : start + 8], "little") for start in range(0, length - 7, 8))
        try:
            size = next(values) if size == _FULL32 else size
            compressed = next(values) if compressed == _FULL32 else compressed
            offset = next(values) if offset == _FULL32 else offset
        except StopIteration:
            break
        return size, compressed, offset
    raise _FaultError(f"{name!r} lacks its zip64 sizes")


def _check_kind(name: str, flags: int, method: int, mode: int) -> None:
    """Refuse what can't be copied into a Lambda package as an ordinary file."""
    for flag, fault in _REFUSED_FLAGS.items():
        if flags & flag:
            raise _FaultError(f"{name!r} {fault}")
    if method not in (_STORED, _DEFLATED):
        raise _FaultError(f"{name!r} is compressed by method {method}; read are 0 and 8")
    if stat.S_ISLNK(mode):
        raise _FaultError(f"{name!r} is a symbolic link")
    if not stat.S_ISREG(mode):
        raise _FaultError(f"{name!r} is not an ordinary file")


def _check_names(members: Sequence[Member]) -> None:
    """Refuse names that lead out of the folder, that occur twice, or that are both file and folder."""
    unsafe = _UNSAFE_NAME.search
    names: set[str] = set()
    folders: set[str] = set()
    for member in members:
        name = member.name
        if unsafe(name):
            raise _FaultError(f"the name {name!r} is unsafe")
        if name in names:
            raise _FaultError(f"{name!r} occurs twice")
        names.add(name)
        folder = name.rpartition("/")[0]
        while folder and folder not in folders:
            folders.add(folder)
            folder = folder.rpartition("/")[0]
    if clash := names & folders:
        raise _FaultError(f"{min(clash)!r} is both a file and a folder")


def _check_places(members: Sequence[Member], end: _End) -> None:
    """Refuse members that overlap, or reach into the directory: what they hold is not what they say."""
    position = 0
    for member in sorted(members, key=lambda member: member.header_offset):
        if member.header_offset < position:
            raise _FaultError(f"{member.name!r} overlaps the member before it")
        position = member.header_offset + _LOCAL_HEADER_BYTES + member.compressed_bytes
        if position > end.directory_start:
            raise _FaultError(f"{member.name!r} does not fit the file")
