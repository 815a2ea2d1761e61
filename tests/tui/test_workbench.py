"""What the workbench shows and does, by keyboard and by mouse, narrow and wide.

Opening the app is what takes the time here, so a test follows one line of work to its end.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.widgets import OptionList, TextArea

from pyreq_tui.errors import PyreqError, Where
from pyreq_tui.service import Options
from pyreq_tui.tui.screens.bug import BugScreen
from pyreq_tui.tui.screens.build import BuildScreen
from pyreq_tui.tui.screens.edit_option import EditOption
from pyreq_tui.tui.screens.leave import LeaveScreen
from pyreq_tui.tui.widgets.columns import ColumnHeads
from pyreq_tui.tui.widgets.gauges import Gauges, unzipped_gauge
from pyreq_tui.tui.widgets.key_line import KeyLine
from pyreq_tui.tui.widgets.size_rows import Order
from pyreq_tui.tui.widgets.size_tree import SizeTree
from pyreq_tui.tui.widgets.trouble import Trouble
from pyreq_tui.tui.widgets.yaml_line import YamlLine
from tests.tui.driving import (
    MIDDLE,
    SMALL,
    bench,
    opened,
    press,
    rows,
    settle,
    shown_text,
    sizes,
    workshop,
)
from tests.tui.fake_engine import ROOT, FakeEngine, fitting_engine, service_of

if TYPE_CHECKING:
    import pytest

    from pyreq_tui.build import Materials, Report
    from pyreq_tui.opening import Opening
    from pyreq_tui.processes import Cancel
    from pyreq_tui.service import Service


@sizes
async def test_the_verdict_comes_first_then_the_culprit_then_the_remedy(size: tuple[int, int]) -> None:
    async with opened(FakeEngine(), size) as pilot:
        gauges = shown_text(pilot.app.screen.query_one(Gauges))
        assert "253.3 of 250 MB ✗ 3.3 MB over — scipy is 42 %" in gauges
        assert "87.3 of 50 MB ⚠" in gauges
        keys = pilot.app.screen.query_one(KeyLine)
        assert keys.region.y == size[1] - 1
        assert shown_text(keys).strip().startswith("o Omit")
        assert shown_text(keys).split()[-4:] == ["q", "Quit", "?", "Help"]
        if size == MIDDLE:
            assert "fits with slim" in gauges
            shown = shown_text(pilot.app.screen.query_one("#options"))
            options = [line.split() for line in shown.splitlines()]
            assert ["○", "slim", "−25.3", "MB"] in options
            assert ["○", "botocore", "−20.1", "MB"] in options
            assert ["●", "strip", "needs", "slim"] in options


async def test_packages_stand_largest_first_and_open_down_to_files() -> None:
    async with opened(FakeEngine()) as pilot:
        tree = pilot.app.screen.query_one(SizeTree)
        assert rows(tree)[:3] == ["scipy", "numpy", "pandas"]
        await press(pilot, "enter", "down", "enter", "down")
        assert tree.marked is not None
        assert tree.marked.key == ("scipy", "scipy", "_core")
        await press(pilot, "h", "h", "h", "h")
        assert tree.marked.key == ("scipy",)
        tree.action_toggle_row()
        tree.action_cursor_down()
        tree.action_open_row()
        tree.action_cursor_down()
        await settle(pilot)
        assert tree.marked.key == ("scipy", "scipy", "_core"), "keys may be faster than rows open"
        await press(pilot, "h", "h", "h")
        assert tree.marked.key == ("scipy",)
        await press(pilot, "end", "enter")
        assert tree.marked.name == "… 7 under 1 %"
        assert tree.cursor_node is not None
        assert len(tree.cursor_node.children) == 7


async def test_keys_and_clicks_on_the_heads_sort_and_flip() -> None:
    async with opened(FakeEngine(), MIDDLE) as pilot:
        tree, heads = pilot.app.screen.query_one(SizeTree), pilot.app.screen.query_one(ColumnHeads)
        await press(pilot, "comma")
        assert rows(tree)[:2] == ["scipy", "botocore"]
        await pilot.click(ColumnHeads, offset=(heads.columns.name + 12, 0))
        assert tree.order == Order("zipped", is_reversed=True)
        await press(pilot, "comma")
        assert tree.order == Order("files")
        assert shown_text(heads).split() == ["package", "unzipped", "files▾", "share"]
        assert shown_text(tree).splitlines()[0].split()[-4:] == ["10", "██████", "8", "%"]
        await press(pilot, "comma")
        assert rows(tree)[:2] == ["(service code)", "boto3"]
        await press(pilot, "full_stop")
        assert rows(tree)[0] == "urllib3"
        await press(pilot, "comma")
        assert tree.order == Order()


@sizes
async def test_an_option_changes_the_estimate_at_once(size: tuple[int, int]) -> None:
    engine = FakeEngine()
    async with opened(engine, size) as pilot:
        gauges, line = pilot.app.screen.query_one(Gauges), pilot.app.screen.query_one(YamlLine)
        await press(pilot, "3", "space")
        assert "228.0 of 250 MB" in shown_text(gauges)
        assert "{ slim: true }" in shown_text(line)
        assert "1 change, not saved" in shown_text(line)
        await pilot.click("#options", offset=(6, 1))
        await settle(pilot)
        assert "253.3 of 250 MB" in shown_text(gauges)
        assert "as saved" in shown_text(line)
        assert engine.gathered == 1
        line.block = "{ noDeploy: [boto3, botocore, s3transfer, urllib3] }"
        await pilot.pause()
        shown = shown_text(line).strip()
        assert shown.startswith("{ noDeploy" if size == SMALL else "custom.pythonRequirements: {")
        assert "urllib3] }" in shown, "what would be saved is worth more room than its name"


def test_a_size_that_only_a_build_tells_is_marked() -> None:
    known = FakeEngine().plan(service_of(Options()), None).artifacts[0]  # type: ignore[arg-type] - it asks for none
    assert unzipped_gauge(known).figure == "253.3 of 250 MB"
    guessed = replace(known, unstripped=known.bundle.entries[:1])
    assert unzipped_gauge(guessed).figure == "≈ 253.3 of 250 MB"


async def test_options_that_are_disabled_typed_or_need_a_new_estimate() -> None:
    engine = FakeEngine()
    async with opened(engine) as pilot:
        await press(pilot, "3", "j", "space")
        assert [note.message for note in pilot.app._notifications] == ["strip: needs slim."]
        options = pilot.app.screen.query_one("#options", OptionList)
        options.highlighted = options.get_option_index("noDeploy")
        await press(pilot, "enter", "ctrl+t")
        assert isinstance(pilot.app.screen, EditOption)
        pilot.app.screen.query_one(TextArea).text = "scipy\n\n numpy \n"
        await press(pilot, "ctrl+s")
        assert bench(pilot).workspace.changes == {"noDeploy": ["scipy", "numpy"]}
        options.highlighted = options.get_option_index("installer")
        await press(pilot, "space")
        assert engine.gathered == 2


async def test_o_leaves_a_package_out_and_its_option_puts_it_back() -> None:
    async with opened(FakeEngine(packages={"report": {("scipy", "1"): (3.0, 1.0)}})) as pilot:
        await press(pilot, "o")
        assert bench(pilot).workspace.changes == {"noDeploy": ["scipy"]}
        tree = pilot.app.screen.query_one(SizeTree)
        assert rows(tree) == ["(service code)", "left out"]
        await press(pilot, "o")
        assert bench(pilot).workspace.changes == {"noDeploy": ["scipy"]}, "own code is no package"
        options = pilot.app.screen.query_one("#options", OptionList)
        await press(pilot, "3")
        options.highlighted = options.get_option_index("noDeploy scipy")
        await press(pilot, "space")
        assert bench(pilot).workspace.changes == {}


async def test_another_function_shows_its_artifact_and_a_tab_its_pane() -> None:
    async with opened(FakeEngine(), SMALL) as pilot:
        gauges = pilot.app.screen.query_one(Gauges)
        await press(pilot, "1", "j")
        assert "4.3 of 250 MB ✓ 245.7 MB left" in shown_text(gauges)
        await pilot.click("#functions", offset=(4, 4))
        await settle(pilot)
        assert "20.4 of 250 MB" in shown_text(gauges)
        await pilot.click("#tab-2")
        await settle(pilot)
        assert pilot.app.screen.query_one("#options-pane").display
        assert not pilot.app.screen.query_one("#functions-pane").display


async def test_an_error_is_shown_with_its_place_and_retried_and_a_bug_is_shown_whole() -> None:
    place = Where(ROOT / "serverless.yml", 7)
    engine = FakeEngine(
        load_failure=PyreqError("duplicate key [slim]", hint="Remove one of them.", where=place),
        gather_failure=PyreqError("The index does not answer.", where=Where(ROOT)),
    )
    async with opened(engine) as pilot:
        trouble = pilot.app.screen.query_one("#trouble-text")
        shown = shown_text(trouble)
        assert "duplicate key [slim]" in shown
        assert "serverless.yml:7" in shown
        assert "Remove one of them." in shown
        await press(pilot, "y")
        assert "duplicate key [slim]" in pilot.app.clipboard
        engine.load_failure = None
        await press(pilot, "r")
        assert "The index does not answer." in shown_text(trouble)
        assert str(ROOT) in shown_text(trouble), "not a dot"
        engine.gather_failure = None
        await pilot.click("#copy-trouble")
        assert "The index does not answer." in pilot.app.clipboard
        await pilot.click("#retry")
        await settle(pilot)
        assert not pilot.app.screen.query_one(Trouble).display
        assert "253.3" in shown_text(pilot.app.screen.query_one(Gauges))
        engine.load_failure = ZeroDivisionError("token=hunter2")
        await pilot.press("r")
        while not isinstance(pilot.app.screen, BugScreen):
            await pilot.pause()
        assert "ZeroDivisionError" in pilot.app.screen.report
        assert "hunter2" not in pilot.app.screen.report
        await pilot.press("c")
        assert "ZeroDivisionError" in pilot.app.clipboard


async def test_overrides_are_changes_that_can_be_undone() -> None:
    async with opened(FakeEngine(), overrides={"slim": True, "zip": False}) as pilot:
        assert bench(pilot).workspace.changes == {"slim": True}
        await press(pilot, "y")
        assert pilot.app.clipboard == "custom:\n  pythonRequirements:\n  slim: true\n"
        await press(pilot, "U")
        assert bench(pilot).workspace.changes == {}
        await press(pilot, "u")
        assert bench(pilot).workspace.changes == {"slim": True}
        await press(pilot, "U")
        await pilot.press("q")
        assert pilot.app.return_code == 0


async def test_quitting_asks_where_changes_are_not_saved() -> None:
    async with opened(fitting_engine(), overrides={"slim": True}) as pilot:
        await press(pilot, "q")
        assert isinstance(pilot.app.screen, LeaveScreen)
        await press(pilot, "escape")
        assert pilot.app.screen is bench(pilot)
        await press(pilot, "q")
        await pilot.press("d")
        assert pilot.app.return_code == 0
        left = bench(pilot)
    assert left.is_settled, "a timer may ask once more while the screens are taken down"


class Slow(FakeEngine):
    """Knows what is required only once it is told to."""

    told = threading.Event()

    def gather(self, service: Service, opening: Opening, *, report: Report, cancel: Cancel) -> Materials:
        assert self.told.wait(20)
        return super().gather(service, opening, report=report, cancel=cancel)


async def test_a_build_asked_for_early_begins_once_it_is_known_what_to_build() -> None:
    engine = Slow()
    app = workshop(engine)
    async with app.run_test(size=SMALL) as pilot:
        await pilot.press("b")
        await pilot.pause()
        assert not isinstance(app.screen, BuildScreen)
        engine.told.set()
        await settle(pilot)
        await settle(pilot)
        assert isinstance(app.screen, BuildScreen)


async def test_no_artifact_no_source_and_no_block_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FakeEngine, "sources", lambda *_: ())
    async with opened(FakeEngine(packages={}), MIDDLE) as pilot:
        assert "no requirements found" in shown_text(pilot.app.screen.query_one("#sources Static"))
        assert "Nothing to package." in shown_text(pilot.app.screen.query_one(".empty"))
        assert "nothing to package" in shown_text(pilot.app.screen.query_one(Gauges))
        workspace = bench(pilot).workspace
        assert workspace.service is not None
        off = replace(workspace.service, has_block=False, enabled=False, reason="there is no block")
        bench(pilot).workspace = replace(workspace, service=off)
        await press(pilot, "b")
        assert pilot.app.screen is bench(pilot), "as on the command line, nothing is built"
        assert "not written: S sets it up" in shown_text(pilot.app.screen.query_one(YamlLine))
