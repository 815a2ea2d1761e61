"""How soon the screens are there, and how long they keep a key waiting, in milliseconds.

``python -m tests.bench.screens FILES`` (or ``demo``, ``one-folder``) prints JSON: a scripted user works over
a Plan of FILES entries, without a terminal (Textual's headless driver); a callback that asks to be called
every few milliseconds notes for how long it was not. ``first_paint`` starts programs in a terminal of their
own (a pty) and waits for a word.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import pty
import shutil
import signal
import struct
import sys
import tempfile
import termios
import time
from contextlib import contextmanager
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

from textual.widgets import OptionList

from pyreq_tui.opening import Opening
from pyreq_tui.tui.app import Workshop
from pyreq_tui.tui.engine import Stations
from tests.bench.children import run
from tests.bench.table import row
from tests.planning import synthetic
from tests.tui.terminal import Terminal, stuck_build

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.pilot import Pilot

    from pyreq_tui.build import Materials, Report
    from pyreq_tui.processes import Cancel
    from pyreq_tui.service import Service

EVERY_SECONDS = 0.004
"""How often the meter asks to be called. More often, and Pilot never takes the app for idle."""
SIZE = (120, 36)
ROUNDS = 3
PLANS = (
    ("the demo", "demo"),
    ("50,000 entries", "50000"),
    ("50,000 entries in one folder", "one-folder"),
)
"""What is looked at, and how the child that measures is told."""
LOOKING_SECONDS = 7.0
"""How long the user looks at the workbench before the first key: the app uses the pause."""


class MadeUp(Stations):
    """The stations, but for what is gathered."""

    def __init__(self, service: Service, materials: Materials) -> None:
        self._service, self._materials = service, materials

    def load(self, opening: Opening) -> Service:
        return self._service

    def gather(self, service: Service, opening: Opening, *, report: Report, cancel: Cancel) -> Materials:
        return self._materials


class Meter:
    """Notes the longest time for which the event loop did not come round, step by step."""

    def __init__(self) -> None:
        self.milliseconds: dict[str, float] = {}
        self._step = "open"
        self._last = 0.0

    def start(self) -> None:
        """Begin to measure, in the running loop."""
        self._last = time.perf_counter()
        self._tick()

    def _tick(self) -> None:
        now = time.perf_counter()
        waited = (now - self._last) * 1000
        self.milliseconds[self._step] = max(waited, self.milliseconds.get(self._step, 0.0))
        self._last = now
        asyncio.get_running_loop().call_later(EVERY_SECONDS, self._tick)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """What is measured meanwhile counts for ``name``."""
        self._step = name
        yield
        self._step = "between"


async def settle(pilot: Pilot[None], app: Workshop) -> None:
    """Wait until nothing is under way."""
    await pilot.pause()
    while not app.workbench.is_settled or any(worker.is_running for worker in app.workers):
        await pilot.pause(0.02)


STEPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("move down and up", ("down", "down", "down", "up", "up", "up")),
    ("open a package and a folder", ("enter", "down", "enter", "down", "down", "enter", "down", "down")),
    ("sort by each column and flip", ("comma", "comma", "comma", "full_stop", "comma")),
    ("filter by a kind", ("slash", *"tests")),
    ("clear the filter", ("escape",)),
    ("filter letter by letter", ("slash", *"lbry12", "escape")),
    ("exclude a file", ("home", "enter", "enter", "down", "down", "down", "x")),
    ("undo", ("u",)),
    ("omit a package", ("home", "o")),
    ("undo again", ("u",)),
    ("flip slim", ("3", "space")),
    ("flip slim back", ("space",)),
    ("open the map, go in and out", ("2", "home", "t", "right", "enter", "enter", "backspace", "backspace")),
    ("back to the tree", ("t",)),
    ("findings", ("d", "down", "down", "escape")),
    ("functions and modules", ("m", "down", "down", "escape")),
    ("fit", ("f", "down", "space", "space", "escape")),
    ("why a package is here", ("2", "home", "w", "escape")),
    ("caches", ("C", "down", "escape")),
    ("help", ("question_mark", "escape")),
)


async def measure(app: Workshop, *, builds: bool = False) -> dict[str, float]:
    """The longest wait of each step, in milliseconds; ``builds`` ends with a build."""
    meter = Meter()
    async with app.run_test(size=SIZE) as pilot:
        meter.start()
        with meter.step("open"):
            await settle(pilot, app)
        with meter.step("look at it"):
            await asyncio.sleep(LOOKING_SECONDS)
        for name, keys in STEPS:
            with meter.step(name):
                for key in keys:
                    await pilot.press(key)
                    await settle(pilot, app)
        with meter.step("flip every switch"):
            options = app.screen.query_one("#options", OptionList)
            options.focus()
            for key in ("zip", "layer", "slim", "slimPatternsAppendDefaults"):
                options.highlighted = options.get_option_index(key)
                await pilot.press("space")
                await settle(pilot, app)
        with meter.step("save"):
            for key in ("s", "down", "space", "escape"):
                await pilot.press(key)
                await settle(pilot, app)
        if builds:
            with meter.step("build"):
                for key in ("b", "escape"):
                    await pilot.press(key)
                    await settle(pilot, app)
    return {step: waited for step, waited in meter.milliseconds.items() if step != "between"}


def waits(number: int, *, in_one_folder: bool = False) -> dict[str, float]:
    """The waits over a made-up Plan of ``number`` entries."""
    shape = {"packages": 1, "folders": 1} if in_one_folder else {}
    with tempfile.TemporaryDirectory() as folder:
        service, materials = synthetic(Path(folder), files=number, **shape)
        return asyncio.run(measure(Workshop(Opening(Path(folder)), MadeUp(service, materials))))


def demo_waits() -> dict[str, float]:
    """The waits over the demo, scanned and estimated for real."""
    with tempfile.TemporaryDirectory() as folder, as_file(files("pyreq_tui") / "demo") as demo:
        service = Path(folder) / "shop"
        shutil.copytree(demo, service, ignore=shutil.ignore_patterns("__pycache__"))
        return asyncio.run(measure(Workshop(Opening(service), Stations()), builds=True))


EMPTY_APP = """
from textual.app import App
from textual.widgets import Static


