"""Times the steps of a build, and tells the front end how they get on."""

from __future__ import annotations

import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyreq_tui.build.events import LineLogged, StepAdvanced, StepFinished, StepStarted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pyreq_tui.build.events import Report, StepName
    from pyreq_tui.processes import Cancel


@dataclass
class Steps:
    """Times each step, and tells the front end when it starts and ends."""

    report: Report
    cancel: Cancel
    offline: bool = False
    finished: list[tuple[str, float]] = field(default_factory=list)

    @contextmanager
    def step(
        self, name: StepName, total: int | None = None, *, in_bytes: bool = False
    ) -> Iterator[list[str]]:
        """One step; what is put into the list it yields becomes the detail of its StepFinished."""
        started = time.monotonic()
        self.report(StepStarted(name, total, "bytes" if in_bytes else "items"))
        detail: list[str] = []
        yield detail
        seconds = time.monotonic() - started
        self.finished.append((name, seconds))
        self.report(StepFinished(name, seconds, ", ".join(detail)))

    def log(self, step: StepName) -> Callable[[str], None]:
        """What takes the lines of a tool that works for ``step``."""
        return lambda line: self.report(LineLogged(step, line))

    def counter(self, step: StepName, total: int) -> Counter:
        """What adds up how far ``step`` has come."""
        return Counter(self.report, step, total)


@dataclass
class Counter:
    """Adds up what several writers report."""

    report: Report
    step: StepName
    total: int
    done: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def advance(self, more: int) -> None:
        """``more`` bytes have been written."""
        with self.lock:
            self.done += more
        self.report(StepAdvanced(self.step, self.done, self.total))
