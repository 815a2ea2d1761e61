"""Drives the app in tests: opens it on a fake engine, and waits for what is under way, never for time."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.worker import WorkerCancelled

from pyreq_tui.opening import Opening
from pyreq_tui.tui.app import Workshop
from pyreq_tui.tui.screens.build import BuildScreen

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from textual.pilot import Pilot
    from textual.widget import Widget

    from pyreq_tui.tui.screens.workbench import Workbench
    from pyreq_tui.tui.widgets.size_tree import SizeTree
    from tests.tui.fake_engine import FakeEngine

SMALL = (80, 24)
MIDDLE = (120, 36)
sizes = pytest.mark.parametrize(
    "size", [SMALL, pytest.param(MIDDLE, marks=pytest.mark.slow)], ids=["80x24", "120x36"]
)


def workshop(engine: FakeEngine, overrides: Mapping[str, object] | None = None) -> Workshop:
    """The app on a fake engine."""
    app = Workshop(Opening(Path("/srv/shop-service"), overrides=overrides or {}), engine)
    app.animation_level = "none"
    return app


async def settle(pilot: Pilot[None]) -> None:
    """Wait until nothing is under way: no worker, no message, and the figures are there."""
    app = pilot.app
    assert isinstance(app, Workshop)
    for _ in range(50):
        await pilot.pause()
        await drawn(app)
        working = [worker for worker in app.workers if worker.is_running and worker.group != "build"]
        for worker in working:
            with suppress(WorkerCancelled):
                await worker.wait()
        if not working and app.workbench.is_settled:
            await pilot.pause()
            return
    raise AssertionError(f"never settled: {app.workbench.workspace.phase}")


async def drawn(app: Workshop) -> None:
    """Wait until the screen is drawn, and what waited for that has begun."""
    is_drawn = asyncio.Event()
    app.call_after_refresh(is_drawn.set)
    await is_drawn.wait()


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one by one, each when the one before has done its work."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot)


@asynccontextmanager
async def opened(
    engine: FakeEngine, size: tuple[int, int] = SMALL, overrides: Mapping[str, object] | None = None
) -> AsyncIterator[Pilot[None]]:
    """The app, open and settled."""
    async with workshop(engine, overrides).run_test(size=size) as pilot:
        await settle(pilot)
        yield pilot


def bench(pilot: Pilot[None]) -> Workbench:
    """The workbench, whatever stands over it."""
    assert isinstance(pilot.app, Workshop)
    return pilot.app.workbench


def rows(tree: SizeTree) -> list[str]:
    """The names of the topmost rows."""
    return [node.data.name for node in tree.root.children if node.data]


async def build(pilot: Pilot[None]) -> BuildScreen:
    """Build, and wait for the end."""
    await press(pilot, "b")
    screen = build_screen(pilot)
    while screen.state in {"building", "cancelling"}:
        await pilot.pause()
    await pilot.pause()
    return screen


async def blocked(pilot: Pilot[None], engine: FakeEngine) -> BuildScreen:
    """The build, held up half-way, as far as the screen has taken it in."""
    await pilot.press("b")
    while not engine.running.is_set() or not build_screen(pilot).is_drained:
        await pilot.pause()
    await pilot.pause()
    return build_screen(pilot)


def build_screen(pilot: Pilot[None]) -> BuildScreen:
    """The build that is on screen."""
    assert isinstance(pilot.app.screen, BuildScreen)
    return pilot.app.screen


def shown_text(widget: Widget) -> str:
    """What a widget shows, line by line."""
    return "\n".join(
        "".join(segment.text for segment in widget.render_line(y)) for y in range(widget.size.height)
    )