class Empty(App):
    def compose(self):
        yield Static("Functions")


Empty().run()
"""


def first_paint(command: Sequence[str | Path], word: bytes = b"Functions") -> float:
    """Milliseconds from the start of a program in a terminal of 120 by 36 until it shows ``word``."""
    started = time.perf_counter()
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(TERM="xterm-256color", COLORTERM="truecolor", LINES="36", COLUMNS="120")
        os.execvp(str(command[0]), [str(part) for part in command])
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("4H", SIZE[1], SIZE[0], 0, 0))
    try:
        shown = b""
        while word not in shown:
            shown += os.read(terminal, 65536)
        return (time.perf_counter() - started) * 1000
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        os.close(terminal)


def first_paints(service: Path, rounds: int = 7) -> dict[str, float]:
    """The fastest of several starts: our first frame, our panes, and an app with nothing but a word."""
    ours = [sys.executable, "-m", "pyreq_tui", service]
    found = {
        "frame": min(first_paint(ours, b"unzipped") for _ in range(rounds)),
        "panes": min(first_paint(ours) for _ in range(rounds)),
    }
    return {**found, "empty": min(first_paint([sys.executable, "-c", EMPTY_APP]) for _ in range(rounds))}


def cancel_milliseconds() -> float:
    """From the key to the word that a build is cancelled, on tmux, while its index says no word more."""
    with tempfile.TemporaryDirectory() as folder:
        terminal = Terminal(Path(folder), *SIZE)
        try:
            with stuck_build(terminal, Path(folder)):
                pressed = time.perf_counter()
                terminal.type("Escape")
                terminal.wait_for("Cancelled.")
                return (time.perf_counter() - pressed) * 1000
        finally:
            terminal.close()


def screen_rows(work: Path) -> list[dict[str, object]]:
    """First paint against an empty app, a cancel against 1 s, the longest wait for a key against 50 ms."""
    with as_file(files("pyreq_tui") / "demo") as demo:
        service = shutil.copytree(demo, work / "shop", ignore=shutil.ignore_patterns("__pycache__"))
        paints = first_paints(Path(service))
    rows = [
        row(
            "first frame of the screens / an empty Textual app, on a pty",
            paints["frame"],
            paints["empty"],
            "ms",
        ),
        row("panes of the screens / an empty Textual app, on a pty", paints["panes"], paints["empty"], "ms"),
        row("a build cancelled by key / 1 s, on tmux", cancel_milliseconds(), 1000, "ms"),
    ]
    children = [sys.executable, "-m", "tests.bench.screens"]
    for name, argument in PLANS:
        # Children of their own, and of each step the best: what else the machine does is not measured.
        runs = [json.loads(run([*children, argument]).output) for _ in range(ROUNDS)]
        found = {step: min(each[step] for each in runs) for step in runs[0]}
        rows += [
            row(f"longest wait for a key, {name}, {step} / 50 ms", milliseconds, 50, "ms")
            for step, milliseconds in found.items()
        ]
    return rows


if __name__ == "__main__":
    match sys.argv[1]:
        case "demo":
            found = demo_waits()
        case "one-folder":
            found = waits(50_000, in_one_folder=True)
        case number:
            found = waits(int(number))
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
