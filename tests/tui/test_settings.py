"""What is kept between runs: read from TOML that people write too, and saved without spoiling it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.opening import Opening
from pyreq_tui.tui.app import Workshop
from pyreq_tui.tui.settings import DEFAULTS, PANES, Settings, load_settings, save_settings
from pyreq_tui.tui.widgets.size_rows import Order
from tests.tui.driving import settle
from tests.tui.fake_engine import ROOT, FakeEngine

if TYPE_CHECKING:
    from pathlib import Path


def test_nothing_is_written_until_something_changes(tmp_path: Path) -> None:
    file = tmp_path / "pyreq-tui" / "settings.toml"

    assert load_settings(file).settings == DEFAULTS
    save_settings(file, DEFAULTS, DEFAULTS)
    assert not file.exists()

    wanted = Settings(theme="nord", sort="zipped", is_flipped=True, keymap={"workbench.build": "b,ctrl+b"})
    save_settings(file, DEFAULTS, wanted)
    assert load_settings(file).settings == wanted
    assert wanted.order == Order("zipped", is_reversed=True)


def test_comments_and_keys_of_others_stay(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('# mine\ntheme = "nord"  # cold\nfuture = [1, 2]\n\n[keymap]\n"tree.why" = "W"\n')
    link = tmp_path / "link.toml"
    link.symlink_to(file)

    before = load_settings(link).settings
    save_settings(link, before, replace(before, theme="pyreq-light"))

    assert file.read_text() == (
        '# mine\ntheme = "pyreq-light"  # cold\nfuture = [1, 2]\n\n[keymap]\n"tree.why" = "W"\n'
    )
    assert link.is_symlink()


def test_another_windows_change_of_another_key_stays(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    save_settings(file, DEFAULTS, replace(DEFAULTS, theme="nord"))
    save_settings(file, DEFAULTS, replace(DEFAULTS, pane="options"))

    assert load_settings(file).settings == Settings(theme="nord", pane="options")


@pytest.mark.parametrize("text", ["theme = ", "\x00", b"\xff\xfe"], ids=["half", "control", "no UTF-8"])
def test_a_broken_file_is_said_ignored_and_left_alone(tmp_path: Path, text: str | bytes) -> None:
    file = tmp_path / "settings.toml"
    data = text.encode() if isinstance(text, str) else text
    file.write_bytes(data)

    loaded = load_settings(file)
    assert loaded.settings == DEFAULTS
    assert str(file) in loaded.problems[0]
    save_settings(file, DEFAULTS, replace(DEFAULTS, theme="nord"))
    assert file.read_bytes() == data


def test_one_wrong_value_costs_only_itself(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text('theme = 3\nsort = "colour"\nis_flipped = true\npane = ["x"]\nkeymap = {a = 1}\n')

    loaded = load_settings(file)

    assert loaded.settings == Settings(is_flipped=True)
    assert [problem.split(" in ")[0] for problem in loaded.problems] == ["theme", "sort", "pane", "keymap"]
    assert "functions, sizes, options" in loaded.problems[2]
    assert set(PANES) == {"functions", "sizes", "options"}


async def test_the_app_says_what_is_wrong_and_keeps_what_is_changed(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text("theme = 3\n")
    app = Workshop(Opening(ROOT), FakeEngine(), settings_at=file)
    async with app.run_test(notifications=True) as pilot:
        await pilot.pause()
        assert any("theme" in notification.message for notification in app._notifications)
        app.keep(replace(app.settings, bell=False))
        assert load_settings(file).settings == Settings(bell=False)


@pytest.mark.slow
async def test_the_workbench_opens_as_it_was_left(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    for before, keys, after in (
        (
            DEFAULTS,
            ("comma", "full_stop", "3", "q"),
            Settings(sort="zipped", is_flipped=True, pane="options"),
        ),
        (Settings(pane="options"), ("q",), Settings(pane="options")),
    ):
        file.unlink(missing_ok=True)
        save_settings(file, DEFAULTS, before)
        app = Workshop(Opening(ROOT), FakeEngine(), settings_at=file)
        async with app.run_test() as pilot:
            await settle(pilot)
            assert app.focused is not None
            assert app.focused.id == before.pane
            for key in keys:
                await pilot.press(key)
        assert load_settings(file).settings == after
