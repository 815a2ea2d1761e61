"""The bytes of a zip, piece by piece: compressed data is copied from where it lies, never inflated.

Nothing is held whole: what passes through memory at a time is at most a block.
"""

from __future__ import annotations

from binascii import crc32
from collections import OrderedDict
from typing import TYPE_CHECKING, BinaryIO, Self, assert_never

from deflate import DeflateError, deflate_decompress

from pyreq_tui.bundle.deflated import read_deflated
from pyreq_tui.bundle.entry import DeflatedBytes, LiteralBytes, NestedBytes, UnknownBytes, WheelBytes
from pyreq_tui.bundle.zipformat import (
    DEFLATED,
    ENCRYPTED_FLAG,
    LOCAL_HEADER,
    LOCAL_SIGNATURE,
    STREAMED_FLAG,
    directory_record,
    end_records,
    local_header,
)
from pyreq_tui.errors import BuildError, Cancelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from pyreq_tui.bundle.entry import Entry
    from pyreq_tui.processes import Cancel

    Piece = bytes | memoryview[int]

BLOCK_BYTES = 1 << 20
"""What is gathered before it is hashed and written."""
MAX_OPEN_WHEELS = 64
"""Entries are sorted by path, so packages take turns; their wheels stay open up to this many."""
_READ_AHEAD_BYTES = 1 << 16
"""Most members are written in the order in which they lie in their wheel: one read serves several, and each
read gives other threads their turn, which costs more than reading."""
_LOCAL_NAME_GUESS = 256
"""How many bytes of name and extra field to read along with a local header: nearly always enough."""


def zip_blocks(entries: Iterable[Entry], wheels: OpenWheels, cancel: Cancel) -> Iterator[bytes]:
    """The zip in blocks. Raises BuildError where bytes are missing or damaged, and Cancelled."""
    gathered: list[Piece] = []
    gathered_bytes = 0
    for piece in _pieces(entries, wheels, cancel):
        gathered.append(piece)
        gathered_bytes += len(piece)
        if gathered_bytes >= BLOCK_BYTES:
            if cancel.is_set():
                raise Cancelled
            yield b"".join(gathered)
            gathered.clear()
            gathered_bytes = 0
    yield b"".join(gathered)


def _pieces(entries: Iterable[Entry], wheels: OpenWheels, cancel: Cancel) -> Iterator[Piece]:
    directory: list[bytes] = []
    offset = 0
    for entry in entries:
        source = entry[4]
        crc = (
            _crc(zip_blocks(source.entries, wheels, cancel)) if isinstance(source, NestedBytes) else entry[6]
        )
        header = local_header(entry, crc)
        directory.append(directory_record(entry, crc, offset))
        yield header
        if isinstance(source, WheelBytes):
            yield from wheels.read(source.path, entry)
        else:
            yield from _data(entry, wheels, cancel)
        offset += len(header) + entry[2]
    directory_bytes = 0
    for record in directory:
        directory_bytes += len(record)
        yield record
    yield end_records(len(directory), directory_bytes, offset)


def _crc(blocks: Iterable[bytes]) -> int:
    """A nested zip is gone through twice: its CRC stands before it, and a temporary copy would cost more."""
    crc = 0
    for block in blocks:
        crc = crc32(block, crc)
    return crc


def _data(entry: Entry, wheels: OpenWheels, cancel: Cancel) -> Iterator[Piece]:
    source = entry[4]
    match source:
        case WheelBytes():
            yield from wheels.read(source.path, entry)
        case DeflatedBytes():
            yield from read_deflated(source, entry[2], BLOCK_BYTES)
        case LiteralBytes():
            yield source.data
        case NestedBytes():
            yield from zip_blocks(source.entries, wheels, cancel)
        case UnknownBytes():
            raise BuildError(
                f"{entry.path} of {entry.owner} was to be written before it was built ({source.why}).",
                hint="This is a fault of pyreq-tui: please report it.",
            )
        case _:
            assert_never(source)


