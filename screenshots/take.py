"""Takes the pictures of the README from the running app on the demo: ``python screenshots/take.py``.

Each screen is taken dark and light. The first run downloads the demo's wheels.
"""

from __future__ import annotations

import asyncio
import shutil
import sys
import tempfile
from contextlib import chdir
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

from pyreq_tui.opening import Opening
from pyreq_tui.tui.app import Workshop
from pyreq_tui.tui.engine import Stations
from pyreq_tui.tui.screens.build import BuildScreen
from pyreq_tui.tui.settings import DEFAULTS
from pyreq_tui.tui.themes import DARK, LIGHT

if TYPE_CHECKING:
    from textual.pilot import Pilot

HERE = Path(__file__).parent
SIZE = (120, 36)
PATIENCE_SECONDS = 300


async def take(service: Path) -> None:
    """Walk through the app and keep what it looks like on the way."""
    app = Workshop(Opening(service), Stations())
    app.animation_level = "none"
    async with asyncio.timeout(PATIENCE_SECONDS), app.run_test(size=SIZE, notifications=False) as pilot:
        await settle(pilot, app)
        await show(pilot, app, "workbench", "enter")
        await show(pilot, app, "jump", "ctrl+o")
        await show(pilot, app, "treemap", "escape", "t")
        await show(pilot, app, "filter", "t", "slash", *"tests", "enter")
        await show(pilot, app, "why", "escape", "down", "w")
        await show(pilot, app, "modules", "escape", "m")
        await show(pilot, app, "findings", "escape", "d")
        await show(pilot, app, "help", "escape", "question_mark")
        app.settings = DEFAULTS  # taking pictures chose a theme
        await show(pilot, app, "settings", "escape", "P")
        await show(pilot, app, "setup", "escape", "S")
        await show(pilot, app, "fit", "escape", "f")
        await press(pilot, app, "enter")
        await build(pilot, app)  # this one downloads; the one that is shown is of every day
        app.workbench.change("noDeploy", ["boto3"])
        await settle(pilot, app)
        await show(pilot, app, "compare", "c")
        await show(pilot, app, "save", "escape", "s")
        await press(pilot, app, "escape")
        await build(pilot, app, "build")
        await show(pilot, app, "caches", "C")


async def build(pilot: Pilot[None], app: Workshop, name: str | None = None) -> None:
    """Build to the end, and go back."""
    await pilot.press("b")
    await pilot.pause()
    while not isinstance(app.screen, BuildScreen) or app.screen.state == "building":
        await pilot.pause(0.1)
    if app.screen.state != "done":
        raise SystemExit(f"The build is {app.screen.state}.")
    await settle(pilot, app)
    if name is not None:
        await keep(pilot, app, name)
    await press(pilot, app, "escape")


async def show(pilot: Pilot[None], app: Workshop, name: str, *keys: str) -> None:
    """Press keys, and keep what comes of them."""
    await press(pilot, app, *keys)
    await keep(pilot, app, name)


async def press(pilot: Pilot[None], app: Workshop, *keys: str) -> None:
    """Press keys one by one, each when the one before has done its work."""
    for key in keys:
        await pilot.press(key)
        await settle(pilot, app)


async def settle(pilot: Pilot[None], app: Workshop) -> None:
    """Wait until nothing is under way."""
    await pilot.pause()
    while not app.workbench.is_settled or any(worker.is_running for worker in app.workers):
        await pilot.pause(0.1)
    if app.workbench.workspace.failure is not None:
        raise SystemExit(str(app.workbench.workspace.failure))


async def keep(pilot: Pilot[None], app: Workshop, name: str) -> None:
    """Write the screen as SVG, dark and light."""
    for theme, suffix in ((LIGHT, "-light"), (DARK, "")):
        app.theme = theme.name
        await pilot.pause(0.2)
        svg = app.export_screenshot(title="pyreq-tui")
        (HERE / f"{name}{suffix}.svg").write_text(svg + "\n", encoding="utf-8")
    sys.stderr.write(f"{name}.svg\n")


def main() -> None:
    """Copy the demo to a folder whose name may be seen, and take the pictures."""
    with tempfile.TemporaryDirectory() as folder, as_file(files("pyreq_tui") / "demo") as demo:
        service = Path(folder) / "shop-service"
        shutil.copytree(demo, service, ignore=shutil.ignore_patterns("__pycache__"))
        with chdir(service):
            asyncio.run(take(service))


if __name__ == "__main__":
    main()
