"""The map shows the tree's rows as tiles, walked by keys and mouse; its row keys do what the tree's do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pyreq_tui.build import plan
from pyreq_tui.bundle import Bundle, size_tree
from pyreq_tui.service import Options
from pyreq_tui.tui.widgets.size_pane import SizePane
from pyreq_tui.tui.widgets.size_rows import SORT_KEYS, Order, Shipping, SortKey
from pyreq_tui.tui.widgets.size_tree import SizeTree
from pyreq_tui.tui.widgets.tile_label import tile_lines
from pyreq_tui.tui.widgets.tile_layout import lay_out
from pyreq_tui.tui.widgets.treemap import Treemap
from tests.planning import synthetic
from tests.tui.driving import MIDDLE, SMALL, bench, opened, press, settle, shown_text, sizes
from tests.tui.fake_engine import REPORT, FakeEngine, bundle_of

if TYPE_CHECKING:
    from pathlib import Path

    from textual.pilot import Pilot


def shipping() -> Shipping:
    whole = size_tree(bundle_of(REPORT, Options()), "report")
    return Shipping(whole, whole, dict(REPORT.keys()))


def marked(pilot: Pilot[None]) -> tuple[str, ...]:
    row = bench(pilot).query_one(SizePane).marked
    assert row is not None
    return row.key


@sizes
async def test_the_map_keeps_the_place_of_the_tree_and_its_keys(size: tuple[int, int]) -> None:
    async with opened(FakeEngine(), size) as pilot:
        screen = bench(pilot)
        await press(pilot, "down", "t")
        treemap = screen.query_one(Treemap)
        assert treemap.has_focus
        assert marked(pilot) == ("numpy",)
        text = shown_text(treemap)
        assert "▸numpy 2.3.4" in text
        assert "106.7 MB · 42 %" in text
        assert "o omits it" in shown_text(screen.query_one("#row-detail"))
        await press(pilot, "home")
        assert marked(pilot) == ("scipy",)
        await press(pilot, "enter", "enter")
        assert "report / scipy / scipy" in shown_text(treemap)
        assert marked(pilot) == ("scipy", "scipy", "_core")
        await press(pilot, "l")
        assert marked(pilot) == ("scipy", "scipy", "tests")
        await press(pilot, "x")
        assert screen.workspace.changes == {"slim": True, "slimPatterns": ["**/tests"]}
        assert "tests" not in shown_text(treemap), "what is left out has no tile"
        await press(pilot, "u", "backspace", "escape")
        assert marked(pilot) == ("scipy",)
        assert not treemap.is_inside
        await press(pilot, "o")
        assert screen.workspace.changes == {"noDeploy": ["scipy"]}
        assert "scipy" not in shown_text(treemap)
        await press(pilot, "u", "end")
        last = treemap.marked
        assert last is not None
        assert last.is_rest
        await press(pilot, "t")
        assert screen.query_one(SizeTree).has_focus
        assert marked(pilot) == (last.key if size == SMALL else (last.rest[0].name,)), "or what it stands for"
        assert not treemap.display


async def test_the_mouse_marks_goes_in_and_out() -> None:
    async with opened(FakeEngine(), MIDDLE) as pilot:
        await press(pilot, "t")
        treemap = bench(pilot).query_one(Treemap)
        tile = next(placed.tile for placed in treemap.placed if placed.row.name == "pandas")
        for _ in range(2):
            await pilot.click(Treemap, offset=(tile.left + 2, tile.top + 1))
            await settle(pilot)
        assert treemap.is_inside
        assert marked(pilot)[0] == "pandas"
        await pilot.click(Treemap, offset=(2, 0))
        assert marked(pilot) == ("pandas",)


@pytest.mark.slow
async def test_a_filter_and_another_order_hold_for_the_map_too() -> None:
    async with opened(FakeEngine(), SMALL) as pilot:
        await press(pilot, "t", "slash", *"tests", "enter")
        treemap = bench(pilot).query_one(Treemap)
        assert treemap.has_focus
        assert "16.0 MB" in shown_text(treemap)
        await press(pilot, "comma", "comma")
        assert "6 files" in shown_text(treemap)
        await press(pilot, "escape")
        assert "10 files" in shown_text(treemap)
        await press(pilot, "escape")
        assert not treemap.display
        assert bench(pilot).query_one(SizeTree).order == Order("files"), "both sort alike"


def test_small_packages_are_folded_where_there_is_no_room_for_all() -> None:
    folded, all_of_them = (shipping().packages(Order(), room) for room in (12, 13))
    assert folded[-1].name == "… 7 under 1 %"
    assert len(all_of_them) == 13


def test_every_row_has_a_tile_and_what_is_too_small_shares_one() -> None:
    placed = lay_out(shipping(), None, Order(), 76, 15)
    assert [each.row.name for each in placed][-1] == "… 7 under 1 %"
    packages = [node.name for each in placed for node in (each.row.rest or [each.row])]
    assert set(packages) >= {name for name, _ in REPORT}
    scipy = placed[0]
    assert {inner.row.name for inner in scipy.inside} >= {"_core", "tests"}, "not the folder scipy alone"
    for inner in scipy.inside:
        assert scipy.tile.left < inner.tile.left
        assert inner.tile.right < scipy.tile.right
        assert inner.tile.bottom < scipy.tile.bottom


def test_a_tile_says_as_much_as_it_has_room_for() -> None:
    row = shipping().packages(Order())[0]

    def lines(width: int, height: int) -> list[str]:
        return tile_lines(row, Order(), 0.42, (".so", 0.6), width=width, height=height, is_marked=False)

    assert lines(30, 4) == [" scipy 1.16.3", " 106.7 MB · 42 %", " mostly libraries"]
    assert lines(12, 3) == [" scipy", " 106.7 MB", " libraries"]
    assert lines(6, 2) == [" scipy", " 42 %"]
    assert lines(30, 1) == [" scipy 106.7 MB"]
    assert lines(2, 1) == [""]


def test_nothing_to_ship_has_no_tiles() -> None:
    whole = size_tree(Bundle(()), "empty")
    assert lay_out(Shipping(whole, whole), None, Order(), 40, 10) == ()


@pytest.mark.parametrize("key", SORT_KEYS)
def test_what_shares_a_tile_is_the_rest_of_its_folder(key: SortKey, tmp_path: Path) -> None:
    service, materials = synthetic(tmp_path, files=600, packages=1, folders=1)
    whole = size_tree(plan(service, materials).artifacts[0].bundle, "wide")
    shown = Shipping(whole, whole)
    package = next(row for row in shown.packages(Order(key)) if row.files > 500)
    module = shown.inside(package, Order(key))[0]
    folder = shown.inside(module, Order(key))[0]
    rows = shown.biggest_inside(folder, Order(key), 1 / 400)
    assert len(rows) > 1
    assert rows[-1].is_rest
    assert [Order(key).amount(row) for row in rows[:-1]] == sorted(
        (Order(key).amount(node) for node in folder.children), reverse=True
    )[: len(rows) - 1]
    for amount in ("unzipped_bytes", "zipped_bytes", "files"):
        assert sum(getattr(row, amount) for row in rows) == getattr(folder, amount)
        rest = rows[-1]
        assert sum(getattr(node, amount) for node in rest.rest) == getattr(rest, amount)
