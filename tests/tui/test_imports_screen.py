"""Trying the imports of handlers: told beforehand, cancelled at once, its findings taken in."""

from __future__ import annotations

import sys
import threading
from typing import TYPE_CHECKING

import pytest
from textual.widgets import Button

from pyreq_tui.errors import BuildError, Finding
from pyreq_tui.findings import HandlerImport, Prospect
from pyreq_tui.findings.imports.run import Failure, Imported
from pyreq_tui.findings.imports.times import PackageTime
from pyreq_tui.opening import Opening
from pyreq_tui.tui.engine import Stations, Tried
from pyreq_tui.tui.screens.findings import FindingsScreen
from pyreq_tui.tui.screens.importing import ImportsScreen
from pyreq_tui.tui.widgets.finding_list import FindingList
from tests.projects import SERVERLESS, make_project
from tests.tui.driving import SMALL, bench, opened, press, settle, shown_text
from tests.tui.fake_engine import FakeEngine

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot

MISSING = Finding("error", "import-missing-module", "api can't be imported: yaml is not there.")
OF_ARTIFACTS = Finding("warning", "glibc-too-new", "numpy needs 2.28")
SLOW = (PackageTime("pandas", 0.41), PackageTime("numpy", 0.22))
BROKEN = Failure("ModuleNotFoundError", "No module named 'yaml'", is_import=True, missing="yaml")


def imported(name: str, failure: Failure | None, *packages: PackageTime) -> HandlerImport:
    """What came of one handler."""
    return HandlerImport(
        name, f"{name}.run", f"{name}.zip", Imported(0.84, packages, True, (), (), (), failure)
    )


TRIED = Tried((imported("report", None, *SLOW), imported("api", BROKEN)), (MISSING,), (OF_ARTIFACTS,))


def screen(pilot: Pilot[None]) -> ImportsScreen:
    """The dialog that is open."""
    assert isinstance(pilot.app.screen, ImportsScreen)
    return pilot.app.screen


async def test_what_it_does_is_told_first_and_what_it_finds_joins_the_findings() -> None:
    engine = FakeEngine(tried=TRIED, gate=threading.Event())
    async with opened(engine, SMALL) as pilot:
        await press(pilot, "d", "i")
        assert "This runs your code" in shown_text(screen(pilot).query_one(".note"))
        rows = screen(pilot).query_one("#import-rows")
        assert "· report  in a process here, on Python 3.12" in shown_text(rows)
        assert "– resize  not tried: there is no Python 3.9 here" in shown_text(rows)
        assert not engine.running.is_set(), "nothing ran yet"
        await pilot.press("enter")
        while not engine.running.is_set():
            await pilot.pause()
        await pilot.press("escape")
        await settle(pilot)
        assert "Cancelled" in shown_text(screen(pilot).query_one("#import-state"))
        assert engine.gate is not None
        engine.gate.set()
        await press(pilot, "enter")
        told = shown_text(rows)
        assert "✓ report    0.84 s  pandas 0.41, numpy 0.22" in told
        assert "✗ api       0.84 s  ModuleNotFoundError: No module named 'yaml'" in told
        assert "1 handler does not import" in shown_text(screen(pilot).query_one("#import-state"))
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, FindingsScreen)
        assert "import-missing-module" in shown_text(pilot.app.screen.query_one(FindingList))
        assert bench(pilot).workspace.known == (MISSING, OF_ARTIFACTS)
        bench(pilot).change("slim", True)
        await settle(pilot)
        assert bench(pilot).workspace.known == (), "of what ships no more"
        await press(pilot, "escape", "i", "enter", "enter")
        assert isinstance(pilot.app.screen, FindingsScreen), "from the workbench too"


async def test_what_changed_since_the_estimate_is_read_before_it_is_tried() -> None:
    engine = FakeEngine(tried=TRIED, outdated=True)
    async with opened(engine, SMALL) as pilot:
        await press(pilot, "i", "enter")
        assert pilot.app.screen is bench(pilot)
        assert engine.gathered == 2
        assert not engine.running.is_set(), "nothing ran"
        assert "Then i tries" in [note.message for note in pilot.app._notifications][-1]


@pytest.mark.slow
async def test_where_nothing_can_be_tried_that_is_said_and_a_failure_says_why() -> None:
    engine = FakeEngine(outlook=(Prospect(("report",), "in a process here", "Windows can't"),))
    async with opened(engine, SMALL) as pilot:
        await press(pilot, "i")
        assert screen(pilot).query_one("#try", Button).disabled
        assert "no handler can be imported on this" in shown_text(screen(pilot).query_one("#import-state"))
        await press(pilot, "enter", "escape")
        assert not engine.running.is_set()
        engine.outlook = FakeEngine().outlook
        engine.tried = BuildError("Docker does not answer.", hint="Start it.")
        await press(pilot, "i", "enter")
        assert "Docker does not answer." in shown_text(screen(pilot).query_one("#import-state"))
        await press(pilot, "escape")
        assert pilot.app.screen is bench(pilot)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows can't hold an import apart")
def test_the_stations_build_what_is_not_built_and_import_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    here = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    project = make_project(tmp_path, SERVERLESS.replace("python3.12", here))
    project.write({"handler.py": "import absent\ndef main(event, context): ...\n"})
    engine, cancel, opening = Stations(), threading.Event(), Opening(project.root)
    service = project.load()
    materials = engine.gather(service, opening, report=lambda _: None, cancel=cancel)
    plan = engine.plan(service, materials)

    [prospect] = engine.prospects(plan, opening, cancel)
    tried = engine.try_imports(plan, materials, opening, report=lambda _: None, cancel=cancel)

    assert prospect == Prospect(("main",), f"in a process here, on Python {here[6:]}", None)
    assert [finding.code for finding in tried.findings] == ["import-missing-module"]
    assert [done.function for done in tried.imports] == ["main"]
    assert list(service.output.glob("*.zip")), "built first"
    result = engine.run(plan, materials, report=lambda _: None, cancel=cancel, offline=True)
    assert engine.write_sboms(result, materials) == (service.output / "shop.cdx.json",)
    assert '"alpha"' in (service.output / "shop.cdx.json").read_text()
