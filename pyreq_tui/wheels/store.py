"""The folder that keeps wheels and their Contents, addressed by content."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import time
import weakref
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pyreq_tui.errors import BuildError, PyreqError
from pyreq_tui.redact import redact
from pyreq_tui.wheels.local import checksums_hold, local_path
from pyreq_tui.wheels.packed import DamagedError, pack, unpack

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyreq_tui.locks import WheelFile
    from pyreq_tui.wheels.model import Contents

_SHA256 = re.compile(r"[0-9a-f]{64}")
_FILENAME = re.compile(r"[^/\\\x00-\x1f\x7f:]+\.whl")
_ABANDONED_SECONDS = 24 * 60 * 60
"""Unfinished work untouched for so long is nobody's."""


class Store:
    """A content-addressed folder, safe for several processes at a time: a file is there whole or not at all.

    ::

        wheels/3f/3f…64 digits…/six-1.17.0-py2.py3-none-any.whl    by the wheel's sha256
        urls/9a/9a…64 digits…/legacy-1.0-py3-none-any.whl          where no sha256 is known: by its URL
        contents/3f/3f…64 digits…                                   see `pack`
        built/…                                                     what has been built of what
        unfinished/…                                                work in progress, removed when it ends

    Where downloads are not to be kept they lie in ``unfinished`` too, until nobody holds the Store any more.
    """

    def __init__(self, folder: Path, *, keeps_downloads: bool = True) -> None:
        self.folder = folder
        self._downloads = folder if keeps_downloads else self._make_passing()

    @property
    def uv_cache(self) -> Path:
        """Where uv keeps what it downloads: beside the store."""
        return self.folder.with_name("uv")

    def _make_passing(self) -> Path:
        """A folder for what is downloaded and not kept; removed with the Store, or when the process ends."""
        with disk_errors(self.folder):
            unfinished = self.folder / "unfinished"
            unfinished.mkdir(parents=True, exist_ok=True)
            folder = Path(tempfile.mkdtemp(dir=unfinished))
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        return folder

    def is_own(self, wheel: WheelFile) -> bool:
        """Whether it was made here, not downloaded."""
        return not wheel.url or wheel.url.startswith(f"{self.folder.absolute().as_uri()}/")

    def wheel_path(self, wheel: WheelFile) -> Path:
        """Where ``wheel`` is kept, or will be. Raises PyreqError for a filename or hash that is not one."""
        if not _FILENAME.fullmatch(wheel.filename) or wheel.filename.startswith("."):
            raise PyreqError(f"{redact(wheel.filename)!r} is not the filename of a wheel.")
        kind = "wheels" if wheel.sha256 else "urls"
        key = _key(wheel)
        folder = self.folder if self.is_own(wheel) else self._downloads
        return folder / kind / key[:2] / key / wheel.filename

    def has(self, wheel: WheelFile) -> bool:
        """Whether ``wheel`` is here, with the size it should have; `verify` looks deeper.

        What may not be looked at, another user's say, is not here.
        A local file without a hash must also be as old as its copy, for its owner may have built it anew.
        """
        try:
            found = self.wheel_path(wheel).stat()
        except OSError:
            return False
        if wheel.size_bytes not in (None, found.st_size):
            return False
        source = local_path(wheel.url) if wheel.sha256 is None else None
        if source is None or not source.exists():
            return found.st_size > 0
        original = source.stat()
        return (found.st_size, found.st_mtime_ns) == (original.st_size, original.st_mtime_ns)

    def contents(self, wheel: WheelFile) -> Contents | None:
        """What is known to be in ``wheel``; ``None`` where it must be read.

        A record that is damaged, or that nobody may read, is as good as none.
        """
        try:
            contents = unpack(self._contents_path(wheel).read_bytes())
        except (OSError, DamagedError):
            return None
        if contents.sha256 != wheel.sha256 or wheel.size_bytes not in (None, contents.size_bytes):
            return None
        if contents.filename != wheel.filename:  # one wheel may go by several names
            contents = replace(contents, filename=wheel.filename)
        return contents

    def put_contents(self, wheel: WheelFile, contents: Contents) -> None:
        """Remember ``contents`` for ever; where nothing vouches that they stay true, do nothing.

        What vouches is the sha256, or else the URL together with the size, but not for a local file.
        """
        if wheel.sha256 is None and (wheel.size_bytes is None or local_path(wheel.url) is not None):
            return
        path = self._contents_path(wheel)
        with self.workshop() as folder:
            unfinished = folder / "contents"
            unfinished.write_bytes(pack(contents))
            publish(unfinished, path)

    def forget(self, wheel: WheelFile) -> None:
        """Remove ``wheel`` and what is known of it: it turned out not to be what it should."""
        self._contents_path(wheel).unlink(missing_ok=True)
        self.wheel_path(wheel).unlink(missing_ok=True)

    def drop_if_damaged(self, path: Path) -> None:
        """Remove the wheel at ``path`` where it is not what it should be; another file is left alone."""
        with suppress(OSError):
            if path.suffix == ".whl" and not _is_whole(path):
                path.unlink()

    def wheels(self) -> Iterator[Path]:
        """Every wheel kept, in the order of the paths."""
        for kind in ("urls", "wheels"):
            yield from sorted((self.folder / kind).glob("??/*/*.whl"))

    def verify(self) -> tuple[Path, ...]:
        """Read every wheel and record again; remove what is damaged, and return where it stood.

        A wheel is compared with its sha256; one known by URL only, with the checksums inside it.
        """
        damaged = [path for path in self.wheels() if not _is_whole(path)]
        for path in sorted((self.folder / "contents").glob("??/*")):
            try:
                unpack(path.read_bytes())
            except DamagedError:
                damaged.append(path)
        for path in damaged:
            path.unlink(missing_ok=True)
        return tuple(damaged)

    @contextmanager
    def workshop(self) -> Iterator[Path]:
        """A fresh folder on the store's own disk for unfinished work, removed at the end.

        Raises BuildError where the store can't be written to, or the disk is full.
        """
        with disk_errors(self.folder):
            unfinished = self.folder / "unfinished"
            unfinished.mkdir(parents=True, exist_ok=True)
            _sweep(unfinished)
            folder = Path(tempfile.mkdtemp(dir=unfinished))
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    def _contents_path(self, wheel: WheelFile) -> Path:
        key = _key(wheel)
        return self.folder / "contents" / key[:2] / key


