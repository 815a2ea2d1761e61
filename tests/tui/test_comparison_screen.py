"""What grew, on a screen: the last build at once, a branch or a stage when asked, and why not."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from textual.widgets import Input

from pyreq_tui.build import ArtifactChange, Baseline, Change
from pyreq_tui.build.comparison import Measure
from pyreq_tui.errors import PyreqError
from pyreq_tui.opening import Opening
from pyreq_tui.service import Options
from pyreq_tui.tui.change_rows import change_lines, summary
from pyreq_tui.tui.engine import Stations
from pyreq_tui.tui.screens.bug import BugScreen
from pyreq_tui.tui.screens.comparison import ComparisonScreen
from tests.projects import SERVERLESS, make_project
from tests.tui.driving import SMALL, bench, opened, press, shown_text, sizes
from tests.tui.fake_engine import FakeEngine

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot


def comparison(pilot: Pilot[None]) -> ComparisonScreen:
    screen = pilot.app.screen
    assert isinstance(screen, ComparisonScreen)
    return screen


@sizes
async def test_what_grew_since_the_last_build_and_against_a_branch(size: tuple[int, int]) -> None:
    engine = FakeEngine(before=Options().override({"noDeploy": ["scipy"]}))
    async with opened(engine, size) as pilot:
        await press(pilot, "down", "o", "c")
        screen = comparison(pilot)
        state, changes = screen.query_one("#comparison-state"), screen.query_one("#changes")
        assert "Since the last build. All together +56.4 MB unzipped" in shown_text(state)
        lines = [line.split() for line in shown_text(changes).splitlines()]
        assert lines[0][:7] == ["▴", "report.zip", "146.6", "MB", "→", "203.0", "MB"]
        assert lines[1][:6] == ["+", "scipy", "new", "1.16.3", "+106.7", "MB"]
        assert lines[2][:6] == ["−", "numpy", "gone", "2.3.4", "−50.3", "MB"]
        assert "as before: api.zip, resize.zip" in shown_text(changes)
        await press(pilot, "y")
        assert "scipy" in pilot.app.clipboard
        await press(pilot, "b", *"main", "enter")
        assert "Since branch main." in shown_text(state)
        await press(pilot, "s", *"prod", "enter")
        assert "Since stage prod." in shown_text(state)
        await press(pilot, "escape")
        assert pilot.app.screen is bench(pilot)


async def test_what_cannot_be_compared_says_why_and_what_to_do() -> None:
    engine = FakeEngine(compare_failure=PyreqError("No build is on [record].", hint="Build it once."))
    async with opened(engine, SMALL) as pilot:
        await press(pilot, "c")
        screen = comparison(pilot)
        text = shown_text(screen.query_one("#comparison-state"))
        assert "✗ No build is on [record]." in text
        assert "→ Build it once." in text
        screen.query_one(Input).value = "worm"
        screen.query_one(Input).focus()
        await press(pilot, "enter")
        assert "Write last, stage:NAME or branch:NAME" in shown_text(screen.query_one("#comparison-state"))
        engine.compare_failure = ZeroDivisionError("bug")
        await pilot.press("l")
        while not isinstance(pilot.app.screen, BugScreen):
            await pilot.pause()


def test_no_line_is_longer_than_the_screen_and_nothing_steers_the_terminal() -> None:
    odd = Change("\x1b[31m" + "x" * 90, Measure("1" * 40, 10**9, 1), Measure("2" * 40, 0, 0))
    whole = Change("report", Measure("", 10**9, 10**9), Measure("", 1, 1))
    change = ArtifactChange("r" * 90 + ".zip", "function", whole, (odd,))
    for width in (60, 78, 118, 198):
        for line in change_lines([change], width):
            assert line.cell_length <= width
            assert "\x1b" not in line.plain
    same = ArtifactChange("a.zip", "function", Change("a", Measure("", 1, 1), Measure("", 1, 1)), ())
    assert summary([same]).plain == "Nothing changed."


def test_the_screens_compare_by_the_stations_too(tmp_path: Path) -> None:
    project = make_project(tmp_path, SERVERLESS.replace("{}", f"{{cacheLocation: '{tmp_path / 'cache'}'}}"))
    stations, opening = Stations(), Opening(project.root)
    materials = project.materials()
    planned = stations.plan(materials.service.with_overrides({"noDeploy": ["beta"]}), materials)
    [change] = stations.compare(
        Baseline("stage", "prod"), planned, opening, report=lambda _: None, cancel=threading.Event()
    )
    assert [(each.name, each.state) for each in change.packages] == [("beta", "gone")]
