"""Functions, modules, sources and lockfiles on one screen, each with its state."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pyreq_tui.bundle import SERVICE_CODE, Bundle, Entry, LiteralBytes
from pyreq_tui.service import Options
from pyreq_tui.sources import Source
from pyreq_tui.tui.screens.modules import ModulesScreen
from pyreq_tui.tui.service_map import FunctionRow, LockState, ModuleRow, module_rows, top_listing
from tests.tui.driving import bench, opened, press, shown_text, sizes
from tests.tui.fake_engine import FUNCTIONS, ROOT, FakeEngine, service_of

PLAN = FakeEngine().plan(service_of(Options()), None)  # type: ignore[arg-type] - it asks for no materials


@sizes
async def test_the_map_tells_states_sizes_and_what_a_zip_lists(size: tuple[int, int]) -> None:
    async with opened(FakeEngine(), size) as pilot:
        await press(pilot, "m")
        screen = pilot.app.screen
        assert isinstance(screen, ModulesScreen)
        lines = [line.split() for line in shown_text(screen.query_one("#modules")).splitlines()]
        assert lines[0] == ["service", "root", "requirements.txt", "·", "no", "lockfile"]
        assert lines[1][:6] == ["✓", "api", "4.3", "of", "250", "MB"]
        assert lines[2] == ["–", "thumbnail", "a", "container", "image"]
        assert lines[3] == ["report/", "report/uv.lock", "✓", "fresh"]
        assert lines[4][:6] == ["✗", "report", "253.3", "of", "250", "MB"]
        assert lines[5] == ["resize/", "resize/poetry.lock", "⚠", "stale"]
        detail = screen.query_one("#module-detail Static")
        assert "3.3 MB over Lambda's 250 MB" in shown_text(detail), "what does not fit is marked first"
        assert "scipy/" in shown_text(detail)
        await press(pilot, "down")
        assert "lock again" in shown_text(detail)
        await press(pilot, "y")
        assert "resize/  poetry.lock  stale" in pilot.app.clipboard
        await press(pilot, "down", "enter")
        assert pilot.app.screen is bench(pilot)
        assert bench(pilot).workspace.shown == "resize.zip"


def source(kind: str, *, locked: bool, fresh: bool | None) -> Source:
    lockfile = ROOT / "some.lock" if locked else None
    return Source(kind, ".", ROOT, Path("pyproject.toml"), lockfile, fresh)  # type: ignore[arg-type] - as read


@pytest.mark.parametrize(
    ("found", "state"),
    [
        (None, "none"),
        (source("uv", locked=True, fresh=True), "fresh"),
        (source("poetry", locked=True, fresh=False), "stale"),
        (source("pylock", locked=True, fresh=None), "locked"),
        (source("pipenv", locked=False, fresh=None), "missing"),
        (source("requirements", locked=False, fresh=None), "unlocked"),
    ],
)
def test_every_state_of_a_lockfile(found: Source | None, state: LockState) -> None:
    assert ModuleRow(".", found, ()).state == state


def test_layers_count_against_the_limit_and_foreign_ones_are_named() -> None:
    layered = replace(PLAN.artifacts[1], layer_bytes=250 * 2**20)
    function = replace(FUNCTIONS[1], layers=("arn:aws:lambda:eu-west-1:1:layer:tools:3", "OwnLayer"))
    row = FunctionRow(function, layered)
    assert row.is_over_limit
    assert row.foreign_layers == ("arn:aws:lambda:eu-west-1:1:layer:tools:3",)
    assert not FunctionRow(function, PLAN.artifacts[1]).is_over_limit


def test_without_a_plan_there_are_functions_all_the_same() -> None:
    rows = module_rows(service_of(Options()), None, ())
    assert [row.name for row in rows] == ["service root", "report/", "resize/"]
    assert all(held.artifact is None for row in rows for held in row.functions)


def test_the_top_of_a_zip_is_its_folders_and_files_largest_first() -> None:
    entries = [("b/one", 5), ("b/two", 6), ("a.py", 20), ("c/x/y", 1)]
    bundle = Bundle(tuple(Entry(path, size, size, SERVICE_CODE, LiteralBytes(b"")) for path, size in entries))
    listed = top_listing(replace(PLAN.artifacts[0], bundle=bundle))
    assert [(each.name, each.unzipped_bytes, each.files) for each in listed] == [
        ("a.py", 20, 1),
        ("b/", 11, 2),
        ("c/", 1, 1),
    ]
