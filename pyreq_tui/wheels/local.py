"""Wheels that lie on this machine."""

from __future__ import annotations

import os
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pyreq_tui.errors import BuildError
from pyreq_tui.wheels.metadata import read_contents

if TYPE_CHECKING:
    from pyreq_tui.locks import WheelFile
    from pyreq_tui.wheels.model import Contents


def local_path(url: str) -> Path | None:
    """The file a ``file://`` URL names; ``None`` for any other URL."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        return None
    # Here, for urllib.request brings http.client and email along, which most runs can do without.
    from urllib.request import url2pathname

    return Path(url2pathname(parts.path))


def read_local(wheel: WheelFile, path: Path) -> Contents:
    """The Contents of ``wheel``, read from ``path``. Raises BuildError where it is unreadable or another."""
    try:
        with path.open("rb") as file:
            size_bytes = os.fstat(file.fileno()).st_size

            def read(start: int, length: int) -> bytes:
                file.seek(start)
                return file.read(length)

            if wheel.size_bytes not in (None, size_bytes):
                raise BuildError(
                    f"{path} has {size_bytes} bytes where {wheel.size_bytes} were expected.",
                    hint="The file was replaced: lock again.",
                )
            return read_contents(wheel, size_bytes, read)
    except OSError as error:
        raise BuildError(
            f"{path} can't be read: {error.strerror or error}.", hint="Put the wheel back, or lock again."
        ) from error


def checksums_hold(path: Path) -> bool:
    """Whether every member of the archive at ``path`` is what its CRC says; all there is without a hash."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.testzip() is None
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
        return False
