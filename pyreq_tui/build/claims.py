"""Claims on what several processes work with: many may use it, who clears or swaps it must be alone."""

from __future__ import annotations

import errno
import hashlib
import os
import sys
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pyreq_tui.errors import BuildError, Cancelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyreq_tui.processes import Cancel

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

PATIENCE_SECONDS = 120
"""How long a claim is waited for; a build holds its own for less."""
_PAUSE_SECONDS = 0.05
_TAKEN = (errno.EAGAIN, errno.EACCES, errno.EDEADLK)
_SEATS = 256
"""On Windows a lock has no kinds: beside others is to hold one byte of so many, alone is to hold them all."""


@dataclass(frozen=True, eq=False)
class _Claim:
    """One that this process holds."""

    path: Path
    descriptor: int
    thread: int


_held: list[_Claim] = []
_changing = threading.Lock()


@contextmanager
def claim(path: Path, cancel: Cancel, *, alone: bool = False) -> Iterator[None]:
    """Hold a file or a folder, made where nothing is there: beside others, or ``alone``.

    Nothing is left in it, and nothing stays held when a process ends. Who holds it already must not claim it
    ``alone`` too. Where a file system has no locks, or it can't be opened, nothing is held. Raises BuildError
    when others hold it for too long, and Cancelled.
    """
    try:
        descriptor = _open(path)
    except OSError:  # whoever writes there says so better
        yield
        return
    held = _Claim(path.absolute(), descriptor, threading.get_ident())
    try:
        _wait_for(descriptor, path, cancel, alone=alone)
        with _changing:
            _held.append(held)
        yield
    finally:
        with _changing, suppress(ValueError):
            _held.remove(held)
        os.close(descriptor)


@contextmanager
def alone_if_free(path: Path) -> Iterator[bool]:
    """Whether ``path`` is held alone: nobody is waited for, and what this thread holds of it does not count.

    Meant for the end of a piece of work, for in between another process may have been alone with it.
    """
    with _changing:
        held = [claimed for claimed in _held if claimed.path == path.absolute()]
    if any(claimed.thread != threading.get_ident() for claimed in held):
        yield False
        return
    try:
        descriptor = _open(path)
    except OSError:
        yield False
        return
    try:
        for claimed in held:
            _release(claimed.descriptor)
        yield _take(descriptor, alone=True) is not False
    finally:
        os.close(descriptor)
        for claimed in held:
            _wait_for(claimed.descriptor, path, threading.Event(), alone=False)


def _wait_for(descriptor: int, path: Path, cancel: Cancel, *, alone: bool) -> None:
    last = time.monotonic() + PATIENCE_SECONDS
    while True:
        if cancel.is_set():
            raise Cancelled
        if _take(descriptor, alone=alone) is not False:
            return
        if time.monotonic() > last:
            raise BuildError(
                f"{path} has been in use by another process for {PATIENCE_SECONDS} seconds.",
                hint="Wait until the other build has ended, then try again.",
            )
        time.sleep(_PAUSE_SECONDS)


if sys.platform == "win32":

    def _open(path: Path) -> int:
        """A file that stands for ``path``: a folder can't be opened there, and a locked file not be read."""
        place = Path(tempfile.gettempdir(), "pyreq-tui-claims")
        place.mkdir(exist_ok=True)
        key = hashlib.sha256(os.path.normcase(path.absolute()).encode()).hexdigest()[:32]
        return os.open(place / key, os.O_RDWR | os.O_CREAT)

    def _take(descriptor: int, *, alone: bool) -> bool | None:
        """Whether it could be had; ``None`` where there are no locks."""
        for first, seats in [(0, _SEATS)] if alone else [(seat, 1) for seat in range(_SEATS)]:
            os.lseek(descriptor, first, os.SEEK_SET)
            try:
                msvcrt.locking(descriptor, msvcrt.LK_NBLCK, seats)
            except OSError as error:
                if error.errno not in _TAKEN:
                    return None
            else:
                return True
        return False

    def _release(descriptor: int) -> None:
        for seat in range(_SEATS):
            os.lseek(descriptor, seat, os.SEEK_SET)
            with suppress(OSError):  # not the one that is held
                msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)

else:

    def _open(path: Path) -> int:
        """``path`` itself, so that nothing is left behind."""
        if not path.exists():
            path.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDONLY)

    def _take(descriptor: int, *, alone: bool) -> bool | None:
        """Whether it could be had; ``None`` where there are no locks, as on some network disks."""
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except OSError as error:
            return False if error.errno in _TAKEN else None
        return True

    def _release(descriptor: int) -> None:
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_UN)
