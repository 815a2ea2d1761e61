"""Keeps Python's garbage collector and its threads from holding up a key.

A full collection goes over every file of a Plan while nothing else runs: 200 ms for 50,000. What workers make
is no garbage, so none is looked for while they run, and what they made is set aside afterwards.
"""

from __future__ import annotations

import gc
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

SWITCH_SECONDS = 0.001
"""How long a worker may hold Python's lock while the screen waits for it; 5 ms is the default."""
MANY_ALLOCATIONS = 20_000
"""Objects more than before, from which on they are set aside: less is collected in no time."""

_lock = threading.Lock()
_working = 0


def share_fairly() -> None:
    """Have workers give way to the screen sooner. For the whole process."""
    sys.setswitchinterval(SWITCH_SECONDS)


@contextmanager
def collecting_nothing() -> Iterator[None]:
    """Look for no garbage meanwhile; then set aside what there is, where much was made.

    What was set aside is freed like anything else once nothing refers to it, but never looked for in circles.
    """
    global _working  # noqa: PLW0603 - the collector is one for the whole process, and so is who holds it up
    with _lock:
        _working += 1
        gc.disable()
    try:
        yield
    finally:
        with _lock:
            _working -= 1
            if gc.get_count()[0] > MANY_ALLOCATIONS:
                gc.freeze()
            if not _working:
                gc.enable()
