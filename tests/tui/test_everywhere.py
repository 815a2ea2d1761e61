"""What works on every screen: help, palette, jump mode, settings, themes, the user's own keys, hjkl."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import fields
from typing import TYPE_CHECKING

import pytest
from textual.widgets import OptionList, Tabs

from pyreq_tui.errors import Finding
from pyreq_tui.opening import Opening
from pyreq_tui.tui.app import Workshop
from pyreq_tui.tui.keymap import known_ids, problems
from pyreq_tui.tui.screens.build import BuildScreen
from pyreq_tui.tui.screens.caches import CachesScreen
from pyreq_tui.tui.screens.help import HelpScreen
from pyreq_tui.tui.screens.jump import JumpScreen
from pyreq_tui.tui.screens.leave import LeaveScreen
from pyreq_tui.tui.screens.settings import ABOUT, SettingsScreen, choices_of
from pyreq_tui.tui.screens.workbench import Workbench
from pyreq_tui.tui.settings import Settings, load_settings
from pyreq_tui.tui.terminal import is_light
from pyreq_tui.tui.themes import DARK, LIGHT
from tests.tui.driving import MIDDLE, SMALL, bench, opened, press, settle, shown_text
from tests.tui.fake_engine import ROOT, FakeEngine, fitting_engine

if TYPE_CHECKING:
    from pathlib import Path


async def test_help_is_about_the_focused_pane_and_the_page() -> None:
    async with opened(fitting_engine(), MIDDLE) as pilot:
        await press(pilot, "1", "question_mark")
        assert isinstance(pilot.app.screen, HelpScreen)
        texts = [shown_text(part) for part in pilot.app.screen.query("Markdown *")]
        assert any("is not packaged here" in text for text in texts), texts
        keys = shown_text(pilot.app.screen.query_one("#help-keys"))
        assert "Build the artifacts" in keys
        assert "Leave this package out" in keys
        assert keys.index("Everywhere") < keys.index("A letter for each place")
        await press(pilot, "question_mark", "escape", "P", "question_mark")
        assert "Take the next value" in shown_text(pilot.app.screen.query_one("#help-keys"))
        await press(pilot, "escape", "escape", "C", "f1")
        assert "All of this can be made again" in "".join(
            shown_text(part) for part in pilot.app.screen.query("Markdown *")
        )


async def test_the_palette_knows_what_is_possible_and_why_the_rest_is_not() -> None:
    async with opened(FakeEngine(reported=(Finding("info", "a-hint", "said"),)), MIDDLE) as pilot:

        def palette() -> dict[str, str]:
            return {
                command.title: command.help for command in pilot.app.get_system_commands(pilot.app.screen)
            }

        before = palette()
        assert {"Build", "Findings", "Copy", "Reload", "Caches", "Settings", "Omit", "Theme"} <= set(before)
        assert "Keys" not in before
        assert before["Save"] == "not now: no option was changed (s)"
        assert before["Build"] == "Build the artifacts (b)"
        assert before["Show resize.zip"] == "What ships in it: 20.4 MB unzipped"
        panes = pilot.app.screen.query("FunctionList, SizeTree, OptionsPane")
        for node in (pilot.app, pilot.app.screen, *panes):
            for binding in type(node).__dict__.get("BINDINGS", []):
                assert binding.id, binding
        bench(pilot).change("slim", True)
        await settle(pilot)
        assert palette()["Save"] == "See the diff and save (s)"
        await press(pilot, "d")
        assert palette()["Fix"] == "not now: this finding has no mechanical fix (f)"
        [build] = [each for each in pilot.app.get_system_commands(bench(pilot)) if each.title == "Build"]
        await press(pilot, "escape")
        build.callback()
        while not isinstance(pilot.app.screen, BuildScreen):
            await pilot.pause()


@pytest.mark.slow
async def test_a_letter_jumps_to_a_pane_or_a_tab() -> None:
    async with opened(fitting_engine(), MIDDLE) as pilot:
        await press(pilot, "1", "ctrl+o")
        jump = pilot.app.screen
        assert isinstance(jump, JumpScreen)
        letters = {goal.widget.id: goal.letter for goal in jump._goals}
        assert {"functions", "sizes", "options"} <= set(letters)
        await press(pilot, letters["options"])
        assert pilot.app.screen is bench(pilot)
        assert pilot.app.focused is pilot.app.screen.query_one("#options")
        await press(pilot, "ctrl+o")
        await pilot.click(f"#jump-{letters['sizes']}")
        await settle(pilot)
        assert pilot.app.focused is not None
        assert pilot.app.focused.id == "sizes"
    async with opened(fitting_engine(), SMALL) as pilot:
        await press(pilot, "ctrl+o")
        assert isinstance(pilot.app.screen, JumpScreen)
        letters = {goal.widget.id: goal.letter for goal in pilot.app.screen._goals}
        await press(pilot, letters["tab-2"])
        assert pilot.app.screen.query_one(Tabs).active == "tab-2"
        assert pilot.app.screen.query_one("#options-pane").display
        await press(pilot, "ctrl+o", "escape")
        assert pilot.app.screen is bench(pilot)


def kept(tmp_path: Path, text: str = "") -> Workshop:
    """The app with a settings file."""
    file = tmp_path / "settings.toml"
    file.write_text(text, "utf-8")
    return Workshop(Opening(ROOT), fitting_engine(), settings_at=file)


@pytest.mark.slow
async def test_settings_count_at_once_and_are_kept(tmp_path: Path) -> None:
    app = kept(tmp_path)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        await press(pilot, "P")
        assert isinstance(app.screen, SettingsScreen)
        assert app.theme == DARK.name
        rows = app.screen.query_one(OptionList)
        rows.highlighted = list(ABOUT).index("bell")
        await press(pilot, "space")
        assert "○ off" in shown_text(rows)
        assert not app.settings.bell
        assert not load_settings(tmp_path / "settings.toml").settings.bell
        await press(pilot, "d")
        assert app.settings.bell
        await press(pilot, "home", "h")
        assert app.theme == max(app.available_themes)
        await press(pilot, "escape")
        app.theme = LIGHT.name  # as the palette does
        await pilot.pause()
    assert load_settings(tmp_path / "settings.toml").settings.theme == LIGHT.name


@pytest.mark.slow
async def test_keys_of_ones_own_work_and_what_can_not_be_followed_is_said(tmp_path: Path) -> None:
    keys = '"app.caches" = "ctrl+k"\n"workbench.biuld" = "B"\n"workbench.save" = "b"\n'
    app = kept(tmp_path, f'theme = "no-such"\n[keymap]\n{keys}')
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        said = [note.message for note in app._notifications]
        assert "keymap: there is nothing called workbench.biuld. Did you mean workbench.build?" in said
        assert any("There is no theme called no-such" in text for text in said)
        assert "keymap: b is given to workbench.save, and workbench.build has it too." in said
        await press(pilot, "C")
        assert app.screen is bench(pilot)
        await press(pilot, "ctrl+k")
        assert isinstance(app.screen, CachesScreen)


async def test_hjkl_ctrl_z_ctrl_q_and_a_closed_terminal_are_for_dialogs_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    suspended_on = []
    monkeypatch.setattr(Workshop, "action_suspend_process", lambda app: suspended_on.append(type(app.screen)))
    async with opened(fitting_engine(), SMALL, {"slim": True}) as pilot:
        await press(pilot, "ctrl+z", "P", "ctrl+z", "j", "j")
        assert suspended_on == [Workbench, SettingsScreen]
        assert pilot.app.screen.query_one(OptionList).highlighted == 2
        await press(pilot, "k", "escape", "C", "j")
        assert pilot.app.screen.query_one("DataTable").cursor_row == 1
        await press(pilot, "escape")
        await pilot.app.action_quit()
        await pilot.pause()
        assert isinstance(pilot.app.screen, LeaveScreen)
        if sys.platform != "win32":
            assert signal.getsignal(signal.SIGHUP) is not signal.SIG_DFL
            os.kill(os.getpid(), signal.SIGHUP)
            await pilot.pause()
            assert pilot.app.return_code == 128 + signal.SIGHUP, "nobody is left to ask"


def test_every_setting_is_on_the_screen_and_every_binding_has_a_name() -> None:
    assert list(ABOUT) == [part.name for part in fields(Settings)]
    themes = ["a-theme"]
    for part in fields(Settings):
        default = getattr(Settings(), part.name)
        assert part.name == "keymap" or default in choices_of(part.name, themes)
    assert {"workbench.build", "tree.omit", "build.stop", "app.help"} <= known_ids()
    assert problems({}) == ()


@pytest.mark.parametrize(
    ("value", "expected"), [("15;0", False), ("0;15", True), ("0;default;15", True), ("", False)]
)
def test_a_light_terminal_gets_the_light_theme(value: str, *, expected: bool) -> None:
    assert is_light({"COLORFGBG": value} if value else {}) is expected
