"""Claims on what several processes work with: many may use it, who clears or swaps it must be alone."""

from __future__ import annotations

import errno
import os
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pyreq_tui.errors import BuildError, Cancelled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyreq_tui.processes import Cancel

if sys.platform != "win32":
    import fcntl

PATIENCE_SECONDS = 120
"""How long a claim is waited for; a build holds its own for less."""
_PAUSE_SECONDS = 0.05
_TAKEN = (errno.EAGAIN, errno.EACCES)


@contextmanager
def claim(path: Path, cancel: Cancel, *, alone: bool = False) -> Iterator[None]:
    """Hold a file or a folder, made where nothing is there: beside others, or ``alone``.

    It is locked itself (flock), so nothing is left behind, and nothing stays held when a process ends. Who
    holds it already must not claim it ``alone`` too. Where a system or a file system has no such locks, or it
    can't be opened, nothing is held. Raises BuildError when others hold it for too long, and Cancelled.
    """
    if sys.platform == "win32":
        yield
        return
    try:
        if not path.exists():
            path.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:  # whoever writes there says so better
        yield
        return
    try:
        _lock(descriptor, path, cancel, alone=alone)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, path: Path, cancel: Cancel, *, alone: bool) -> None:
    if sys.platform == "win32":
        return
    kind = fcntl.LOCK_EX if alone else fcntl.LOCK_SH
    last = time.monotonic() + PATIENCE_SECONDS
    while True:
        if cancel.is_set():
            raise Cancelled
        try:
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in _TAKEN:  # a network disk without locks: as safe as it can be without
                return
        else:
            return
        if time.monotonic() > last:
            raise BuildError(
                f"{path} has been in use by another process for {PATIENCE_SECONDS} seconds.",
                hint="Wait until the other build has ended, then try again.",
            )
        time.sleep(_PAUSE_SECONDS)
