"""Saving: the diff first, then the file, then a fresh look at it."""

from __future__ import annotations

from pyreq_tui.errors import PyreqError
from pyreq_tui.tui.diffs import changed_lines
from pyreq_tui.tui.screens.save import SaveScreen
from pyreq_tui.tui.widgets.yaml_line import YamlLine
from tests.tui.driving import bench, opened, press, shown_text
from tests.tui.fake_engine import FakeEngine


async def test_s_shows_the_diff_and_enter_saves_it() -> None:
    engine = FakeEngine()
    async with opened(engine, overrides={"slim": True}) as pilot:
        await press(pilot, "s")
        assert isinstance(pilot.app.screen, SaveScreen)
        shown = shown_text(pilot.app.screen.query_one("#diff"))
        assert "+    slim: true" in shown
        assert "# [arm] Macs" in shown
        await press(pilot, "y")
        assert "+    slim: true" in pilot.app.clipboard
        await press(pilot, "escape")
        assert engine.writes == 0
        await press(pilot, "s", "enter")
        assert engine.writes == 1
        assert pilot.app.screen is bench(pilot)
        assert bench(pilot).workspace.changes == {}
        assert "as saved" in shown_text(pilot.app.screen.query_one(YamlLine))
        await press(pilot, "s")
        assert pilot.app.screen is bench(pilot), "nothing left to save"


async def test_the_mouse_saves_too() -> None:
    engine = FakeEngine()
    async with opened(engine, overrides={"slim": True}) as pilot:
        await pilot.click(YamlLine)
        await pilot.pause()
        await pilot.click("#save")
        await pilot.pause()
        assert engine.writes == 1


async def test_a_file_that_changed_meanwhile_is_not_overwritten() -> None:
    failure = PyreqError("serverless.yml has changed since it was read.", hint="Reload with r.")
    async with opened(FakeEngine(write_failure=failure), overrides={"slim": True}) as pilot:
        await press(pilot, "s", "enter")
        assert isinstance(pilot.app.screen, SaveScreen)
        assert "has changed since" in shown_text(pilot.app.screen.query_one("#save-failure"))


def test_changed_lines_leave_the_diffs_own_heads_out() -> None:
    assert changed_lines("--- a\n+++ b\n@@ -1 +1,2 @@\n x\n-y\n+z\n+w\n") == 3
