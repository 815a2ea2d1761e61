"""Why, omit, exclude, undo, filter and fit: by keyboard and by mouse, narrow and wide."""

from __future__ import annotations

import pytest
from textual.widgets import Button, Input, OptionList

from pyreq_tui.errors import PyreqError
from pyreq_tui.service import Options
from pyreq_tui.tui.screens.bug import BugScreen
from pyreq_tui.tui.screens.fitting import FitScreen
from pyreq_tui.tui.screens.why import WhyScreen
from pyreq_tui.tui.widgets.filter_bar import FilterBar
from pyreq_tui.tui.widgets.gauges import Gauges
from pyreq_tui.tui.widgets.key_line import KeyLine
from pyreq_tui.tui.widgets.size_tree import SizeTree
from tests.tui.driving import MIDDLE, SMALL, bench, opened, press, rows, settle, shown_text, sizes
from tests.tui.fake_engine import API, REPORT, FakeEngine, fitting_engine

TO_TESTS = ("enter", "down", "enter", "down", "down")
"""From the top to the tests folder of the first package."""


@sizes
async def test_why_shows_the_paths_and_what_leaves_and_omits(size: tuple[int, int]) -> None:
    async with opened(FakeEngine(), size) as pilot:
        await press(pilot, "down", "w")
        screen = pilot.app.screen
        assert isinstance(screen, WhyScreen)
        text = [line.plain.strip() for line in screen.lines()]
        assert "50.3 MB unzipped, 15.3 MB zipped: 20 % of report.zip." in text
        assert "scikit-learn → scipy → numpy" in text
        await press(pilot, "y")
        assert "pandas → numpy" in pilot.app.clipboard
        await press(pilot, "escape")
        tree = pilot.app.screen.query_one(SizeTree)
        await press(pilot, "down", "down", "w")
        assert isinstance(pilot.app.screen, WhyScreen)
        text = [line.plain.strip() for line in pilot.app.screen.lines()]
        assert "scikit-learn   asked for in report/uv.lock" in text
        assert [line.split() for line in text][-2:] == [
            ["joblib", "1.4", "MB"],
            ["with", "itself,", "in", "all", "31.0", "MB"],
        ]
        await press(pilot, "j", "k")
        await pilot.click("#omit")
        await settle(pilot)
        assert bench(pilot).workspace.changes == {"noDeploy": ["scikit-learn"]}
        assert "scikit-learn" not in rows(tree)


@sizes
async def test_x_excludes_a_kind_turns_slim_on_and_u_takes_it_back(size: tuple[int, int]) -> None:
    async with opened(FakeEngine(), size) as pilot:
        screen = bench(pilot)
        gauges, tree = screen.query_one(Gauges), screen.query_one(SizeTree)
        await press(pilot, *TO_TESTS)
        detail = shown_text(screen.query_one("#row-detail"))
        assert "x excludes **/tests: −38.0 MB in 72 files" in detail
        assert "turns slim on: up to −25.3 MB more" in detail
        await press(pilot, "x")
        assert screen.workspace.changes == {"slim": True, "slimPatterns": ["**/tests"]}
        assert "190.0 of 250 MB ✓" in shown_text(gauges)
        assert tree.marked is not None
        assert tree.marked.key == ("scipy", "scipy", "__init__.py"), "the row in its place"
        said = [note.message for note in pilot.app._notifications][-1]
        assert "slim is on now" in said
        assert "report.zip: −63.3 MB" in said
        await press(pilot, "x")
        assert screen.workspace.changes["slimPatterns"] == ["**/tests", "scipy/__init__.py"]
        await press(pilot, "u")
        assert screen.workspace.changes["slimPatterns"] == ["**/tests"]
        await press(pilot, "u")
        assert screen.workspace.changes == {}
        assert "253.3 of 250 MB ✗" in shown_text(gauges)
        await press(pilot, "u")
        assert screen.workspace.changes == {}


async def test_x_on_what_cannot_be_excluded_says_why_and_changes_nothing() -> None:
    async with opened(FakeEngine(packages={"report": REPORT})) as pilot:
        await press(pilot, "x", "end", "x", "up", "w")
        assert pilot.app.screen is bench(pilot), "why has no answer for own code"
        await press(pilot, "x", "enter", "down", "x")
        assert bench(pilot).workspace.changes == {}
        said = [note.message for note in pilot.app._notifications]
        assert "o leaves the whole package out" in said[0]
        assert "stands for several" in said[1]
        assert "they are no package" in said[2]
        assert "package.patterns" in said[3]
        assert said[4] == said[3]


async def test_x_takes_nothing_that_a_filter_hides() -> None:
    async with opened(FakeEngine()) as pilot:
        await press(pilot, "slash", *"tests", "enter", "enter", "down", "x")
        assert bench(pilot).workspace.changes == {}
        said = [note.message for note in pilot.app._notifications]
        assert said == ["The filter hides 3 files of it: open it, or esc to see all."]
        assert said[0] in shown_text(bench(pilot).query_one("#row-detail"))
        await press(pilot, "enter", "down", "x")
        assert bench(pilot).workspace.changes["slimPatterns"] == ["**/tests"]


@pytest.mark.slow
async def test_only_this_folder_and_what_slim_takes_anyway() -> None:
    async with opened(FakeEngine(saved=Options().override({"slimPatterns": ["*.md"]}))) as pilot:
        await press(pilot, *TO_TESTS, "X")
        assert bench(pilot).workspace.changes == {"slim": True, "slimPatterns": ["*.md", "scipy/tests"]}
        await press(pilot, "u", "home", "down", "down", "down", "down", "down", "down")
        tree = pilot.app.screen.query_one(SizeTree)
        assert tree.marked is not None
        assert tree.marked.name == "scipy-1.16.3.dist-info"
        assert "turns slim on, which excludes these" in shown_text(pilot.app.screen.query_one("#row-detail"))
        await press(pilot, "x")
        assert bench(pilot).workspace.changes == {"slim": True}


