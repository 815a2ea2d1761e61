"""The binaries in an artifact on disk, each content read once: what is known is not inflated again."""

from __future__ import annotations

import errno
import hashlib
import io
import os
import re
import struct
import zipfile
import zlib
from dataclasses import asdict
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

from deflate import DeflateError, deflate_decompress

from pyreq_tui.bundle import LiteralBytes, NestedBytes, UnknownBytes, library_key
from pyreq_tui.findings.binary import Binary, binary_kind, read_binary
from pyreq_tui.findings.kept import Kept

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pyreq_tui.bundle import Entry

FORMAT = 1
"""Of the records kept; raise it when Binary, or what is read into it, changes."""
LARGEST_BYTES = 1 << 30
"""A member that claims more is not inflated: Lambda takes a quarter of it."""
_TEXT_SUFFIXES = frozenset(
    {"py", "pyi", "pyx", "pxd", "pyc", "txt", "md", "rst", "json", "yml", "yaml", "toml", "cfg", "ini", "in"}
    | {"csv", "tsv", "html", "css", "js", "ts", "xml", "svg", "c", "h", "cpp", "hpp", "f", "f90", "typed"}
    | {"gz", "npy", "npz", "pkl", "png", "jpg"}
)
"""Files nobody looks into for a binary."""
_LIBRARY_NAME = re.compile(r"\.(?:so(?:\.[\w.]+)?|dylib|dll|pyd|exe)$")
_SMALLEST_BYTES = 64
"""What a binary's header takes."""
_HEAD_BYTES = 512
"""Of a compressed member: enough for the first 64 of its bytes."""
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")


class Shipped(NamedTuple):
    """One binary of an artifact."""

    path: str
    owner: str
    binary: Binary


class _Window(io.RawIOBase):
    """A part of a file, read as a file of its own: a zip inside a zip."""

    def __init__(self, file: BinaryIO, start: int, size_bytes: int) -> None:
        self._file = file
        self._start = start
        self._size_bytes = size_bytes
        self._position = 0

    def narrow(self, start: int, size_bytes: int) -> _Window:
        """A part of this part."""
        return _Window(self._file, self._start + start, min(size_bytes, self._size_bytes - start))

    def read_at(self, start: int, size_bytes: int) -> bytes:
        """Up to ``size_bytes`` from ``start``."""
        self._file.seek(self._start + start)
        return self._file.read(max(0, min(size_bytes, self._size_bytes - start)))

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size_bytes}[whence]
        if base + offset < 0:
            raise OSError(errno.EINVAL, "before the start")
        self._position = base + offset
        return self._position

    def read(self, size_bytes: int = -1) -> bytes:
        data = self.read_at(self._position, self._size_bytes if size_bytes < 0 else size_bytes)
        self._position += len(data)
        return data


class _Member(NamedTuple):
    """A file of the zip, or of the zip inside it, together with the Plan's Entry for it."""

    window: _Window
    info: zipfile.ZipInfo
    entry: Entry


def read_artifact(path: Path, entries: Sequence[Entry], cache: Path) -> tuple[Shipped, ...] | None:
    """The binaries of the artifact at ``path``.

    ``None`` where it is not there, or is not the one that a build of ``entries`` would write.
    """
    whole = Kept(cache, "artifacts", FORMAT)
    try:
        state = _state(path, entries)
        known = _all_shipped(whole.recall(state))
        if known is not None:
            return known
        with path.open("rb") as file:
            members = _members(_Window(file, 0, path.stat().st_size), entries)
            if members is None:
                return None
            kept = Kept(cache, "binaries", FORMAT)
            found = tuple(shipped for member in members if (shipped := _shipped(member, kept)))
    except (OSError, zipfile.BadZipFile):
        return None
    whole.remember(state, [[each.path, each.owner, asdict(each.binary)] for each in found])
    return found


def _state(path: Path, entries: Sequence[Entry]) -> str:
    """What tells this file, and what a build would write, from any other. Raises OSError."""
    now = path.stat()
    listing = hashlib.sha256()
    for entry in _flat(entries):
        listing.update(
            f"{entry.path}\n{entry.owner}\n{entry.size_bytes}\n{entry.crc}\n".encode(errors="replace")
        )
    return f"{path}\n{now.st_size}\n{now.st_mtime_ns}\n{now.st_ino}\n{listing.hexdigest()}"


def _flat(entries: Iterable[Entry]) -> Iterator[Entry]:
    """Every file, those of a nested zip behind it."""
    for entry in entries:
        yield entry
        if isinstance(entry.source, NestedBytes):
            yield from _flat(entry.source.entries)


