"""Writes a Bundle as a zip: reproducible, atomic, and as fast as the disk."""

from __future__ import annotations

import errno
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from secrets import token_hex
from typing import TYPE_CHECKING

from pyreq_tui.bundle.deflated import remove_damaged
from pyreq_tui.bundle.intact import check_wheels
from pyreq_tui.bundle.splice import OpenWheels, zip_blocks
from pyreq_tui.bundle.zipformat import zip_size
from pyreq_tui.errors import BuildError
from pyreq_tui.sizes import format_size

if TYPE_CHECKING:
    from collections.abc import Callable
    from io import FileIO
    from pathlib import Path

    from pyreq_tui.bundle.model import Bundle
    from pyreq_tui.processes import Cancel


def write_zip(bundle: Bundle, path: Path, *, cancel: Cancel, on_bytes: Callable[[int], None]) -> str:
    """Write the zip of ``bundle`` to ``path`` and return its sha256 in hex.

    The same Bundle gives the same bytes on every machine. ``on_bytes`` is told how many more bytes have been
    written. What stood at ``path`` before stands there until the new zip is whole. Raises BuildError where
    bytes are missing or damaged or the disk does not take them, and Cancelled; then no trace is left.
    """
    digest = sha256()
    written_bytes = 0
    partial = path.with_name(f".{path.name}.{token_hex(4)}")
    try:
        try:
            # Beside the writing: what is damaged is found before the zip takes its place.
            with (
                ThreadPoolExecutor(1) as aside,
                partial.open("xb", buffering=0) as file,
                OpenWheels() as wheels,
            ):
                checked = aside.submit(check_wheels, bundle.entries)
                for block in zip_blocks(bundle.entries, wheels, cancel):
                    digest.update(block)
                    _write_all(file, block)
                    written_bytes += len(block)
                    on_bytes(len(block))
                checked.result()
            _check_size(path, written_bytes, bundle)
            partial.replace(path)
        except BuildError:
            remove_damaged(bundle.entries)  # all of it now, or each build would end at the next
            raise
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise _unwritable(path, bundle, error) from error
    return digest.hexdigest()


def _check_size(path: Path, written_bytes: int, bundle: Bundle) -> None:
    if written_bytes != bundle.zipped_bytes:
        raise BuildError(
            f"{path.name} came out as {written_bytes} bytes, not the {bundle.zipped_bytes} planned.",
            hint="Build again; if it stays so, it is a fault of pyreq-tui: please report it.",
        )


def _write_all(file: FileIO, block: bytes) -> None:
    left = memoryview(block)
    while left:
        left = left[file.write(left) :]


def _unwritable(path: Path, bundle: Bundle, error: OSError) -> BuildError:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return BuildError(
            f"The disk is full: {path.name} needs {format_size(bundle.zipped_bytes)}.",
            hint="Make room on the disk of the output folder, or name another folder with -o.",
        )
    return BuildError(f"{path.name} could not be written: {error.strerror}.")


__all__ = ["write_zip", "zip_size"]
