"""Takes the pictures of the README from the running app on the demo: ``python screenshots/take.py``."""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

from pyreq_tui.tui.app import Workshop
from pyreq_tui.tui.engine import Opening, Stations
from pyreq_tui.tui.screens.build import BuildScreen
from pyreq_tui.tui.themes import DARK, LIGHT

if TYPE_CHECKING:
    from textual.pilot import Pilot

HERE = Path(__file__).parent
SIZE = (120, 36)
PATIENCE_SECONDS = 300
"""A first run downloads the demo's wheels."""


async def take(service: Path) -> None:
    """Walk through the app and keep what it looks like on the way."""
    app = Workshop(Opening(service), Stations())
    app.animation_level = "none"
    async with asyncio.timeout(PATIENCE_SECONDS), app.run_test(size=SIZE) as pilot:
        await settle(pilot, app)
        await pilot.press("enter")
        await keep(pilot, app, "workbench")
        app.theme = LIGHT.name
        await keep(pilot, app, "workbench-light")
        app.theme = DARK.name
        await pilot.press("down", "w")
        await keep(pilot, app, "why")
        await pilot.press("escape", "f")
        await settle(pilot, app)
        await keep(pilot, app, "fit")
        await pilot.press("enter")
        await settle(pilot, app)
        await pilot.press("b")  # this one downloads; the one that is shown is of every day
        await built(pilot, app)
        await pilot.press("escape")
        app.workbench.change("noDeploy", ["boto3"])
        await settle(pilot, app)
        await pilot.press("s")
        await keep(pilot, app, "save")
        await pilot.press("escape", "b")
        await built(pilot, app)
        await keep(pilot, app, "build")


async def built(pilot: Pilot[None], app: Workshop) -> None:
    """Wait for the end of the build."""
    await pilot.pause()
    while not isinstance(app.screen, BuildScreen) or app.screen.state == "building":
        await pilot.pause(0.1)
    if app.screen.state != "done":
        raise SystemExit(f"The build is {app.screen.state}.")


async def settle(pilot: Pilot[None], app: Workshop) -> None:
    """Wait for the estimate."""
    while not app.workbench.is_settled or any(worker.is_running for worker in app.workers):
        await pilot.pause(0.1)
    if app.workbench.workspace.failure is not None:
        raise SystemExit(str(app.workbench.workspace.failure))


async def keep(pilot: Pilot[None], app: Workshop, name: str) -> None:
    """Write the screen as SVG."""
    await pilot.pause(0.2)
    svg = app.export_screenshot(title="pyreq-tui")
    (HERE / f"{name}.svg").write_text(svg + "\n", encoding="utf-8")
    sys.stderr.write(f"{name}.svg\n")


def main() -> None:
    """Copy the demo to a folder whose name may be seen, and take the pictures."""
    with tempfile.TemporaryDirectory() as folder, as_file(files("pyreq_tui") / "demo") as demo:
        service = Path(folder) / "shop-service"
        shutil.copytree(demo, service, ignore=shutil.ignore_patterns("__pycache__"))
        asyncio.run(take(service))


if __name__ == "__main__":
    main()
