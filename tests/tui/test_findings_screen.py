"""Findings on screen: grouped, filtered, opened in the editor, mended with one key."""

from __future__ import annotations

import sys
from contextlib import nullcontext
from pathlib import Path

import pytest
from textual.widgets import Input

from pyreq_tui.errors import Finding, ItemChange, OptionChange, PyreqError, Where
from pyreq_tui.findings import Fixes, Unfixed
from pyreq_tui.service import Edit
from pyreq_tui.tui.editor import editing, editor_of
from pyreq_tui.tui.finding_rows import code_width, finding_row
from pyreq_tui.tui.screens.failure import FailureScreen
from pyreq_tui.tui.screens.findings import FindingsScreen
from pyreq_tui.tui.screens.mending import MendScreen
from pyreq_tui.tui.widgets.finding_list import FindingList
from pyreq_tui.tui.widgets.gauges import Gauges
from tests.tui.driving import MIDDLE, SMALL, bench, build, opened, press, settle, shown_text
from tests.tui.fake_engine import ROOT, FakeEngine

YML = ROOT / "serverless.yml"
TOO_LARGE = Finding("error", "over-limit", "report is too large.", fix=(OptionChange("slim", True),))
OLD_GLIBC = Finding("error", "glibc-too-new", "numpy needs 2.28", Where(YML, 6), "Use python3.12.", "numpy")
SECRET = Finding(
    "warning",
    "secret-ships",
    "[bold].env[/bold] would ship.",
    Where(YML, 14),
    "Exclude it.",
    fix=(ItemChange(("package", "patterns"), "!.env"),),
)
HINT = Finding("info", "unpinned", "boto3 is not pinned.")
ALL = (HINT, SECRET, TOO_LARGE, OLD_GLIBC)
MORE = "".join(f"x{number}: 1\n" for number in range(40))


async def test_findings_stand_grouped_and_a_filter_shows_some() -> None:
    async with opened(FakeEngine(reported=ALL), SMALL) as pilot:
        await press(pilot, "d")
        screen = pilot.app.screen
        assert isinstance(screen, FindingsScreen)
        tally = shown_text(screen.query_one("#findings-tally"))
        assert "✗ 2 errors   ⚠ 1 warning   · 1 hint" in tally
        assert "2 can be mended here" in tally
        found = screen.query_one(FindingList)
        shown = shown_text(found)
        heads = [shown.index(head) for head in ("2 errors", "1 warning", "1 hint")]
        assert heads == sorted(heads)
        assert "[bold].env[/bold] would ship." in shown
        assert "serverless.yml:6" in shown
        assert "f set slim: true" in shown
        await press(pilot, "slash")
        screen.query_one(Input).value = "yml:14"
        await press(pilot, "enter")
        assert "1 of 4" in shown_text(screen.query_one("#search-found"))
        assert "secret-ships" in shown_text(found)
        assert "glibc-too-new" not in shown_text(found)
        await press(pilot, "c")
        assert pilot.app.clipboard == (
            "warning: secret-ships: [bold].env[/bold] would ship.\nserverless.yml:14\nExclude it."
        )
        await press(pilot, "escape")
        assert "glibc-too-new" in shown_text(found)
        await press(pilot, "escape")
        assert pilot.app.screen is bench(pilot)


@pytest.mark.slow
async def test_no_findings_say_so_and_a_filter_without_a_match_says_how_to_go_on() -> None:
    async with opened(FakeEngine(reported=(HINT,)), SMALL) as pilot:
        await press(pilot, "d", "slash", *"zzz")
        empty = pilot.app.screen.query_one("#findings-empty")
        assert "esc shows them all" in shown_text(empty)
        await press(pilot, "escape", "escape")
    async with opened(FakeEngine(), SMALL) as pilot:
        await press(pilot, "d")
        assert "Nothing was found" in shown_text(pilot.app.screen.query_one("#findings-empty"))


@pytest.mark.slow
async def test_f_tries_an_option_and_the_gauge_moves_at_once() -> None:
    async with opened(FakeEngine(reported=ALL), MIDDLE) as pilot:
        before = shown_text(pilot.app.screen.query_one(Gauges))
        await press(pilot, "d", "f")
        assert bench(pilot).workspace.changes == {"slim": True}
        assert shown_text(bench(pilot).query_one(Gauges)) != before
        await press(pilot, "u")
        assert bench(pilot).workspace.changes == {}