def read_entry(entry: Entry, wheels: OpenWheels, cancel: Cancel) -> bytes:
    """The bytes of one file, inflated and checked. Raises BuildError where they are damaged or not there."""
    compressed = b"".join(_data(entry, wheels, cancel))
    try:
        data = deflate_decompress(compressed, entry.size_bytes) if entry.method == DEFLATED else compressed
    except DeflateError as error:
        raise BuildError(f"{entry.path} of {entry.owner} is damaged: {error}.") from error
    if len(data) != entry.size_bytes or crc32(data) != entry.crc:
        raise BuildError(
            f"{entry.path} of {entry.owner} is damaged: its checksum is wrong.",
            hint="Run `pyreq-tui build` again after removing the wheel from the cache.",
        )
    return bytes(data)


class OpenWheels:
    """Wheels held open for reading; a context manager that closes them."""

    def __init__(self) -> None:
        self._files: OrderedDict[Path, BinaryIO] = OrderedDict()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for file in self._files.values():
            file.close()

    def read(self, path: Path, entry: Entry) -> Iterable[Piece]:
        """The compressed data of a member, found behind its local header.

        The header's name and extra field may differ in length from the directory's, so only it tells where
        the data starts. Raises BuildError where the wheel is not there or is not what its directory promised.
        """
        compressed_bytes = entry[2]
        try:
            file = self._files.get(path) or self._open(path)
            file.seek(entry[5])
            first = file.read(min(LOCAL_HEADER.size + _LOCAL_NAME_GUESS + compressed_bytes, BLOCK_BYTES))
        except OSError as error:
            raise _unreadable(path, error) from error
        start = _data_start(first, entry, path)
        if start + compressed_bytes <= len(first):
            return (memoryview(first)[start : start + compressed_bytes],)
        return _read_on(file, path, entry, first, start)

    def _open(self, path: Path) -> BinaryIO:
        if len(self._files) >= MAX_OPEN_WHEELS:
            self._files.popitem(last=False)[1].close()
        self._files[path] = file = path.open("rb", buffering=_READ_AHEAD_BYTES)
        return file


def _read_on(file: BinaryIO, path: Path, entry: Entry, first: bytes, start: int) -> Iterator[Piece]:
    """What does not come in one piece."""
    left = entry[2]
    try:
        if start > len(first):
            file.seek(entry[5] + start)
        else:
            piece = memoryview(first)[start:]
            left -= len(piece)
            yield piece
        while left:
            more = file.read(min(left, BLOCK_BYTES))
            if not more:
                raise _damaged(path, entry, "it ends too early")
            left -= len(more)
            yield more
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: OSError) -> BuildError:
    return BuildError(
        f"{path} could not be read: {error.strerror}.", hint="Run the build again to fetch the wheel."
    )


def _data_start(first: bytes, entry: Entry, path: Path) -> int:
    if len(first) < LOCAL_HEADER.size:
        raise _damaged(path, entry, "it ends too early")
    signature, _, flags, method, _, _, crc, _, _, name_bytes, extra_bytes = LOCAL_HEADER.unpack_from(first)
    if signature != LOCAL_SIGNATURE:
        raise _damaged(path, entry, "no file starts there")
    if flags & ENCRYPTED_FLAG:
        raise _damaged(path, entry, "it is encrypted")
    if method != entry[7]:
        raise _damaged(path, entry, f"its compression method is {method}, not {entry[7]}")
    if crc != entry[6] and not flags & STREAMED_FLAG:
        raise _damaged(path, entry, "its checksum is another")
    return int(LOCAL_HEADER.size + name_bytes + extra_bytes)


def _damaged(path: Path, entry: Entry, why: str) -> BuildError:
    return BuildError(
        f"{path} does not hold {entry.path} where its directory says: {why}.",
        hint="Remove the wheel from the cache (pyreq-tui clean-cache) and build again.",
    )
