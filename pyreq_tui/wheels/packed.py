"""Contents as bytes on disk: columns, checksummed, quick to read.

One line of JSON says what the wheel is; the names follow, one a line, for no name holds a control character;
then one column of little-endian integers for each other field. No pickle or marshal: what stands in a cache
folder must not be able to run.
"""

from __future__ import annotations

import json
import sys
import zlib
from array import array
from itertools import starmap
from typing import TYPE_CHECKING

from pyreq_tui.wheels.model import Contents, Member

if TYPE_CHECKING:
    from collections.abc import Iterable

_MAGIC = b"pyreq-contents 2\n"
_CHECKSUM_BYTES = 4
_COLUMNS = "QQQIB"
"""Sizes, compressed sizes, header offsets, CRCs, flags."""
_DEFLATED_FLAG, _EXECUTABLE_FLAG = 1, 2
_METHODS = (0, 8, 0, 8)
_EXECUTABLES = (False, False, True, True)


class DamagedError(ValueError):
    """Bytes that are not what `pack` made."""


def pack(contents: Contents) -> bytes:
    """``contents`` as bytes."""
    members = contents.members
    names = "\n".join([member.name for member in members]).encode()
    head = {
        "filename": contents.filename,
        "sha256": contents.sha256,
        "size_bytes": contents.size_bytes,
        "requires": contents.requires,
        "provided_extras": contents.provided_extras,
        "requires_python": contents.requires_python,
        "members": len(members),
        "names_bytes": len(names),
    }
    columns = (
        _column("Q", (member.size_bytes for member in members)),
        _column("Q", (member.compressed_bytes for member in members)),
        _column("Q", (member.header_offset for member in members)),
        _column("I", (member.crc for member in members)),
        bytes(
            (_DEFLATED_FLAG if member.method else 0) | (_EXECUTABLE_FLAG if member.is_executable else 0)
            for member in members
        ),
    )
    body = b"".join((json.dumps(head).encode(), b"\n", names, *columns))
    return _MAGIC + zlib.crc32(body).to_bytes(_CHECKSUM_BYTES, "little") + body


def unpack(data: bytes) -> Contents:
    """The Contents that `pack` made ``data`` of. Raises DamagedError for anything else."""
    start = len(_MAGIC) + _CHECKSUM_BYTES
    body = memoryview(data)[start:]
    if not data.startswith(_MAGIC) or zlib.crc32(body).to_bytes(_CHECKSUM_BYTES, "little") != bytes(
        data[len(_MAGIC) : start]
    ):
        raise DamagedError("checksum")
    try:
        head_end = data.index(b"\n", start)
        head = json.loads(data[start:head_end])
        position = head_end + 1 + head["names_bytes"]
        names = data[head_end + 1 : position].decode().split("\n") if head["members"] else []
        columns: list[array[int]] = []
        for kind in _COLUMNS:
            column = array(kind)
            end = position + head["members"] * column.itemsize
            column.frombytes(data[position:end])
            if sys.byteorder == "big":
                column.byteswap()
            columns.append(column)
            position = end
        sizes, compressed, offsets, crcs, flags = columns
        methods = map(_METHODS.__getitem__, flags)
        executables = map(_EXECUTABLES.__getitem__, flags)
        rows = zip(names, sizes, compressed, crcs, methods, executables, offsets, strict=True)
        return Contents(
            filename=head["filename"],
            sha256=head["sha256"],
            size_bytes=head["size_bytes"],
            members=tuple(starmap(Member, rows)),
            requires=tuple(head["requires"]),
            provided_extras=tuple(head["provided_extras"]),
            requires_python=head["requires_python"],
        )
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise DamagedError(str(error)) from error


def _column(kind: str, values: Iterable[int]) -> bytes:
    column = array(kind, values)
    if sys.byteorder == "big":
        column.byteswap()
    return column.tobytes()