async def test_the_detail_of_a_package_says_who_needs_it_and_what_leaves() -> None:
    async with opened(FakeEngine(), MIDDLE) as pilot:
        detail = pilot.app.screen.query_one("#row-detail")
        assert "asked for and needed by scikit-learn" in shown_text(detail)
        await press(pilot, "down", "down")
        assert "o omits it: −43.1 MB with pytz and 1 more" in shown_text(detail)
        await press(pilot, "o")
        said = [note.message for note in pilot.app._notifications][-1]
        assert said == "noDeploy: pandas, and with it pytz, six. u undoes it. report.zip: −43.1 MB."


@sizes
async def test_a_filter_shows_what_matches_with_its_size_and_escape_clears_it(size: tuple[int, int]) -> None:
    async with opened(FakeEngine(), size) as pilot:
        screen = bench(pilot)
        tree, bar = screen.query_one(SizeTree), screen.query_one(FilterBar)
        await press(pilot, "slash", *"tests")
        assert "72 of 121 files 38.0 MB" in shown_text(screen.query_one("#search-found"))
        assert rows(tree)[:3] == ["scipy", "numpy", "pandas"]
        assert "/ Filter" not in shown_text(screen.query_one(KeyLine))
        await press(pilot, "enter", "down", "o")
        assert screen.workspace.changes == {"noDeploy": ["numpy"]}
        assert "numpy" not in rows(tree)
        assert bar.text == "tests", "a change leaves the filter standing"
        await press(pilot, "escape")
        assert not bar.display
        assert "botocore" in rows(tree)
        await press(pilot, "slash", *"sklrn")
        assert rows(tree) == ["scikit-learn"]
        assert "test_5.py" in shown_text(tree), "few files are opened at once"
        screen.query_one(Input).value = "no such thing"
        await settle(pilot)
        assert rows(tree) == []
        assert "0 of 111 files" in shown_text(screen.query_one("#search-found"))
        assert "No file is called that" in shown_text(screen.query_one("#row-detail"))
        assert "f1 Help" in shown_text(screen.query_one(KeyLine)), "? is a letter like any other"
        await press(pilot, "escape", "slash", "enter")
        assert not bar.display
        assert tree.has_focus


@sizes
async def test_fit_proposes_the_safest_and_applies_what_is_chosen(size: tuple[int, int]) -> None:
    async with opened(FakeEngine(), size) as pilot:
        await press(pilot, "f")
        screen = pilot.app.screen
        assert isinstance(screen, FitScreen)
        assert screen.chosen == {"tests"}
        outcome = screen.query_one("#fit-outcome")
        assert "report.zip   253.3 → 215.3 of 250 MB ✓ 34.7 MB left" in shown_text(outcome)
        await press(pilot, "space")
        assert "report.zip   253.3 of 250 MB ✗ 3.3 MB over" in shown_text(outcome)
        await pilot.click("#remedies", offset=(5, 2))
        await settle(pilot)
        assert screen.chosen == {"runtime"}
        await press(pilot, "k", "space", "enter")
        assert bench(pilot).workspace.changes == {
            "slim": True,
            "strip": False,
            "slimPatternsAppendDefaults": False,
            "slimPatterns": ["**/tests"],
            "noDeploy": ["boto3"],
        }
        assert "of 250 MB ✓" in shown_text(bench(pilot).query_one(Gauges))
        await press(pilot, "u")
        assert bench(pilot).workspace.changes == {}


@pytest.mark.slow
async def test_fit_where_everything_fits_and_where_nothing_is_enough() -> None:
    async with opened(fitting_engine()) as pilot:
        await press(pilot, "f")
        assert "Everything fits." in shown_text(pilot.app.screen.query_one("#fit-head"))
        await press(pilot, "enter")
        assert pilot.app.screen is bench(pilot)
        assert bench(pilot).workspace.changes == {}
    huge = {**REPORT, ("torch", "2.9.1"): (900.0, 400.0)}
    engine = FakeEngine(packages={"api": API, **dict.fromkeys(("report", "a", "b", "c", "d"), huge)})
    async with opened(engine, SMALL) as pilot:
        await press(pilot, "f")
        assert "All of this together is not enough" in shown_text(pilot.app.screen.query_one("#fit-head"))
        outcome = shown_text(pilot.app.screen.query_one("#fit-outcome"))
        assert "MB over" in outcome
        assert "Nothing more helps here" in outcome
        buttons = pilot.app.screen.query_one(".buttons")
        assert buttons.region.bottom < pilot.app.screen.query_one(".frame").region.bottom
        assert "and 2 more: 2 still too large" in outcome
        await press(pilot, "escape")
        assert bench(pilot).workspace.changes == {}


async def test_fit_that_fails_says_why() -> None:
    engine = FakeEngine(fit_failure=PyreqError("It [can't] be.", hint="Do this."))
    async with opened(engine) as pilot:
        await press(pilot, "f")
        said = [line.strip() for line in shown_text(pilot.app.screen.query_one("#fit-head")).splitlines()]
        assert said == ["✗ It [can't] be.", "→ Do this."]
        assert pilot.app.screen.query_one("#apply", Button).disabled
        assert pilot.app.screen.query_one("#remedies", OptionList).option_count == 0
        await press(pilot, "enter", "escape")
        assert pilot.app.screen is bench(pilot)
        engine.fit_failure = ZeroDivisionError("bug")
        await pilot.press("f")
        while not isinstance(pilot.app.screen, BugScreen):
            await pilot.pause()
