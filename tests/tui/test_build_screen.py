"""The build on screen: streaming, searching, cancelling, failing, and the result."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Log, Static

from pyreq_tui.build import StepAdvanced, StepFinished, StepStarted
from pyreq_tui.errors import BuildError, Finding
from pyreq_tui.service import Options
from pyreq_tui.tui.outcomes import next_command
from pyreq_tui.tui.screens.bug import BugScreen
from pyreq_tui.tui.screens.build import LOG_NAME
from pyreq_tui.tui.screens.building import DRAIN_MOST
from pyreq_tui.tui.screens.findings import FindingsScreen
from pyreq_tui.tui.terminal import progress_sequence, shows_progress
from pyreq_tui.tui.widgets.artifact_table import ArtifactTable
from pyreq_tui.tui.widgets.key_line import KeyLine
from pyreq_tui.tui.widgets.log_pane import LogPane
from pyreq_tui.tui.widgets.steps import EXPECTED, Step, Steps, advanced, finished, fraction_done, stopped
from tests.tui.driving import MIDDLE, SMALL, bench, blocked, build, opened, press, shown_text
from tests.tui.fake_engine import MEGABYTE, FakeEngine, fitting_engine, service_of

if TYPE_CHECKING:
    from collections.abc import Iterable


def row(table: ArtifactTable, filename: str) -> list[str]:
    """The cells of an artifact's row, without units."""
    line = next(line for line in shown_text(table).splitlines() if filename in line)
    return line.replace(" MB", "").split()


async def test_what_changed_since_the_estimate_is_read_again_before_it_is_built() -> None:
    engine = fitting_engine()
    async with opened(engine, SMALL) as pilot:
        engine.outdated = True
        await pilot.press("b")
        while getattr(pilot.app.screen, "state", "") != "done":
            await pilot.pause()
        assert engine.gathered == 2
        await pilot.press("b")
        while engine.gathered < 3 or getattr(pilot.app.screen, "state", "") != "done":
            await pilot.pause()


async def test_a_build_shows_its_result_beside_the_estimate_and_what_comes_next() -> None:
    found = Finding("warning", "glibc-too-new", "numpy needs 2.28")
    engine = FakeEngine(found_on_disk=(found,))
    async with opened(engine, SMALL) as pilot:
        bench(pilot).opening = replace(bench(pilot).opening, offline=True)
        screen = await build(pilot)
        assert engine.ran_offline, "as the screens were asked to be"
        steps = shown_text(screen.query_one(Steps))
        assert "✓ fetch" in steps
        assert "12 wheels, 86.0 MB" in steps
        assert "– build wheels             not needed" in steps
        verdict = shown_text(screen.query_one("#verdict"))
        assert "Built in 1.3 s · slim changed" in verdict
        assert "✗ report.zip is 3.3 MB over Lambda's limit: a deploy fails." in verdict
        assert "3 artifacts: 2 new, 1 the same as last build: deploy will skip it." in verdict
        assert "next  pyreq-tui config /srv/shop-service --use-artifacts --write" in verdict
        table = screen.query_one(ArtifactTable)
        assert row(table, "report.zip") == [
            "▸",
            "report.zip",
            "253.3",
            "253.3",
            "87.3",
            "87.3",
            "✗",
            "too",
            "large",
        ]
        assert row(table, "resize.zip")[-2:] == ["✓", "skips"]
        await press(pilot, "enter")
        assert row(table, " scipy")[:3] == ["scipy", "106.7", "106.7"]
        await press(pilot, "ctrl+end")
        detail = shown_text(screen.query_one("#artifact-detail"))
        assert ".serverless/resize.zip · same bytes as the last build: deploy will skip it" in detail
        assert "sha256 " in detail
        await press(pilot, "y")
        assert pilot.app.clipboard == "pyreq-tui config /srv/shop-service --use-artifacts --write"
        await press(pilot, "S")
        said = [note.message for note in pilot.app._notifications][-1]
        assert said.startswith("Written: .serverless/report.cdx.json, .serverless/api.cdx.json, ")
        await press(pilot, "d")
        assert isinstance(pilot.app.screen, FindingsScreen)
        await press(pilot, "escape")
        await build(pilot)
        await press(pilot, "escape")
        assert pilot.app.screen is bench(pilot)


