"""What a wheel needs, from the METADATA among its members; with them, its Contents."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from pyreq_tui.wheels.archive import Read, RefusedError, read_members
from pyreq_tui.wheels.model import Contents, Member

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyreq_tui.locks import WheelFile

METADATA_LIMIT_BYTES = 8 * 2**20
"""A longer METADATA is refused. The longest readme an index takes is far below."""

_LOCAL_HEADER_BYTES = 30
_LOCAL_SIGNATURE = b"PK\x03\x04"
_EXPECTED_EXTRA_BYTES = 64
"""Room for the local header's extra field, whose length only the header itself tells; zip64 and times fit."""
_METADATA = re.compile(r"(?P<name>[^/]+?)-[^/-]+\.dist-info/METADATA")


def read_contents(wheel: WheelFile, size_bytes: int, read: Read) -> Contents:
    """The Contents of ``wheel``, of which ``read`` reads any part.

    Raises RefusedError for an archive that is not an honest wheel.
    """
    members = read_members(wheel.filename, size_bytes, read)
    metadata = _find_metadata(wheel.filename, members)
    try:
        text = read_member(metadata, size_bytes, read, limit_bytes=METADATA_LIMIT_BYTES)
    except ValueError as error:
        raise RefusedError(f"{wheel.filename} can't be used: its METADATA {error}.") from error
    # HeaderParser leaves the body, often a long readme, unparsed.
    from email.parser import HeaderParser  # here, for what is known needs no parser

    headers = HeaderParser().parsestr(text.decode("utf-8", "replace"))
    return Contents(
        filename=wheel.filename,
        sha256=wheel.sha256,
        size_bytes=size_bytes,
        members=members,
        requires=tuple(_values(headers.get_all("Requires-Dist"))),
        provided_extras=tuple(_values(headers.get_all("Provides-Extra"))),
        requires_python=next(iter(_values(headers.get_all("Requires-Python"))), None),
    )


def read_member(member: Member, size_bytes: int, read: Read, *, limit_bytes: int) -> bytes:
    """The bytes of ``member``, in one read nearly always.

    Raises ValueError, worded to follow the member's name, where they are not what the directory says or
    more than ``limit_bytes``.
    """
    if member.size_bytes > limit_bytes:
        raise ValueError(f"has {member.size_bytes} bytes, over the limit of {limit_bytes}")
    start = member.header_offset
    name_bytes = len(member.name.encode())
    likely = _LOCAL_HEADER_BYTES + name_bytes + _EXPECTED_EXTRA_BYTES + member.compressed_bytes
    block = read(start, min(likely, size_bytes - start))
    if not block.startswith(_LOCAL_SIGNATURE):
        raise ValueError("has no local header")
    # Name and extra field of the local header may be longer or shorter than the directory's.
    data_start = _LOCAL_HEADER_BYTES + sum(
        int.from_bytes(block[at : at + 2], "little")
        for at in (_LOCAL_HEADER_BYTES - 4, _LOCAL_HEADER_BYTES - 2)
    )
    data_end = data_start + member.compressed_bytes
    if start + data_end > size_bytes:
        raise ValueError("does not fit the file")
    if data_end > len(block):
        block = read(start, data_end)
    return _inflate(member, block[data_start:data_end])


def _inflate(member: Member, data: bytes) -> bytes:
    if member.method:
        inflater = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            data = inflater.decompress(data, member.size_bytes + 1)
        except zlib.error as error:
            raise ValueError(f"can't be inflated ({error})") from error
    if len(data) != member.size_bytes or zlib.crc32(data) != member.crc:
        raise ValueError("is not what the directory says")
    return data


def _find_metadata(filename: str, members: Sequence[Member]) -> Member:
    """The one METADATA of the wheel's own dist-info folder (PEP 427)."""
    found = [(match["name"], member) for member in members if (match := _METADATA.fullmatch(member.name))]
    own = canonicalize_name(filename.partition("-")[0])
    matching = [member for name, member in found if canonicalize_name(name) == own]
    if len(matching) != 1:
        folders = ", ".join(sorted(member.name.partition("/")[0] for _, member in found)) or "no such folder"
        raise RefusedError(
            f"{filename} can't be used: it must hold one METADATA in a dist-info folder of its own,"
            f" and has {folders}."
        )
    return matching[0]


def _values(headers: list[str] | None) -> list[str]:
    """Header values on one line each: a folded one keeps its line breaks otherwise."""
    return [" ".join(str(value).split()) for value in headers or ()]
