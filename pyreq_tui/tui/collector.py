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
THRESHOLDS = (5_000, 3, 200)
"""Allocations until young objects are gone over; rounds of that until older ones are, and until all are.

Little and often: two or three milliseconds for the young, five to ten for those of three rounds. Ten times as
many took 40, most of it to free what keys and drawing leave in circles.
"""
PAUSE_SECONDS = 0.5
"""Without a key for so long, there is time to look for garbage."""
LONG_PAUSE_SECONDS = 10.0
"""Without a key for so long, there is time to look everywhere."""
FEW_ALLOCATIONS = 1_000
"""Objects not worth going over."""
MANY_ALLOCATIONS = 20_000
"""Objects more than before, from which on they are set aside: less is collected in no time."""

_lock = threading.Lock()
_working = 0
_has_set_aside = False


def give_way() -> None:
    """Have workers and the collector hold up the screen for less long. For the whole process."""
    sys.setswitchinterval(SWITCH_SECONDS)
    gc.set_threshold(*THRESHOLDS)


def collect(idle_seconds: float) -> None:
    """Look for garbage as far as there is time, where nobody pressed a key for ``idle_seconds``."""
    young, _, old = gc.get_count()
    if _working or idle_seconds < PAUSE_SECONDS or young < FEW_ALLOCATIONS:
        return
    gc.collect(2 if old and idle_seconds >= LONG_PAUSE_SECONDS else 1)


@contextmanager
def collecting_nothing() -> Iterator[None]:
    """Look for no garbage meanwhile; then set aside what there is, where much was made.

    What was set aside is freed like anything else once nothing refers to it, but never looked for in circles.
    """
    # The collector is one for the whole process, and so is who holds it up.
    global _working, _has_set_aside  # noqa: PLW0603
    with _lock:
        _working += 1
        gc.disable()
    try:
        yield
    finally:
        with _lock:
            _working -= 1
            if gc.get_count()[0] > MANY_ALLOCATIONS or not _has_set_aside:
                gc.freeze()  # the first time the screens too: alone they take 80 ms to go over
                _has_set_aside = True
            if not _working:
                gc.enable()
