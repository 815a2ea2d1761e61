"""Guided setup on a screen, and the empty state that offers it: real folders, questions and files."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.widgets import OptionList

from pyreq_tui.opening import Opening
from pyreq_tui.tui.app import Workshop
from pyreq_tui.tui.engine import Stations
from pyreq_tui.tui.screens.failure import FailureScreen
from pyreq_tui.tui.screens.setup import SetupScreen
from pyreq_tui.tui.screens.snippet import SnippetScreen
from pyreq_tui.tui.widgets.choice_list import ChoiceList
from pyreq_tui.tui.widgets.no_service import NoService
from tests.projects import make_project
from tests.setup.folders import HANDLER, SERVICE, make_folder
from tests.tui.driving import MIDDLE, shown_text
from tests.tui.offline import Offline, opened, press, settle

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from textual.pilot import Pilot

    SnapCompare = Callable[..., bool]

FILES = {
    "api.py": HANDLER,
    "jobs/handler.py": HANDLER,
    "requirements.txt": "six\n",
    ".python-version": "3.12",
}


def asked(pilot: Pilot[None]) -> tuple[str, str]:
    """The question's title and what was found."""
    screen = pilot.app.screen
    return shown_text(screen.query_one("#question-title")).strip(), shown_text(screen.query_one("#found"))


async def test_a_service_is_set_up_with_the_keyboard(tmp_path: Path) -> None:
    make_folder(tmp_path, FILES)
    async with opened(tmp_path, Offline(), MIDDLE, sets_up=True) as pilot:
        assert asked(pilot)[0] == "Runtime"
        assert "1 of 3" in shown_text(pilot.app.screen.query_one("TitleLine"))
        assert "runtime: python3.12" in [
            line.removesuffix("recommended").strip("● ")
            for line in shown_text(pilot.app.screen.query_one(ChoiceList)).splitlines()
            if line.endswith("recommended")
        ]
        assert "Choose" not in shown_text(pilot.app.screen.query_one("KeyLine")), "the cursor does"
        assert "runtime: python3.12" in shown_text(pilot.app.screen.query_one("#diff"))
        await press(pilot, "k")
        assert "runtime: python3.13" in shown_text(pilot.app.screen.query_one("#diff")), "the cursor chooses"
        await press(pilot, "enter", "j", "space")
        assert asked(pilot)[0] == "Functions"
        assert "jobs" not in shown_text(pilot.app.screen.query_one("#diff"))
        await press(pilot, "b")
        assert asked(pilot)[0] == "Runtime"
        assert pilot.app.screen.query_one(ChoiceList).highlighted == 1, "what was chosen is marked"
        await press(pilot, "enter", "enter", "s")
        title, found = asked(pilot)
        assert title == "Save this?"
        assert "The index can't be reached" in found
        await press(pilot, "y")
        assert "+frameworkVersion: '4'" in pilot.app.clipboard
        assert not (tmp_path / "serverless.yml").exists()
        await press(pilot, "enter")
        written = (tmp_path / "serverless.yml").read_text()
        assert "runtime: python3.13\n" in written
        assert written.endswith("functions:\n  api:\n    handler: api.run\n")
        assert isinstance(pilot.app, Workshop)
        assert pilot.app.screen is pilot.app.workbench
        assert pilot.app.workbench.workspace.service is not None, "the workbench opens on what was written"


async def test_leaving_writes_nothing(tmp_path: Path) -> None:
    before = sorted(make_folder(tmp_path, FILES).rglob("*"))
    async with opened(tmp_path, Offline(), sets_up=True) as pilot:
        await press(pilot, "enter", "ctrl+c")
        assert pilot.app.return_code == 130
    assert sorted(make_folder(tmp_path, {}).rglob("*")) == before


@pytest.mark.slow
async def test_the_mouse_answers_and_goes_on(tmp_path: Path) -> None:
    make_folder(tmp_path, FILES)
    async with opened(tmp_path, Offline(), sets_up=True) as pilot:
        await pilot.click(ChoiceList, offset=(3, 4))
        await settle(pilot)
        keys = shown_text(pilot.app.screen.query_one("KeyLine"))
        await pilot.click("KeyLine", offset=(keys.index("Next") + 1, 0))
        await settle(pilot)
        assert asked(pilot)[0] == "Functions"
        await pilot.click(ChoiceList, offset=(3, 0))
        await settle(pilot)
        await press(pilot, "enter", "enter")
        diff = shown_text(pilot.app.screen.query_one("#diff"))
        assert "python3.12" in diff
        assert "api.run" not in diff
        assert "Save" in shown_text(pilot.app.screen.query_one("KeyLine"))


@pytest.mark.slow
async def test_sizes_are_not_waited_for_longer_than_one_likes(tmp_path: Path) -> None:
    make_folder(tmp_path, {"serverless.yml": SERVICE, "main.py": HANDLER, "requirements.txt": "six\n"})
    engine = Offline(waits=True)
    async with opened(tmp_path, engine, sets_up=True) as pilot:
        await press(pilot, "enter", "enter")
        assert engine.waiting.wait(10)
        assert "Finding out what would ship" in asked(pilot)[1]
        assert "3 of 3" in shown_text(pilot.app.screen.query_one("TitleLine"))
        assert not list(pilot.app._notifications), "setup is not offered while it is open"
        engine.waits = False
        await press(pilot, "s")
        assert asked(pilot)[0] == "Save this?"