async def test_artifacts_stand_side_by_side_until_escape_cancels_and_says_what_was_kept() -> None:
    engine = FakeEngine(gate=threading.Event(), written={"report.zip": 0.42, "api.zip": 1.0})
    async with opened(engine, SMALL) as pilot:
        screen = await blocked(pilot, engine)
        table = screen.query_one(ArtifactTable)
        assert row(table, "report.zip") == ["report.zip", "253.3", "87.3", "▸", "42", "%"]
        assert row(table, "api.zip")[-3:] == ["▸", "100", "%"]
        assert row(table, "resize.zip")[-2:] == ["·", "waiting"]
        assert "61.0 of 86.0 MB" in shown_text(screen.query_one(Steps))
        await pilot.press("escape")
        while screen.state != "cancelled":
            await pilot.pause()
        await pilot.pause()
        verdict = shown_text(screen.query_one("#verdict"))
        assert "Nothing half-written is left" in verdict
        assert "Kept for the next build: what is whole of the 61.0 MB fetched." in verdict
        assert "✗ fetch" in shown_text(screen.query_one(Steps))


@pytest.mark.slow
async def test_a_click_on_the_key_cancels() -> None:
    engine = FakeEngine(gate=threading.Event())
    async with opened(engine) as pilot:
        screen = await blocked(pilot, engine)
        await pilot.click(KeyLine, offset=(2, 0))
        while screen.state != "cancelled":
            await pilot.pause()


async def test_a_failure_shows_its_cause_first_then_the_way_out_then_the_log() -> None:
    said = "\n".join(f"line {number}" for number in range(40))
    failure = BuildError(
        f"lxml could not be built:\n{said}", hint="Install libxml2-dev, or set dockerizePip."
    )
    engine = FakeEngine(run_failure=failure)
    async with opened(engine) as pilot:
        screen = await build(pilot)
        verdict = screen.query_one("#verdict")
        shown = shown_text(verdict)
        places = [shown.index(part) for part in ("lxml could not be built:", "Install libxml2", "line 39")]
        assert places == sorted(places)
        assert verdict.region.bottom <= screen.query_one(LogPane).region.y
        assert not screen.query_one(ArtifactTable).is_on_screen
        await press(pilot, "y")
        assert pilot.app.clipboard == f"{failure.message}\n{failure.hint}"
        await press(pilot, "escape")
        engine.run_failure, engine.found_on_disk = None, BuildError("api.zip can't be read.")
        screen = await build(pilot)
        assert screen.state == "done"
        await press(pilot, "d")
        assert [finding.code for finding in bench(pilot).workspace.known] == ["not-looked-into"]
        await press(pilot, "escape", "escape")
        engine.run_failure = KeyError("wheel")
        await pilot.press("b")
        while not isinstance(pilot.app.screen, BugScreen):
            await pilot.pause()
        assert "KeyError: 'wheel'" in pilot.app.screen.report, "a bug is shown whole"


