"""Saving: the choice and its diff first, then the file, then a fresh look at it; and back again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pyreq_tui.tui.app import Workshop
from pyreq_tui.tui.diffs import changed_lines, coloured
from pyreq_tui.tui.screens.failure import FailureScreen
from pyreq_tui.tui.screens.save import SaveScreen
from pyreq_tui.tui.screens.snippet import SnippetScreen
from pyreq_tui.tui.widgets.yaml_line import YamlLine
from tests.tui import driving
from tests.tui.driving import MIDDLE, bench, shown_text
from tests.tui.fake_engine import FakeEngine
from tests.tui.offline import Offline, opened, press, settle

if TYPE_CHECKING:
    from pathlib import Path


SERVICE = """\
service: shop
provider: {name: aws, runtime: python3.12}
custom:
  pythonRequirements:
    dockerizePip: non-linux  # [arm] Macs
functions:
  main: {handler: main.run}
"""
CHANGES = {"slim": True, "noDeploy": ["boto3", "six"]}


def make_service(folder: Path, text: str = SERVICE, name: str = "serverless.yml") -> Path:
    """A service of one file; the file."""
    file = folder / name
    file.write_bytes(text.encode())
    return file


def read(file: Path) -> str:
    """What the file says, line endings kept."""
    return file.read_bytes().decode()


async def test_s_shows_the_diff_and_enter_saves_it() -> None:
    engine = FakeEngine()
    async with driving.opened(engine, overrides={"slim": True}) as pilot:
        await driving.press(pilot, "s")
        assert isinstance(pilot.app.screen, SaveScreen)
        shown = shown_text(pilot.app.screen.query_one("#diff"))
        assert "+    slim: true" in shown
        assert "# [arm] Macs" in shown
        await driving.press(pilot, "escape")
        assert engine.writes == 0
        await driving.press(pilot, "s", "enter")
        assert engine.writes == 1
        assert pilot.app.screen is bench(pilot)
        assert bench(pilot).workspace.changes == {}
        assert "as saved" in shown_text(pilot.app.screen.query_one(YamlLine))
        await driving.press(pilot, "s")
        assert pilot.app.screen is bench(pilot), "nothing left to save"


async def test_the_mouse_chooses_and_saves(tmp_path: Path) -> None:
    file = make_service(tmp_path)
    async with opened(tmp_path, Offline(), overrides=CHANGES) as pilot:
        bench(pilot).action_save()
        await settle(pilot)
        await pilot.click("#save-choices", offset=(2, 0))
        await settle(pilot)
        assert "slim" not in shown_text(pilot.app.screen.query_one("#diff"))
        await pilot.click("#save")
        await settle(pilot)
        assert read(file) == SERVICE.replace("# [arm] Macs\n", "# [arm] Macs\n    noDeploy: [boto3, six]\n")


async def test_each_change_is_chosen_copied_saved_and_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    file = make_service(tmp_path, SERVICE.replace("\n", "\r\n"))
    before = read(file)
    async with opened(tmp_path, Offline(), MIDDLE, overrides=CHANGES) as pilot:
        await press(pilot, "s", "space")
        command = shown_text(pilot.app.screen.query_one("#command"))
        assert command.strip() == "$ pyreq-tui config --set 'noDeploy=[boto3, six]' --write"
        await press(pilot, "c", "y")
        assert pilot.app.clipboard == (
            "custom:\n  pythonRequirements:\n    dockerizePip: non-linux\n    noDeploy: [boto3, six]\n"
        )
        await press(pilot, "enter")
        assert read(file) == before.replace("Macs\r\n", "Macs\r\n    noDeploy: [boto3, six]\r\n")
        assert bench(pilot).workspace.changes == {"slim": True}, "what was not chosen waits"
        await press(pilot, "u")
        assert read(file) == before
        assert bench(pilot).workspace.changes == CHANGES


async def test_a_file_that_changed_meanwhile_is_merged_not_overwritten(tmp_path: Path) -> None:
    file = make_service(tmp_path)
    async with opened(tmp_path, Offline(), overrides={"slim": True}) as pilot:
        await press(pilot, "s")
        theirs = read(make_service(tmp_path, SERVICE.replace("python3.12", "python3.13")))
        await press(pilot, "enter")
        assert "changed on disk" in shown_text(pilot.app.screen.query_one("#save-failure"))
        assert read(file) == theirs
        await press(pilot, "enter")
        assert read(file) == theirs, "it asks to be merged first"
        await pilot.click("#merge")
        await settle(pilot)
        assert "Made again in the new text" in shown_text(pilot.app.screen.query_one("#save-note"))
        await press(pilot, "enter")
        assert read(file) == theirs.replace("Macs\n", "Macs\n    slim: true\n")


@pytest.mark.slow
async def test_a_save_that_somebody_wrote_over_is_not_taken_back(tmp_path: Path) -> None:
    file = make_service(tmp_path)
    async with opened(tmp_path, Offline(), overrides={"slim": True}) as pilot:
        await press(pilot, "s", "enter")
        theirs = read(make_service(tmp_path, read(file) + "# mine\n"))
        await press(pilot, "u")
        assert isinstance(pilot.app.screen, FailureScreen)
        assert read(file) == theirs
        await press(pilot, "escape", "u")
        assert pilot.app.screen is bench(pilot), "and that is not tried again"


@pytest.mark.slow
async def test_options_of_an_included_file_are_saved_there(tmp_path: Path) -> None:
    main = make_service(tmp_path, SERVICE.replace("custom:\n", "custom: ${file(custom.yml)}\nx:\n"))
    included = make_service(tmp_path, "pythonRequirements: {}  # shared\n", "custom.yml")
    before = read(main)
    async with opened(tmp_path, Offline(), overrides={"slim": True}) as pilot:
        await press(pilot, "s")
        assert "custom.yml: 3 lines change" in shown_text(pilot.app.screen.query_one("#save-note"))
        await press(pilot, "enter")
        assert read(included) == "pythonRequirements:  # shared\n  slim: true\n"
        assert read(main) == before


@pytest.mark.slow
async def test_artifacts_are_handed_over_and_taken_back(tmp_path: Path) -> None:
    file = make_service(tmp_path)
    async with opened(tmp_path, Offline(), overrides={"slim": True}) as pilot:
        await press(pilot, "a")
        assert "config --use-artifacts --write" in bench_command(pilot.app.screen)
        await press(pilot, "enter")
        assert "artifact: .pyreq/shop.zip" in read(file)
        assert "    slim: true\n    enabled: false\n" in read(file)
        await press(pilot, "a")
        assert "--no-use-artifacts" in bench_command(pilot.app.screen)
        await press(pilot, "enter")
        assert read(file) == SERVICE.replace("Macs\n", "Macs\n    slim: true\n")


def bench_command(screen: object) -> str:
    """The command a save screen would copy."""
    assert isinstance(screen, SaveScreen)
    return screen.offer.command(screen._opening).replace(f" {screen.offer.service.root}", "")


async def test_a_service_in_code_gets_what_to_paste(tmp_path: Path) -> None:
    file = make_service(tmp_path, name="serverless.resolved.yml")
    make_service(tmp_path, "export default {}\n", "serverless.ts")
    async with opened(tmp_path, Offline(), config=file.name, overrides={"slim": True}) as pilot:
        await press(pilot, "s")
        assert isinstance(pilot.app.screen, SnippetScreen)
        await press(pilot, "enter")
        assert pilot.app.clipboard == (
            "custom: {\n  pythonRequirements: {\n    dockerizePip: 'non-linux',\n    slim: true,\n  },\n},\n"
        )
        assert read(file) == SERVICE


@pytest.mark.slow
async def test_leaving_asks_for_what_is_not_saved(tmp_path: Path) -> None:
    file = make_service(tmp_path)
    async with opened(tmp_path, Offline(), overrides={"slim": True}) as pilot:
        await press(pilot, "s", "enter", "u", "q", "s")
        assert isinstance(pilot.app.screen, SaveScreen), "what was taken back is not saved"
        await press(pilot, "enter", "q")
        assert isinstance(pilot.app, Workshop)
        assert pilot.app.return_code == 0
    assert "slim: true" in read(file)


def test_changed_lines_leave_the_diffs_own_heads_out() -> None:
    assert changed_lines("--- a\n+++ b\n@@ -1 +1,2 @@\n x\n-y\n+z\n+w\n---- a\n") == 4


def test_a_diff_is_shown_without_the_secrets_around_the_change() -> None:
    diff = "--- a\n+++ b\n@@ -1 +1,2 @@\n   - https://me:s3cret@index.example/simple\n+  slim: true\n"
    assert "s3cret" not in coloured(diff).plain
    assert "https://***@index.example/simple\n+  slim: true" in coloured(diff).plain
