"""The records of a zip file (PKWARE APPNOTE 6.3.10), as this program writes and reads them."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyreq_tui.bundle.entry import Entry

LOCAL_HEADER = struct.Struct("<4s5H3I2H")
_DIRECTORY_RECORD = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_ZIP64_END = struct.Struct("<4sQ2H2I4Q")
_ZIP64_LOCATOR = struct.Struct("<4sIQI")

LOCAL_SIGNATURE = b"PK\x03\x04"
STORED = 0
DEFLATED = 8
ENCRYPTED_FLAG = 0x1
STREAMED_FLAG = 0x8
"""Checksum and sizes stand behind the data, zeros before it."""
_UTF8_FLAG = 0x800
_UNIX = 3 << 8
_PLAIN_VERSION = 20
_ZIP64_VERSION = 45
_DATE_1980_01_01 = 1 << 5 | 1
_MAX_16 = 0xFFFF
_MAX_32 = 0xFFFFFFFF
_REGULAR_FILE = 0o100000
_ENTRY_OVERHEAD = LOCAL_HEADER.size + _DIRECTORY_RECORD.size


def entries_size(entries: Sequence[Entry]) -> int:
    """What ``entries`` add to a zip below 4 GiB: data, local headers, directory records. In bytes."""
    data_bytes = sum([entry[2] for entry in entries])
    name_bytes = len("".join([entry[0] for entry in entries]).encode())
    return data_bytes + 2 * name_bytes + _ENTRY_OVERHEAD * len(entries)


def zip_size(entries: Sequence[Entry]) -> int:
    """The size of the zip of ``entries``, to the byte."""
    size_bytes = entries_size(entries)
    if size_bytes >= _MAX_32 or max([entry[1] for entry in entries], default=0) >= _MAX_32:
        return _zip64_size(entries)
    return size_bytes + _end_size(len(entries), is_large=False)


def _zip64_size(entries: Sequence[Entry]) -> int:
    offset = directory_bytes = 0
    for entry in entries:
        name = entry.path.encode()
        directory_bytes += _DIRECTORY_RECORD.size + len(name) + len(_directory_extra(entry, offset))
        offset += LOCAL_HEADER.size + len(name) + len(_local_extra(entry)) + entry.compressed_bytes
    is_large = offset >= _MAX_32 or directory_bytes >= _MAX_32
    return offset + directory_bytes + _end_size(len(entries), is_large=is_large)


def _end_size(count: int, *, is_large: bool) -> int:
    return _END.size + (_ZIP64_END.size + _ZIP64_LOCATOR.size if is_large or count >= _MAX_16 else 0)


def local_header(entry: Entry, crc: int) -> bytes:
    """What stands before an entry's data, its name included."""
    name = entry[0].encode()
    extra = _local_extra(entry)
    return b"".join(
        (
            LOCAL_HEADER.pack(
                LOCAL_SIGNATURE,
                _ZIP64_VERSION if extra else _PLAIN_VERSION,
                0 if entry[0].isascii() else _UTF8_FLAG,
                entry[7],
                0,
                _DATE_1980_01_01,
                crc,
                _MAX_32 if extra else entry[2],
                _MAX_32 if extra else entry[1],
                len(name),
                len(extra),
            ),
            name,
            extra,
        )
    )


def directory_record(entry: Entry, crc: int, offset: int) -> bytes:
    """What the directory at the zip's end says of an entry whose local header stands at ``offset``."""
    name = entry[0].encode()
    extra = _directory_extra(entry, offset)
    is_huge = _is_huge(entry)
    version = _ZIP64_VERSION if extra else _PLAIN_VERSION
    return b"".join(
        (
            _DIRECTORY_RECORD.pack(
                b"PK\x01\x02",
                _UNIX | version,
                version,
                0 if entry[0].isascii() else _UTF8_FLAG,
                entry[7],
                0,
                _DATE_1980_01_01,
                crc,
                _MAX_32 if is_huge else entry[2],
                _MAX_32 if is_huge else entry[1],
                len(name),
                len(extra),
                0,
                0,
                0,
                (_REGULAR_FILE | (0o755 if entry[8] else 0o644)) << 16,
                min(offset, _MAX_32),
            ),
            name,
            extra,
        )
    )


def end_records(count: int, directory_bytes: int, directory_offset: int) -> bytes:
    """What closes a zip of ``count`` entries."""
    is_large = directory_offset >= _MAX_32 or directory_bytes >= _MAX_32
    large = b""
    if is_large or count >= _MAX_16:
        large = _ZIP64_END.pack(
            b"PK\x06\x06",
            _ZIP64_END.size - 12,
            _UNIX | _ZIP64_VERSION,
            _ZIP64_VERSION,
            0,
            0,
            count,
            count,
            directory_bytes,
            directory_offset,
        ) + _ZIP64_LOCATOR.pack(b"PK\x06\x07", 0, directory_offset + directory_bytes, 1)
    short_count = min(count, _MAX_16)
    return large + _END.pack(
        b"PK\x05\x06",
        0,
        0,
        short_count,
        short_count,
        min(directory_bytes, _MAX_32),
        min(directory_offset, _MAX_32),
        0,
    )


def _is_huge(entry: Entry) -> bool:
    return entry[1] >= _MAX_32 or entry[2] >= _MAX_32


def _local_extra(entry: Entry) -> bytes:
    return struct.pack("<2H2Q", 1, 16, entry[1], entry[2]) if _is_huge(entry) else b""


def _directory_extra(entry: Entry, offset: int) -> bytes:
    values = [*((entry[1], entry[2]) if _is_huge(entry) else ()), *((offset,) if offset >= _MAX_32 else ())]
    return struct.pack(f"<2H{len(values)}Q", 1, 8 * len(values), *values) if values else b""