@pytest.mark.slow
async def test_thousands_of_lines_cost_few_updates_and_none_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    number = 25_000
    updates: list[int] = []
    write = Log.write_lines

    def counted(log: Log, lines: Iterable[str], scroll_end: bool | None = None) -> Log:
        updates.append(len(list(lines)))
        return write(log, lines, scroll_end)

    monkeypatch.setattr(Log, "write_lines", counted)
    engine = FakeEngine(log=tuple(f"line {index}" for index in range(number)))
    async with opened(engine, MIDDLE) as pilot:
        screen = await build(pilot)
        lines = [line for line in screen.query_one(Log).lines if line.startswith("fetch        line ")]
        assert lines == [f"fetch        line {index}" for index in range(number)]
        # At 20 a second, and never so many at once that a key has to wait.
        assert len(updates) <= -(-number // DRAIN_MOST) * 2
        assert max(updates) <= DRAIN_MOST


@pytest.mark.slow
async def test_the_log_is_searched_copied_and_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = FakeEngine(log=("Fetched SciPy", *["…"] * 60, "[red]not markup[/red] \x1b[31m scipy", "last"))
    async with opened(engine, SMALL) as pilot:
        screen = await build(pilot)
        log, found = screen.query_one(Log), screen.query_one("#search-found", Static)
        await press(pilot, "slash", *"scipy")
        assert "2 of 2" in shown_text(found)
        assert "scipy" in shown_text(log)
        await press(pilot, "enter", "n")
        assert "1 of 2" in shown_text(found)
        assert "SciPy" in shown_text(log)
        assert screen.get_selected_text() == "SciPy"
        await press(pilot, "N")
        assert "2 of 2" in shown_text(found)
        await press(pilot, "escape")
        assert pilot.app.screen is screen, "the first escape only closes the search"
        await press(pilot, "slash", *"nowhere")
        assert "not found" in shown_text(found)
        await press(pilot, "escape", "c")
        assert "fetch        [red]not markup[/red] �[31m scipy" in pilot.app.clipboard.splitlines()
        monkeypatch.setattr(type(screen.plan.service), "output", tmp_path / ".serverless")
        await press(pilot, "s")
        file = tmp_path / ".serverless" / LOG_NAME
        assert file.read_text("utf-8") == pilot.app.clipboard + "\n"
        assert [note.message for note in pilot.app._notifications][-1] == f"Log saved: {file}"


@pytest.mark.slow
async def test_a_long_build_rings_unless_the_bell_is_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pyreq_tui.tui.screens.building.LONG_SECONDS", -1.0)
    rung: list[bool] = []
    async with opened(fitting_engine()) as pilot:
        monkeypatch.setattr(pilot.app, "bell", lambda: rung.append(True))
        await build(pilot)
        assert rung == [True]
        pilot.app.settings = replace(pilot.app.settings, bell=False)
        await build(pilot)
        assert rung == [True]


def test_what_comes_next_is_deploying_once_the_zips_were_handed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    service = service_of(Options())
    monkeypatch.setattr(Path, "cwd", lambda: service.root)
    assert next_command(service) == "pyreq-tui config --use-artifacts --write"
    handed_over = replace(
        service, functions=tuple(replace(each, artifact_folder=".pyreq") for each in service.functions)
    )
    assert next_command(handed_over) == "sls deploy"


def test_progress_is_shown_only_where_it_is_not_taken_for_a_notification() -> None:
    assert shows_progress({"WT_SESSION": "1"})
    assert shows_progress({"VTE_VERSION": "8003"})
    assert not shows_progress({"VTE_VERSION": "7802"})
    assert not shows_progress({"TERM_PROGRAM": "iTerm.app"})
    assert not shows_progress({"TERM_PROGRAM": "ghostty", "TMUX": "/tmp/tmux-0/default,1,0"})
    assert progress_sequence(42) == "\x1b]9;4;1;42\x07"
    assert progress_sequence(None) == "\x1b]9;4;0;\x07"


def test_steps_follow_the_events() -> None:
    steps = advanced(EXPECTED, StepStarted("fetch", 100, "bytes"), now=1.0)
    steps = advanced(steps, StepAdvanced("fetch", 40), now=2.0)
    fetch = steps[1]
    assert (fetch.state, fetch.done, fetch.total, fetch.started) == ("running", 40, 100, 1.0)
    assert fraction_done(steps) == pytest.approx(0.4 / 3)
    assert [step.state for step in stopped(steps, now=3.0)] == ["waiting", "stopped", "waiting"]
    steps = advanced(steps, StepFinished("fetch", 1.5, "1 wheel"), now=3.0)
    assert [step.state for step in finished(steps)] == ["spared", "done", "spared"]


def test_a_step_nobody_expected_joins_where_it_begins() -> None:
    steps = advanced(EXPECTED, StepFinished("build wheels", 0.1), now=0.0)
    steps = advanced(steps, StepStarted("strip"), now=0.0)
    assert [step.name for step in steps] == ["build wheels", "strip", "fetch", "write"]


@pytest.mark.slow
async def test_a_running_step_says_how_fast_it_is_and_how_long_it_takes() -> None:
    step = Step("fetch", "running", 61 * MEGABYTE, 86 * MEGABYTE, is_bytes=True, started=10.0)
    async with opened(fitting_engine(), SMALL) as pilot:
        screen = await build(pilot)
        while screen._clock._active.is_set():
            await pilot.pause()
        steps = screen.query_one(Steps)
        steps.steps, steps.now = (step,), 15.0
        await pilot.pause()
        assert "61.0 of 86.0 MB · 12.2 MB/s · 2.0 s left" in shown_text(steps)
