"""Runs the engine for a command: progress on stderr, Ctrl-C as cancel."""

from __future__ import annotations

import signal
import sys
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pyreq_tui.build import Materials, Plan, cache_folder, claim, gather, plan
from pyreq_tui.cli.progress import reporter

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

    from pyreq_tui.build import Report
    from pyreq_tui.cli.arguments import Arguments
    from pyreq_tui.service import Service


def _stop_signals() -> list[signal.Signals]:
    """Ctrl-C, a polite kill and a closed terminal; but not what `nohup` or a shell's `&` has us ignore."""
    named = ("SIGINT", "SIGTERM", "SIGHUP")  # Windows has no SIGHUP
    known = [signal.Signals[name] for name in named if hasattr(signal, name)]
    return [number for number in known if signal.getsignal(number) is not signal.SIG_IGN]


@contextmanager
def working(arguments: Arguments) -> Iterator[tuple[Report, threading.Event]]:
    """Where events go, and what a first Ctrl-C sets; a second Ctrl-C ends the program at once."""
    cancel = threading.Event()

    def ask_to_stop(number: int, _frame: FrameType | None) -> None:
        if cancel.is_set():
            signal.signal(number, signal.SIG_DFL)
            signal.raise_signal(number)
        cancel.set()

    before = {number: signal.signal(number, ask_to_stop) for number in _stop_signals()}
    try:
        with reporter(
            quiet=arguments.quiet,
            verbose=arguments.verbose,
            color=arguments.color,
            on_terminal=bool(sys.stderr and sys.stderr.isatty()),  # None: closed by who called us
        ) as report:
            yield report, cancel
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def building(arguments: Arguments, service: Service) -> Iterator[tuple[Report, threading.Event]]:
    """As ``working``, with the caches held from first look to last byte, so that nobody clears them."""
    with working(arguments) as (report, cancel), claim(cache_folder(service), cancel):
        yield report, cancel


def planned(
    arguments: Arguments, service: Service, report: Report, cancel: threading.Event
) -> tuple[Plan, Materials]:
    """What a build of ``service`` would write."""
    materials = gather(
        service, report=report, cancel=cancel, offline=arguments.offline, functions=arguments.functions
    )
    return plan(service, materials), materials
