"""The user's own files, deflated once and kept by content."""

from __future__ import annotations

import os
import struct
from binascii import crc32
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from hashlib import sha256
from secrets import token_hex
from typing import TYPE_CHECKING, NamedTuple

from deflate import DeflateError, deflate_compress, deflate_decompress

from pyreq_tui.bundle.entry import SERVICE_CODE, DeflatedBytes, Entry, NestedBytes
from pyreq_tui.bundle.zipformat import DEFLATED, STORED
from pyreq_tui.errors import BuildError, PyreqError, Where

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pyreq_tui.bundle.code import CodeFile

LEVEL = 9
"""Of libdeflate: within a per cent of its best, at 35 MB a second and core."""
PARALLEL_ABOVE_BYTES = 1 << 20
"""Less than this is deflated before a second thread has started."""

_SEAL = struct.Struct("<4sHQII")
_SEAL_MAGIC = b"pqd" + bytes([LEVEL])


class _Seal(NamedTuple):
    """What stands behind the stream: how it was made, what it inflates to, and a check of the stream."""

    magic: bytes
    method: int
    size_bytes: int
    crc: int
    stream_crc: int


class Kept(NamedTuple):
    """Bytes in the cache, as they will be written."""

    path: Path
    stream_bytes: int
    crc: int
    """Of the bytes themselves, not of the stream."""
    method: int


def code_entries(files: Sequence[CodeFile], deflated: Path, owner: str = SERVICE_CODE) -> tuple[Entry, ...]:
    """Entries for ``files``, each deflated into the folder ``deflated`` unless its content is there already.

    The bytes that ship are those read now: what changes a file later changes nothing. A file that deflating
    does not make smaller is stored. Raises PyreqError for a file that can't be read, BuildError where the
    cache can't be written.
    """
    if sum(file.size_bytes for file in files) < PARALLEL_ABOVE_BYTES:
        return tuple([_entry(file, deflated, owner) for file in files])
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        return tuple(threads.map(lambda file: _entry(file, deflated, owner), files))


def _entry(file: CodeFile, deflated: Path, owner: str) -> Entry:
    try:
        data = file.source.read_bytes()
    except OSError as error:
        raise PyreqError(
            f"{file.path} could not be read: {error.strerror}.",
            hint="Make it readable, or leave it out with package.patterns.",
            where=Where(file.source),
        ) from error
    kept = keep_deflated(data, deflated)
    return Entry(
        file.artifact_path,
        len(data),
        kept.stream_bytes,
        owner,
        DeflatedBytes(file.source, kept.path),
        0,
        kept.crc,
        kept.method,
        file.is_executable,
    )


def keep_deflated(data: bytes, deflated: Path) -> Kept:
    """``data`` in the folder ``deflated``, made smaller unless its content is there already.

    Raises BuildError where the cache can't be written.
    """
    digest = sha256(data).hexdigest()
    path = deflated / digest[:2] / digest
    seal, stream_bytes = _kept_seal(path, data) or _keep(data, path)
    return Kept(path, stream_bytes, seal.crc, seal.method)


def _kept_seal(kept: Path, data: bytes) -> tuple[_Seal, int] | None:
    """The seal and length of the stream kept of ``data``; ``None`` where it has to be made (again).

    The stream itself is checked when it is read.
    """
    try:
        with kept.open("rb", buffering=0) as file:
            stream_bytes = os.fstat(file.fileno()).st_size - _SEAL.size
            if stream_bytes < 0:
                return None
            file.seek(stream_bytes)
            seal = _Seal._make(_SEAL.unpack(file.read(_SEAL.size)))
    except (OSError, struct.error):
        return None
    method = STORED if stream_bytes == len(data) else DEFLATED
    is_whole = seal[:4] == (_SEAL_MAGIC, method, len(data), crc32(data))
    return (seal, stream_bytes) if is_whole else None


def is_kept_whole(path: Path) -> bool:
    """Whether a stream in the cache still inflates to the content that its name is the sha256 of."""
    data = path.read_bytes()
    stream, tail = data[: -_SEAL.size], data[-_SEAL.size :]
    try:
        seal = _Seal._make(_SEAL.unpack(tail))
        content = deflate_decompress(stream, seal.size_bytes) if seal.method == DEFLATED else stream
    except (struct.error, DeflateError, MemoryError):
        return False
    return seal.stream_crc == crc32(stream) and sha256(content).hexdigest() == path.name


def _keep(data: bytes, kept: Path) -> tuple[_Seal, int]:
    compressed = deflate_compress(data, LEVEL)
    stream: bytes | bytearray = compressed if len(compressed) < len(data) else data
    method = DEFLATED if stream is compressed else STORED
    seal = _Seal(_SEAL_MAGIC, method, len(data), crc32(data), crc32(stream))
    partial = kept.with_name(f".{kept.name}.{token_hex(4)}")
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        try:
            with partial.open("xb", buffering=0) as file:
                for part in (stream, _SEAL.pack(*seal)):
                    _write_all(file.fileno(), part)
            partial.replace(kept)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise BuildError(
            f"The cache {kept.parent.parent} could not be written: {error.strerror}.",
            hint=f"Make room for {len(stream)} bytes there, or choose another folder with cacheLocation.",
        ) from error
    return seal, len(stream)


def _write_all(descriptor: int, data: bytes | bytearray) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(descriptor, left) :]


def read_deflated(source: DeflatedBytes, stream_bytes: int, block_bytes: int) -> Iterator[bytes]:
    """The kept stream in blocks. Raises BuildError, and removes what is kept, where it is damaged."""
    crc = 0
    try:
        with source.deflated.open("rb", buffering=0) as file:
            left = stream_bytes
            while left:
                block = file.read(min(left, block_bytes))
                if not block:
                    break
                left -= len(block)
                crc = crc32(block, crc)
                yield block
            seal = file.read(_SEAL.size + 1)
    except OSError as error:
        raise BuildError(
            f"The deflated copy of {source.path} is not in the cache any more: {error.strerror}.",
            hint="Build again; it is made anew.",
        ) from error
    if left or len(seal) != _SEAL.size or _Seal._make(_SEAL.unpack(seal)).stream_crc != crc:
        source.deflated.unlink(missing_ok=True)
        raise BuildError(
            f"The deflated copy of {source.path} in the cache was damaged and has been removed.",
            hint="Build again; it is made anew.",
        )


def remove_damaged(entries: Iterable[Entry]) -> None:
    """Go through what ``entries`` have in the cache, and remove all that is damaged: one is seldom alone."""
    for entry in entries:
        if isinstance(entry.source, NestedBytes):
            remove_damaged(entry.source.entries)
        elif isinstance(entry.source, DeflatedBytes):
            with suppress(BuildError):
                for _ in read_deflated(entry.source, entry.compressed_bytes, PARALLEL_ABOVE_BYTES):
                    pass
