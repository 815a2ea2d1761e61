"""Drives the app in tests on real folders: the real stations, but for the index."""

from __future__ import annotations

import threading
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from textual.worker import WorkerCancelled

from pyreq_tui.errors import Cancelled, PyreqError
from pyreq_tui.opening import Opening
from pyreq_tui.tui.app import Workshop
from pyreq_tui.tui.engine import Stations
from tests.tui.driving import SMALL

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping
    from pathlib import Path

    from textual.pilot import Pilot

    from pyreq_tui.build import Materials, Report
    from pyreq_tui.processes import Cancel
    from pyreq_tui.service import Service


@dataclass
class Offline(Stations):
    """The real stations without an index; ``gather`` fails, or waits until it is cancelled."""

    waits: bool = False
    waiting: threading.Event = field(default_factory=threading.Event)

    def gather(self, service: Service, opening: Opening, *, report: Report, cancel: Cancel) -> Materials:
        self.waiting.set()
        while self.waits:
            if cancel.wait(0.01):
                raise Cancelled
        raise PyreqError("The index can't be reached.")


async def settle(pilot: Pilot[None]) -> None:
    """Wait for every worker that does not wait itself, and for those that come of it."""
    await pilot.pause()
    app = pilot.app
    is_waiting = isinstance(app, Workshop) and getattr(app.workbench.engine, "waits", False)
    while not is_waiting and (running := [worker for worker in app.workers if worker.is_running]):
        for worker in running:
            with suppress(WorkerCancelled):
                await worker.wait()
        await pilot.pause()
    await pilot.pause()


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one by one."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


@asynccontextmanager
async def opened(
    folder: Path,
    engine: Stations,
    size: tuple[int, int] = SMALL,
    *,
    sets_up: bool = False,
    config: str | None = None,
    overrides: Mapping[str, object] | None = None,
) -> AsyncIterator[Pilot[None]]:
    """The app on a folder, with setup first where ``sets_up`` is on."""
    app = Workshop(Opening(folder, config=config, overrides=overrides or {}), engine, sets_up=sets_up)
    app.animation_level = "none"
    async with app.run_test(size=size) as pilot:
        await settle(pilot)
        yield pilot
