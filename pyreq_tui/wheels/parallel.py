"""Does the same to many things at a time, and stops at once when asked to or when one fails."""

from __future__ import annotations

import threading
from collections import deque
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, TypeVar

from pyreq_tui.errors import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pyreq_tui.processes import Cancel

THREADS = 16
"""At most so many at a time: they wait for the network, not for a core."""
POLL_SECONDS = 0.05
"""How long a cancel may go unseen."""

_Item = TypeVar("_Item")
_Outcome = TypeVar("_Outcome")


class Stop:
    """A Cancel that is also set when the work as a whole is over, so that nobody goes on in vain."""

    def __init__(self, cancel: Cancel) -> None:
        self._cancel = cancel
        self._over = threading.Event()

    def is_set(self) -> bool:
        """Whether to stop."""
        return self._over.is_set() or self._cancel.is_set()

    def set(self) -> None:
        """Stop everybody."""
        self._over.set()


def each(
    items: Sequence[_Item], work: Callable[[_Item], _Outcome], *, stop: Stop, cancel: Cancel
) -> Iterator[tuple[_Item, _Outcome]]:
    """Items with what ``work`` made of them, as they are done.

    Raises the first exception of ``work``, or Cancelled, without waiting for whoever hangs in a read: the
    threads are daemons, and find ``stop`` set when they wake.
    """
    waiting = deque(items)
    done: SimpleQueue[tuple[_Item, _Outcome | BaseException]] = SimpleQueue()

    def run() -> None:
        while not stop.is_set():
            try:
                item = waiting.popleft()
            except IndexError:
                return
            try:
                done.put((item, work(item)))
            except BaseException as error:  # noqa: BLE001 - raised again in the caller's thread
                done.put((item, error))

    try:
        for _ in range(min(THREADS, len(items))):
            threading.Thread(target=run, daemon=True, name="pyreq-wheels").start()
        left = len(items)
        while left:
            if cancel.is_set():
                raise Cancelled
            try:
                item, outcome = done.get(timeout=POLL_SECONDS)
            except Empty:
                continue
            if isinstance(outcome, BaseException):
                raise outcome
            left -= 1
            yield item, outcome
    finally:
        stop.set()
