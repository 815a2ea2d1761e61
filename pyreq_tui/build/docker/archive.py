"""Files into a container and out of it, as the engine's archive API moves them: in tar streams."""

from __future__ import annotations

import io
import tarfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pyreq_tui.errors import BuildError, Cancelled
from pyreq_tui.processes import clean_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import IO

    from pyreq_tui.processes import Cancel

_BLOCK_BYTES = 1 << 20


def pack(files: Mapping[str, Path | bytes], cancel: Cancel) -> Iterator[bytes]:
    """A tar stream of ``files`` by POSIX path, folders made as needed: dates and owners of no consequence.

    Raises Cancelled.
    """
    for folder in sorted({str(parent) for name in files for parent in PurePosixPath(name).parents} - {"."}):
        info = tarfile.TarInfo(folder)
        info.type, info.mode = tarfile.DIRTYPE, 0o777  # whoever runs there
        yield info.tobuf()
    for name, source in files.items():
        info = tarfile.TarInfo(name)
        if isinstance(source, bytes):
            info.size, info.mode = len(source), 0o644
            yield info.tobuf()
            yield from _padded(io.BytesIO(source), info.size, cancel)
        else:
            state = source.stat()
            info.size, info.mode = state.st_size, 0o755 if state.st_mode & 0o100 else 0o644
            yield info.tobuf()
            with source.open("rb") as opened:
                yield from _padded(opened, info.size, cancel)
    yield bytes(2 * tarfile.BLOCKSIZE)


def _padded(file: IO[bytes], size_bytes: int, cancel: Cancel) -> Iterator[bytes]:
    """Exactly ``size_bytes`` of ``file`` and what fills its last block, whatever becomes of it meanwhile."""
    left = size_bytes
    while left:
        if cancel.is_set():
            raise Cancelled
        block = file.read(min(left, _BLOCK_BYTES))
        if not block:
            raise BuildError("A file changed while it was sent to the container.", hint="Build again.")
        left -= len(block)
        yield block
    yield bytes(-size_bytes % tarfile.BLOCKSIZE)


def unpack(stream: Iterable[bytes], folder: Path, cancel: Cancel) -> None:
    """Write what a tar stream holds below ``folder``: files and folders, owned by who runs this.

    A container is not to be trusted: links, devices, absolute paths and those that lead out of ``folder`` are
    refused. Raises BuildError, Cancelled, and OSError where the disk refuses.
    """
    try:
        with tarfile.open(fileobj=_Stream(stream), mode="r|") as archive:
            for member in archive:
                if cancel.is_set():
                    raise Cancelled
                if not (member.isfile() or member.isdir()):
                    raise _refused(member, "is neither a file nor a folder")
                archive.extract(member, folder, filter="data")
    except tarfile.FilterError as error:
        raise _refused(error.tarinfo, "leads out of its folder") from error
    except tarfile.TarError as error:
        raise BuildError(f"What the container gave back is no whole archive: {error}.") from error


def _refused(member: tarfile.TarInfo, why: str) -> BuildError:
    return BuildError(f"The container gave back {clean_line(member.name)!r}, which {why}: refused.")


class _Stream(io.RawIOBase):
    """What tarfile can read from, over blocks of any size."""

    def __init__(self, blocks: Iterable[bytes]) -> None:
        super().__init__()
        self._blocks = iter(blocks)
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override] # the type io itself hands over
        while not self._left:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._left = block
        count = min(len(buffer), len(self._left))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        return count
