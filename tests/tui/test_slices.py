"""However many files there are, the event loop handles few of them at once: the rest is a worker's."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.tui.engine import Stations
from pyreq_tui.tui.widgets import size_pane
from pyreq_tui.tui.widgets.filter_bar import FilterBar
from pyreq_tui.tui.widgets.size_rows import PAGE
from pyreq_tui.tui.widgets.size_tree import SizeTree
from pyreq_tui.tui.widgets.treemap import Treemap
from tests.planning import synthetic
from tests.tui.driving import MIDDLE, bench, opened, press, settle

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pyreq_tui.build import Materials, Plan, Report
    from pyreq_tui.opening import Opening
    from pyreq_tui.processes import Cancel
    from pyreq_tui.service import Service

FILES = 3_000


class Watched(Stations):
    """The stations over a synthetic Plan; notes in which threads they are asked."""

    def __init__(self, service: Service, materials: Materials) -> None:
        self.service, self.materials = service, materials
        self.threads: dict[str, set[str]] = {}

    def note(self, step: str) -> None:
        """It is asked for in this thread."""
        on_loop = threading.current_thread() is threading.main_thread()
        self.threads.setdefault(step, set()).add("loop" if on_loop else "worker")

    def load(self, opening: Opening) -> Service:
        return self.service

    def gather(self, service: Service, opening: Opening, *, report: Report, cancel: Cancel) -> Materials:
        return self.materials

    def plan(self, service: Service, materials: Materials) -> Plan:
        self.note("plan")
        return super().plan(service, materials)


def watched(engine: Watched, step: str, function: Callable[..., object]) -> Callable[..., object]:
    def noting(*arguments: object) -> object:
        engine.note(step)
        return function(*arguments)

    return noting


@pytest.mark.slow
async def test_planning_filtering_and_counting_are_workers_business(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = Watched(*synthetic(tmp_path, files=FILES, packages=3))
    find = size_pane.Listing.matching
    monkeypatch.setattr(size_pane.Listing, "matching", watched(engine, "filter", find))
    weigh = size_pane.weigh_kinds
    monkeypatch.setattr(size_pane, "weigh_kinds", watched(engine, "count", weigh))
    async with opened(engine, MIDDLE) as pilot:  # type: ignore[arg-type] - the stations, watched
        tree = bench(pilot).query_one(SizeTree)
        await press(pilot, "slash", *"lib", "escape", "home", "o", "u", "f", "space", "escape")
        assert engine.threads == {"plan": {"worker"}, "filter": {"worker"}, "count": {"worker"}}
        await press(pilot, "home", "enter", "down", "enter", "down", "enter")
        assert tree.last_line < 3 * (PAGE + 1), "a wide folder opens a page at a time"
        await press(pilot, "t")
        assert len(bench(pilot).query_one(Treemap).placed) < PAGE


async def test_what_is_typed_meanwhile_is_not_lost(tmp_path: Path) -> None:
    engine = Watched(*synthetic(tmp_path, files=600, packages=3))
    async with opened(engine, MIDDLE) as pilot:  # type: ignore[arg-type] - the stations, watched
        await pilot.press("slash", *"package-1 stubs")
        await press(pilot, "enter")
        screen = bench(pilot)
        assert screen.query_one(FilterBar).text == "package-1 stubs"
        assert [row.data.name for row in screen.query_one(SizeTree).root.children if row.data] == [
            "package-1"
        ]


@pytest.mark.slow
async def test_changes_faster_than_their_plans_end_in_the_last_one(tmp_path: Path) -> None:
    engine = Watched(*synthetic(tmp_path, files=600, packages=3))
    async with opened(engine, MIDDLE) as pilot:  # type: ignore[arg-type] - the stations, watched
        screen = bench(pilot)
        for package in ("package-0", "package-1", "package-2"):
            screen.change("noDeploy", [package])
        await settle(pilot)
        workspace = screen.workspace
        assert workspace.plan is not None
        assert workspace.plan.service.options.no_deploy == ("package-2",)
        shown = {row.data.name for row in screen.query_one(SizeTree).root.children if row.data}
        assert {"package-0", "package-1"} <= shown
        assert "package-2" not in shown
        assert [each.title for each in workspace.left_out] == ["noDeploy"]
