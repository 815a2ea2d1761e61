"""The build on screen: streaming, cancelling, failing, and the result."""

from __future__ import annotations

import threading

from textual.widgets import Log

from pyreq_tui.build import StepAdvanced, StepFinished, StepStarted
from pyreq_tui.errors import BuildError
from pyreq_tui.tui.screens.bug import BugScreen
from pyreq_tui.tui.widgets.key_line import KeyLine
from pyreq_tui.tui.widgets.result_table import ResultTable
from pyreq_tui.tui.widgets.steps import EXPECTED, Steps, advanced, finished, stopped
from tests.tui.driving import MIDDLE, SMALL, bench, build, build_screen, opened, press, shown_text
from tests.tui.fake_engine import FakeEngine


async def test_a_build_shows_steps_log_and_result_and_can_be_repeated() -> None:
    async with opened(FakeEngine(), SMALL) as pilot:
        screen = await build(pilot)
        steps = shown_text(screen.query_one(Steps))
        assert "✓ fetch" in steps
        assert "12 wheels, 86.0 MB" in steps
        assert "– build wheels             not needed" in steps
        assert "Built in 1.3 s · slim changed   next: sls deploy" in shown_text(screen.query_one("#verdict"))
        result = shown_text(screen.query_one(ResultTable))
        first = next(line for line in result.splitlines() if "report.zip" in line)
        assert first.replace(" MB", "").split() == ["report.zip", "253.3", "253.3", "87.3", "87.3", "uploads"]
        lines = screen.query_one(Log).lines
        assert "fetch        [red]not markup[/red] �[31mescape" in lines
        assert any("deploy skips it" in line for line in lines)
        assert not screen.query_one("#log-pane").display
        await press(pilot, "l")
        assert screen.query_one("#log-pane").display
        assert not screen.query_one("#result-pane").display
        await press(pilot, "c")
        assert "fetched scipy" in pilot.app.clipboard
        await press(pilot, "y")
        assert pilot.app.clipboard == "sls deploy"
        await build(pilot)
        await press(pilot, "escape")
        assert pilot.app.screen is bench(pilot)


async def test_escape_cancels_at_once_and_says_what_was_kept() -> None:
    engine = FakeEngine(gate=threading.Event())
    async with opened(engine, MIDDLE) as pilot:
        await pilot.press("b")
        while not engine.running.is_set():
            await pilot.pause()
        await pilot.press("escape")
        screen = build_screen(pilot)
        while screen.state != "cancelled":
            await pilot.pause()
        await pilot.pause()
        assert "Nothing half-written is left" in shown_text(screen.query_one("#verdict"))
        assert "✗ fetch" in shown_text(screen.query_one(Steps))


async def test_a_click_on_the_key_cancels() -> None:
    engine = FakeEngine(gate=threading.Event())
    async with opened(engine) as pilot:
        await pilot.press("b")
        while not engine.running.is_set():
            await pilot.pause()
        await pilot.click(KeyLine, offset=(2, 0))
        while build_screen(pilot).state != "cancelled":
            await pilot.pause()


async def test_a_failure_shows_its_cause_first_then_the_way_out() -> None:
    failure = BuildError("lxml could not be built.", hint="Install libxml2-dev, or set dockerizePip.")
    async with opened(FakeEngine(run_failure=failure)) as pilot:
        screen = await build(pilot)
        shown = shown_text(screen.query_one("#verdict"))
        assert shown.index("lxml could not be built.") < shown.index("Install libxml2-dev")


async def test_a_bug_in_the_engine_is_shown_whole() -> None:
    async with opened(FakeEngine(run_failure=KeyError("wheel"))) as pilot:
        await pilot.press("b")
        while not isinstance(pilot.app.screen, BugScreen):
            await pilot.pause()
        assert "KeyError: 'wheel'" in pilot.app.screen.report


async def test_thousands_of_lines_do_not_hold_the_screen_up() -> None:
    engine = FakeEngine(log=tuple(f"line {number}" for number in range(25_000)))
    async with opened(engine, MIDDLE) as pilot:
        screen = await build(pilot)
        lines = screen.query_one(Log).lines
        assert len(lines) == 20_000
        assert "line 24999" in "\n".join(lines[-5:])


def test_steps_follow_the_events() -> None:
    steps = advanced(EXPECTED, StepStarted("fetch", 100, "bytes"), now=1.0)
    steps = advanced(steps, StepAdvanced("fetch", 40), now=2.0)
    fetch = steps[1]
    assert (fetch.state, fetch.done, fetch.total, fetch.started) == ("running", 40, 100, 1.0)
    assert [step.state for step in stopped(steps, now=3.0)] == ["waiting", "stopped", "waiting"]
    steps = advanced(steps, StepFinished("fetch", 1.5, "1 wheel"), now=3.0)
    assert [step.state for step in finished(steps)] == ["spared", "done", "spared"]


def test_a_step_nobody_expected_joins_where_it_begins() -> None:
    steps = advanced(EXPECTED, StepFinished("build wheels", 0.1), now=0.0)
    steps = advanced(steps, StepStarted("strip"), now=0.0)
    assert [step.name for step in steps] == ["build wheels", "strip", "fetch", "write"]