async def test_other_fixes_are_shown_as_a_diff_and_written_once_agreed_to(tmp_path: Path) -> None:
    file = tmp_path / "serverless.yml"
    file.write_text("service: shop\n", "utf-8")
    fixes = Fixes(
        (Edit(file, "service: shop\n", f"service: shop\npackage:\n  patterns: ['!.env']\n{MORE}", tmp_path),),
        (SECRET,),
        (Unfixed(OLD_GLIBC, "it contradicts the fix of over-limit"),),
    )
    engine = FakeEngine(reported=ALL, fixes=fixes)
    async with opened(engine, SMALL) as pilot:
        await press(pilot, "d", "slash")
        pilot.app.screen.query_one(Input).value = "secret"
        await press(pilot, "enter", "f")
        assert isinstance(pilot.app.screen, MendScreen)
        shown = shown_text(pilot.app.screen.query_one("#mend-diff Static"))
        assert "+  patterns: ['!.env']" in shown
        left = shown_text(pilot.app.screen.query_one("#mend-left"))
        assert "glibc-too-new: it contradicts" in left
        frame = pilot.app.screen.query_one(".frame").content_region
        assert frame.contains_region(pilot.app.screen.query_one("#save").region), "a long diff scrolls"
        await press(pilot, "escape")
        assert file.read_text("utf-8") == "service: shop\n"
        gathered = engine.gathered
        await press(pilot, "F", "enter")
        assert isinstance(pilot.app.screen, FindingsScreen)
        assert "!.env" in file.read_text("utf-8")
        assert engine.asked_to_fix[-1] == (TOO_LARGE, SECRET)
        assert engine.gathered == gathered + 1, "what changed on disk is read again"


@pytest.mark.slow
async def test_a_fix_that_fails_says_why_in_a_dialog_that_copies() -> None:
    engine = FakeEngine(
        reported=(SECRET,), fixes=PyreqError("serverless.ts can't be edited.", hint="Paste it.")
    )
    async with opened(engine, SMALL) as pilot:
        await press(pilot, "d", "f")
        assert isinstance(pilot.app.screen, FailureScreen)
        await press(pilot, "c")
        assert pilot.app.clipboard == "serverless.ts can't be edited.\nPaste it."
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, FindingsScreen)


@pytest.mark.slow
async def test_e_opens_the_editor_at_the_line_and_reads_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "seen"
    script = tmp_path / "vim"
    script.write_text(
        f'#!{sys.executable}\nimport sys; open({str(seen)!r}, "w").write(" ".join(sys.argv[1:]))\n'
    )
    script.chmod(0o755)
    engine = FakeEngine(reported=(OLD_GLIBC,))
    async with opened(engine, SMALL) as pilot:
        await press(pilot, "d")
        monkeypatch.delenv("VISUAL", raising=False)
        monkeypatch.delenv("EDITOR", raising=False)
        await press(pilot, "e")
        assert "export EDITOR=vim" in [note.message for note in pilot.app._notifications][-1]
        assert pilot.app.clipboard == f"{YML}:6"
        monkeypatch.setenv("EDITOR", f"{script} -n")
        monkeypatch.setattr(pilot.app, "suspend", nullcontext)  # there is no terminal to lend here
        gathered = engine.gathered
        await press(pilot, "e")
        assert seen.read_text() == f"-n +6 {YML}"
        assert engine.gathered == gathered + 1


async def test_what_a_build_found_stands_with_the_rest_until_the_plan_changes() -> None:
    async with opened(FakeEngine(reported=(HINT,), found_on_disk=(OLD_GLIBC,)), MIDDLE) as pilot:
        await build(pilot)
        await press(pilot, "d")
        assert "glibc-too-new" in shown_text(pilot.app.screen.query_one(FindingList))
        await press(pilot, "escape", "escape")
        assert bench(pilot).workspace.known == (OLD_GLIBC, HINT)
        bench(pilot).change("slim", True)
        await settle(pilot)
        assert bench(pilot).workspace.known == (HINT,)


@pytest.mark.parametrize(
    ("command", "expected"),
    [
        ("vim", ["vim", "+6", "/srv/a b.yml"]),
        ("emacsclient -nw", ["emacsclient", "-nw", "+6", "/srv/a b.yml"]),
        ("/usr/bin/code --wait", ["/usr/bin/code", "--wait", "--goto", "/srv/a b.yml:6"]),
        ("subl -w", ["subl", "-w", "/srv/a b.yml:6"]),
        ("hx", ["hx", "/srv/a b.yml:6"]),
        ("pycharm", ["pycharm", "--line", "6", "/srv/a b.yml"]),
        ("'/opt/my editor/ed'", ["/opt/my editor/ed", "/srv/a b.yml"]),
    ],
)
def test_editors_are_started_at_the_line(command: str, expected: list[str]) -> None:
    assert editing(command, Where(Path("/srv/a b.yml"), 6)) == expected


def test_the_editor_is_the_one_the_user_named() -> None:
    assert editor_of({"EDITOR": "nano", "VISUAL": "code --wait"}) == "code --wait"
    assert editor_of({"EDITOR": "nano", "VISUAL": " "}) == "nano"
    assert editor_of({}) is None
    assert editing("vim", Where(Path("a"))) == ["vim", "a"]


def test_a_row_keeps_its_width() -> None:
    long = Finding(
        "error", "a-code", "word " * 60, Where(YML, 6), "hint " * 40, fix=(OptionChange("zip", True),)
    )
    for width in (40, 78, 118):
        row = finding_row(long, ROOT, width, code_width([long, TOO_LARGE], width)).plain.splitlines()
        assert max(map(len, row)) <= width
        assert row[0].startswith("✗ a-code")
        assert ("word" in row[0]) == (width > 40)
