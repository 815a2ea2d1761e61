"""What the screens look like. Few, with a fixed theme and no clock in them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import BuildError, PyreqError, Where
from tests.tui.driving import MIDDLE, SMALL, blocked, build, press, settle, workshop
from tests.tui.fake_engine import ROOT, FakeEngine, fitting_engine
from tests.tui.test_findings_screen import ALL

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot

    SnapCompare = Callable[..., bool]

pytest.importorskip("pytest_textual_snapshot")


def test_workbench_over_the_limit(snap_compare: SnapCompare) -> None:
    assert snap_compare(workshop(FakeEngine()), terminal_size=MIDDLE, run_before=settle)


@pytest.mark.slow
def test_workbench_that_fits_on_a_small_terminal(snap_compare: SnapCompare) -> None:
    assert snap_compare(workshop(fitting_engine()), terminal_size=SMALL, run_before=settle)


@pytest.mark.slow
def test_workbench_with_nothing_to_ship(snap_compare: SnapCompare) -> None:
    assert snap_compare(
        workshop(FakeEngine(packages={"report": {}})), terminal_size=MIDDLE, run_before=settle
    )


def test_workbench_with_an_error(snap_compare: SnapCompare) -> None:
    failure = PyreqError(
        "The key slim stands twice.", hint="Remove one of them.", where=Where(ROOT / "serverless.yml", 7)
    )
    assert snap_compare(workshop(FakeEngine(load_failure=failure)), terminal_size=SMALL, run_before=settle)


def test_build(snap_compare: SnapCompare) -> None:
    async def settle_and_build(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await build(pilot)

    assert snap_compare(workshop(FakeEngine()), terminal_size=MIDDLE, run_before=settle_and_build)


@pytest.mark.slow
def test_build_that_runs(snap_compare: SnapCompare, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("build", "building"):
        monkeypatch.setattr(f"pyreq_tui.tui.screens.{name}.monotonic", lambda: 0.0)
    engine = FakeEngine(gate=threading.Event(), written={"report.zip": 0.42})

    async def hold(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await blocked(pilot, engine)

    assert snap_compare(workshop(engine), terminal_size=SMALL, run_before=hold)


@pytest.mark.slow
def test_build_that_failed(snap_compare: SnapCompare, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("build", "building"):
        monkeypatch.setattr(f"pyreq_tui.tui.screens.{name}.monotonic", lambda: 0.0)
    failure = BuildError("lxml could not be built.", hint="Install libxml2-dev, or set dockerizePip.")

    async def fail(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await build(pilot)

    assert snap_compare(workshop(FakeEngine(run_failure=failure)), terminal_size=SMALL, run_before=fail)


def test_findings(snap_compare: SnapCompare) -> None:
    async def ask(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await press(pilot, "d")

    assert snap_compare(workshop(FakeEngine(reported=ALL)), terminal_size=MIDDLE, run_before=ask)


@pytest.mark.slow
def test_caches(snap_compare: SnapCompare) -> None:
    async def ask(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await press(pilot, "C", "p")

    assert snap_compare(workshop(FakeEngine()), terminal_size=SMALL, run_before=ask)


def test_save(snap_compare: SnapCompare) -> None:
    async def ask(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await press(pilot, "s")

    app = workshop(FakeEngine(), {"slim": True, "noDeploy": ["boto3", "botocore"]})
    assert snap_compare(app, terminal_size=SMALL, run_before=ask)


@pytest.mark.slow
def test_why(snap_compare: SnapCompare) -> None:
    async def ask(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await press(pilot, "down", "down", "w")

    assert snap_compare(workshop(FakeEngine()), terminal_size=MIDDLE, run_before=ask)


@pytest.mark.slow
def test_fit(snap_compare: SnapCompare) -> None:
    async def ask(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await press(pilot, "f")

    assert snap_compare(workshop(FakeEngine()), terminal_size=SMALL, run_before=ask)


@pytest.mark.slow
def test_filter(snap_compare: SnapCompare) -> None:
    async def ask(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await press(pilot, "slash", *"tests", "enter", "down")

    assert snap_compare(workshop(FakeEngine()), terminal_size=MIDDLE, run_before=ask)


@pytest.mark.slow
def test_map(snap_compare: SnapCompare) -> None:
    async def ask(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await press(pilot, "t")

    assert snap_compare(workshop(FakeEngine()), terminal_size=MIDDLE, run_before=ask)


@pytest.mark.slow
def test_modules_on_a_small_terminal(snap_compare: SnapCompare) -> None:
    async def ask(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await press(pilot, "m")

    assert snap_compare(workshop(FakeEngine()), terminal_size=SMALL, run_before=ask)


@pytest.mark.slow
def test_comparison(snap_compare: SnapCompare) -> None:
    async def ask(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await press(pilot, "down", "o", "c")

    assert snap_compare(workshop(FakeEngine()), terminal_size=MIDDLE, run_before=ask)