def publish(unfinished: Path, path: Path) -> None:
    """Move a finished file to its place at once; whoever else put it there meant the same bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished.replace(path)


@contextmanager
def disk_errors(folder: Path) -> Iterator[None]:
    """Turn what the disk under ``folder`` refuses into a BuildError that says what and where."""
    try:
        yield
    except OSError as error:
        if error.errno is None or isinstance(error, ConnectionError | TimeoutError):
            raise
        raise BuildError(
            f"Can't write to {error.filename2 or error.filename or folder}: {os.strerror(error.errno)}.",
            hint=f"Make room or give write access, or set cacheLocation to another disk than {folder}'s.",
        ) from error


def _key(wheel: WheelFile) -> str:
    if wheel.sha256 is None:
        return hashlib.sha256(f"{redact(wheel.url)}\n{wheel.size_bytes}".encode()).hexdigest()
    if not _SHA256.fullmatch(wheel.sha256):
        raise PyreqError(
            f"{redact(wheel.filename)} has the sha256 {redact(wheel.sha256)!r}, which is not one."
        )
    return wheel.sha256


def _sweep(unfinished: Path) -> None:
    """Remove what a process that was killed has left."""
    for folder in unfinished.iterdir():
        with suppress(FileNotFoundError):  # another process swept it
            if time.time() - folder.stat().st_mtime > _ABANDONED_SECONDS:
                shutil.rmtree(folder, ignore_errors=True)


def _is_whole(path: Path) -> bool:
    if path.parents[2].name == "wheels":
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == path.parent.name
    return checksums_hold(path)
