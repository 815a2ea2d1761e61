"""What does not ship is the last row, under the option that sees to that, and can be put back from there."""

from __future__ import annotations

import pytest

from pyreq_tui.service import Options
from pyreq_tui.tui.row_actions import putting_back
from pyreq_tui.tui.widgets.size_rows import LEFT_OUT, SizeRow
from pyreq_tui.tui.widgets.size_tree import SizeTree
from tests.tui.driving import bench, opened, press, rows, shown_text, sizes
from tests.tui.fake_engine import FakeEngine


@sizes
async def test_what_is_left_out_stands_last_and_is_put_back(size: tuple[int, int]) -> None:
    async with opened(FakeEngine(), size) as pilot:
        screen = bench(pilot)
        tree = screen.query_one(SizeTree)
        assert LEFT_OUT not in rows(tree), "nothing is left out yet"
        await press(pilot, "down", "down", "o", "end")
        assert rows(tree)[-1] == LEFT_OUT
        assert "43.1 MB" in shown_text(tree).splitlines()[len(rows(tree)) - 1]
        await press(pilot, "enter", "down", "enter", "down")
        assert tree.marked is not None
        assert tree.marked.key == (LEFT_OUT, "noDeploy", "pandas")
        await press(pilot, "down", "x")
        assert screen.workspace.changes == {"noDeploy": ["pandas"]}
        assert [note.message for note in pilot.app._notifications][-1] == (
            "pytz left with what needs it: put back pandas."
        )
        await press(pilot, "w")
        assert pilot.app.screen is screen
        await press(pilot, "up", "o")
        assert screen.workspace.changes == {}
        assert LEFT_OUT not in rows(tree)
        said = [note.message for note in pilot.app._notifications][-1]
        assert said == "noDeploy without pandas. u undoes it. report.zip: +43.1 MB."


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ((LEFT_OUT, "slimPatterns **/tests"), {"slimPatterns": ["*.md"]}),
        ((LEFT_OUT, "slimPatterns **/tests", "numpy", "numpy"), {"slimPatterns": ["*.md"]}),
        ((LEFT_OUT, "slim"), {"slimPatternsAppendDefaults": False}),
        ((LEFT_OUT, "strip"), {"strip": False}),
        ((LEFT_OUT, "layer"), {"layer": False}),
        ((LEFT_OUT, "noDeploy"), {"noDeploy": []}),
        ((LEFT_OUT, "noDeploy", "pyyaml"), {"noDeploy": ["numpy"]}),
        ((LEFT_OUT, "noDeploy", "six"), {}),
        ((LEFT_OUT, "package.patterns !docs/**"), {}),
        ((LEFT_OUT, "always"), {}),
        ((LEFT_OUT,), {}),
    ],
)
def test_what_puts_a_row_back(key: tuple[str, ...], changes: dict[str, object]) -> None:
    options = Options().override(
        {"slim": True, "slimPatterns": ["**/tests", "*.md"], "noDeploy": ["PyYAML", "numpy"], "layer": True}
    )
    found, said = putting_back(SizeRow(key, key[-1], 1, 1, 1, None), options)
    assert found == changes
    assert said