def _all_shipped(record: object) -> tuple[Shipped, ...] | None:
    """What was kept of a whole artifact; ``None`` for anything else."""
    if not isinstance(record, list):
        return None
    found = []
    for each in record:
        binary = _binary(each[2]) if isinstance(each, list) and len(each) == 3 else None
        if binary is None:
            return None
        found.append(Shipped(str(each[0]), str(each[1]), binary))
    return tuple(found)


def _members(window: _Window, entries: Sequence[Entry]) -> list[_Member] | None:
    """The zip's files beside the Plan's; ``None`` where they are not the same: names, sizes and checksums."""
    planned = {entry.path: entry for entry in entries}
    with zipfile.ZipFile(window) as archive:
        infos = archive.infolist()
    if len(infos) != len(planned):
        return None
    members: list[_Member] = []
    for info in infos:
        entry = planned.get(info.filename)
        if entry is None or info.file_size != entry.size_bytes:
            return None
        if isinstance(entry.source, NestedBytes):
            inner = _members(window.narrow(*_data_span(window, info)), entry.source.entries)
            if inner is None:
                return None
            members += inner
        elif entry.crc != info.CRC or isinstance(entry.source, UnknownBytes):
            return None
        else:
            members.append(_Member(window, info, entry))
    return members


def _shipped(member: _Member, kept: Kept) -> Shipped | None:
    entry = member.entry
    if isinstance(entry.source, LiteralBytes) or not _may_be_binary(member):
        return None
    known = _binary(kept.recall(_content(entry)))
    if known is None:
        data = _inflate(member)
        known = read_binary(data) if data is not None else Binary("ELF", fault="is damaged")
        if known is None:
            return None
        if data is not None:
            kept.remember(_content(entry), asdict(known))
    return Shipped(entry.path, entry.owner, known)


def _may_be_binary(member: _Member) -> bool:
    """By its name, or else by its first bytes."""
    name = member.entry.path.rpartition("/")[2]
    if _LIBRARY_NAME.search(name):
        return True
    if name.rpartition(".")[2].lower() in _TEXT_SUFFIXES or member.entry.size_bytes < _SMALLEST_BYTES:
        return False
    start, _ = _data_span(member.window, member.info)
    head = member.window.read_at(start, min(_HEAD_BYTES, member.info.compress_size))
    if member.info.compress_type == zipfile.ZIP_DEFLATED:
        try:
            head = zlib.decompressobj(-zlib.MAX_WBITS).decompress(head, _SMALLEST_BYTES)
        except zlib.error:
            return False
    return binary_kind(head) is not None


def _inflate(member: _Member) -> bytes | None:
    """The member's bytes, checked; ``None`` where they are not what the directory says."""
    info = member.info
    if info.file_size > LARGEST_BYTES:
        return None
    start, size = _data_span(member.window, info)
    data = member.window.read_at(start, size)
    if info.compress_type == zipfile.ZIP_DEFLATED:
        try:
            data = bytes(deflate_decompress(data, info.file_size))
        except DeflateError:
            return None
    return data if len(data) == info.file_size and zlib.crc32(data) == info.CRC else None


def _data_span(window: _Window, info: zipfile.ZipInfo) -> tuple[int, int]:
    """Where a member's bytes start, behind its local header, and how many there are."""
    header = window.read_at(info.header_offset, _LOCAL_HEADER.size)
    if len(header) < _LOCAL_HEADER.size:
        raise zipfile.BadZipFile(f"{info.filename} starts behind the end")
    *_, name_bytes, extra_bytes = _LOCAL_HEADER.unpack(header)
    return info.header_offset + _LOCAL_HEADER.size + name_bytes + extra_bytes, info.compress_size


def _content(entry: Entry) -> str:
    """What names an Entry's content, whichever artifact it lies in."""
    return f"{library_key(entry)}\n{entry.size_bytes}\n{entry.crc}"


def _binary(record: object) -> Binary | None:
    """What ``asdict`` made of a Binary; ``None`` for anything else."""
    if not isinstance(record, dict):
        return None
    try:
        glibc = record["glibc"]
        return Binary(
            record["kind"],
            str(record["machine"]),
            tuple(map(str, record["needs"])),
            (int(glibc[0]), int(glibc[1])) if glibc else None,
            record["fault"],
        )
    except (ValueError, KeyError, TypeError, IndexError):  # written by something else: it is read again
        return None