@pytest.mark.slow
async def test_what_happens_to_a_file_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    make_folder(tmp_path, {"main.py": HANDLER})
    async with opened(tmp_path, Offline(), sets_up=True) as pilot:
        await press(pilot, "enter", "enter", "enter")
        make_folder(tmp_path, {"serverless.yml": "service: mine\n"})
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, FailureScreen)
        assert (tmp_path / "serverless.yml").read_text() == "service: mine\n"


@pytest.mark.slow
async def test_files_elsewhere_are_named_and_so_is_what_can_not_be_written(
    tmp_path: Path,
) -> None:
    shared = "custom: ${file(../shared.yml)}\n"
    folder = make_folder(tmp_path / "shop", {"serverless.yml": SERVICE + shared, "main.py": HANDLER})
    make_folder(tmp_path, {"shared.yml": "a: 1\n"})
    async with opened(folder, Offline(), sets_up=True) as pilot:
        await press(pilot, "enter", "enter")
        assert str(tmp_path / "shared.yml") in shown_text(pilot.app.screen.query_one("#diff")).replace(
            "\n", ""
        )
        make_folder(tmp_path, {"shared.yml": "a: [1\n"})
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, FailureScreen)
    make_folder(tmp_path, {"shared.yml": "pythonRequirements: 3\n"})
    async with opened(folder, Offline(), sets_up=True) as pilot:
        await press(pilot, "j", "enter")
        assert asked(pilot)[0] == "This can't be written"


@pytest.mark.slow
async def test_a_service_in_code_gets_what_to_paste(tmp_path: Path) -> None:
    make_folder(tmp_path, {"serverless.ts": "export default {}\n", "main.py": HANDLER})
    async with opened(tmp_path, Offline()) as pilot:
        await press(pilot, "S")
        assert isinstance(pilot.app.screen, SnippetScreen)
        await press(pilot, "y")
        assert pilot.app.clipboard == "custom: {\n  pythonRequirements: {},\n},\n"
    make_folder(tmp_path, {"printed.yml": SERVICE})
    async with opened(tmp_path, Offline(), config="printed.yml", sets_up=True) as pilot:
        await press(pilot, "enter", "j", "enter", "s")
        assert asked(pilot)[0] == "Paste this into serverless.ts"
        assert "installer: 'uv'," in shown_text(pilot.app.screen.query_one("#diff"))
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, SnippetScreen)
        assert (tmp_path / "printed.yml").read_text() == SERVICE


async def test_effects_are_shown_once_they_are_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = make_project(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(project.cache))
    async with opened(project.root, Stations(), sets_up=True) as pilot:
        await press(pilot, "enter")
        title, found = asked(pilot)
        assert (title, "it fits" in found) == ("Size", True)
        choices = shown_text(pilot.app.screen.query_one(ChoiceList))
        assert "leave out tests folders" in choices
        assert "−153 B" in choices.splitlines()[0], "what it would save"
        together = pilot.app.screen.query_one("#together")
        assert shown_text(together).startswith("shop.zip   0.0 of 250 MB ✓")
        await press(pilot, "space")
        assert "0.0 → 0.0 of 250 MB" in shown_text(together), "with all that is chosen"
        await press(pilot, "enter")
        assert asked(pilot)[0] == "Save this?"
        assert "shop.zip   0.0 → 0.0 of 250 MB" in shown_text(together)
        assert "+    slimPatterns: ['**/tests']" in shown_text(pilot.app.screen.query_one("#diff"))


async def test_an_empty_folder_offers_setup_and_the_services_below(tmp_path: Path) -> None:
    make_folder(tmp_path, {"a/b/serverless.yml": SERVICE, "a/b/main.py": HANDLER})
    async with opened(tmp_path, Offline()) as pilot:
        assert isinstance(pilot.app, Workshop)
        assert pilot.app.screen.query_one(NoService).display
        assert "1 service lies below" in shown_text(pilot.app.screen.query_one("#no-service-text"))
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, SetupScreen)
        await press(pilot, "escape")
        assert pilot.app.screen is pilot.app.workbench
        await pilot.click(OptionList, offset=(2, 1))
        await settle(pilot)
        service = pilot.app.workbench.workspace.service
        assert service is not None
        assert service.root == tmp_path / "a" / "b"
        assert not pilot.app.screen.query_one(NoService).display
        await press(pilot, "S")
        assert isinstance(pilot.app.screen, SetupScreen), "Python support is off there"
        assert asked(pilot)[0] == "Python support"


@pytest.mark.slow
def test_setup(snap_compare: SnapCompare, tmp_path: Path) -> None:
    app = Workshop(Opening(make_folder(tmp_path / "shop", FILES)), Offline(), sets_up=True)
    app.animation_level = "none"

    async def go_on(pilot: Pilot[None]) -> None:
        await settle(pilot)
        await press(pilot, "enter", "j", "space")

    assert snap_compare(app, terminal_size=MIDDLE, run_before=go_on)
