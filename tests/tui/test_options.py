"""Every option has a row with its help, origin and effect; lists and the layer's map are edited in place."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, cast

import pytest
from textual.widgets import Input, OptionList, Static, TextArea

from pyreq_tui.opening import Opening
from pyreq_tui.service import OPTION_SPECS, Options, spec_of
from pyreq_tui.sources import Source
from pyreq_tui.tui.list_items import has_items, items_of
from pyreq_tui.tui.option_rows import GROUPS, UNWEIGHED, OptionRow, option_rows
from pyreq_tui.tui.screens.edit_option import EditOption
from pyreq_tui.tui.screens.pick_items import PickItems
from pyreq_tui.tui.widgets.check_list import CheckList
from pyreq_tui.tui.widgets.tick import Tick
from pyreq_tui.tui.workspace import Workspace
from tests.tui.driving import SMALL, bench, opened, press, settle, shown_text
from tests.tui.fake_engine import MEGABYTE, ROOT, FakeEngine, service_of

if TYPE_CHECKING:
    from pathlib import Path

    from pyreq_tui.build import Materials


def option_row(key: str, **changes: object) -> OptionRow:
    saved = service_of(Options().override({"slim": True}))
    workspace = Workspace(saved=saved, service=saved).changed_together(changes)
    rows = {row.id: row for _, rows in option_rows(workspace, OPTION_SPECS) for row in rows}
    return rows[key]


def test_no_option_is_missing_and_each_says_what_it_is() -> None:
    service = service_of(Options())
    groups = option_rows(Workspace(saved=service, service=service), OPTION_SPECS)
    assert [group for group, _ in groups] == list(GROUPS)
    rows = [row for _, rows in groups for row in rows]
    assert {row.key for row in rows} == {spec.key for spec in OPTION_SPECS}
    assert all(row.help and row.origin for row in rows)
    assert all(row.is_enabled or row.reason for row in rows), "what is disabled says why"
    assert all(row.effect for group, rows in groups if group != "Size" for row in rows)
    assert set(UNWEIGHED) == set(GROUPS) - {"Size"}


@pytest.mark.parametrize(
    ("key", "changes", "origin"),
    [
        ("zip", {}, "the default"),
        ("slim", {}, "set for this run"),
        ("zip", {"zip": True}, "changed, not saved"),
    ],
)
def test_where_a_value_comes_from(key: str, changes: dict[str, object], origin: str) -> None:
    assert option_row(key, **changes).origin == origin


@pytest.mark.parametrize(
    ("dockerize", "docker", "said"),
    [
        (False, None, "needs Docker"),
        (True, None, UNWEIGHED["Docker"]),
        ("non-linux", None, "counts where Docker is used: not here"),
        (False, "auto", "counts where docker: auto builds: nothing here"),
    ],
)
def test_what_docker_is_told_counts_where_docker_is_used(
    dockerize: object, docker: Literal["auto"] | None, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    service = replace(service_of(Options().override({"dockerizePip": dockerize})), docker=docker)
    rows = {row.id: row for _, rows in option_rows(Workspace(service=service), OPTION_SPECS) for row in rows}
    assert (rows["dockerImage"].reason or rows["dockerImage"].effect) == said
    assert rows["dockerImage"].is_enabled is (said != "needs Docker")
    if docker == "auto":
        assert "docker: auto decides" in rows["dockerizePip"].effect


@pytest.mark.slow
async def test_the_layer_is_described_in_a_form() -> None:
    async with opened(FakeEngine(), SMALL) as pilot:
        await press(pilot, "3")
        options = pilot.app.screen.query_one("#options", OptionList)
        options.highlighted = options.get_option_index("layer")
        await press(pilot, "e")
        form = pilot.app.screen
        assert isinstance(form, EditOption)
        buttons = form.query_one(".buttons")
        assert buttons.region.bottom < form.query_one(".frame").region.bottom, "nothing is cut off"
        form.query_one("#name", Input).value = "requirements"
        form.query_one("#compatibleRuntimes", Input).value = "python3.12, python3.13"
        form.query_one("#retain").focus()
        await press(pilot, "space")
        await press(pilot, "ctrl+s")
        assert bench(pilot).workspace.changes == {
            "layer": {
                "name": "requirements",
                "compatibleRuntimes": ["python3.12", "python3.13"],
                "retain": True,
            }
        }
        await press(pilot, "e")
        assert pilot.app.screen.query_one("#compatibleRuntimes", Input).value == "python3.12, python3.13"
        pilot.app.screen.query_one("#retain", Tick).value = False
        pilot.app.screen.query_one("#name", Input).value = ""
        pilot.app.screen.query_one("#compatibleRuntimes", Input).value = ""
        await press(pilot, "ctrl+s")
        assert bench(pilot).workspace.changes == {"layer": True}, "nothing described is a layer all the same"


async def test_what_an_option_does_not_take_is_said_and_can_be_mended() -> None:
    async with opened(FakeEngine(), SMALL) as pilot:
        service = bench(pilot).workspace.service
        assert service is not None
        answers: list[object] = []
        pilot.app.push_screen(EditOption(spec_of("staticCacheMaxVersions"), service.options), answers.append)
        await settle(pilot)
        field = pilot.app.screen.query_one(Input)
        field.value = "many"
        await press(pilot, "enter")
        assert "✗ staticCacheMaxVersions must be" in shown_text(pilot.app.screen.query_one("#wrong"))
        field.value = "3"
        await press(pilot, "enter")
        assert answers == [3]
        pilot.app.push_screen(EditOption(spec_of("slimPatterns"), service.options), answers.append)
        await settle(pilot)
        pilot.app.screen.query_one(TextArea).text = "**/tests\n\n  **/*.pyi \n"
        await pilot.pause()
        assert str(pilot.app.screen.query_one(".frame").border_subtitle) == "2 items"
        await press(pilot, "ctrl+s")
        assert answers[-1] == ["**/tests", "**/*.pyi"]
        pilot.app.push_screen(EditOption(spec_of("dockerizePip"), service.options), answers.append)
        await settle(pilot)
        shown = [line.strip() for line in shown_text(pilot.app.screen.query_one("#values")).splitlines()]
        assert shown == ["● false  the default", "○ true", "○ non-linux"]
        await press(pilot, "down", "down", "enter")
        assert answers[-1] == "non-linux", "what is one of a few is chosen, not typed"


async def test_packages_to_omit_are_picked_from_what_ships_or_typed() -> None:
    engine = FakeEngine(saved=Options().override({"noDeploy": ["Boto3"]}))
    async with opened(engine, SMALL) as pilot:
        await press(pilot, "3")
        options = pilot.app.screen.query_one("#options", OptionList)
        options.highlighted = options.get_option_index("noDeploy")
        await press(pilot, "e")
        picker = pilot.app.screen
        assert isinstance(picker, PickItems)
        rows = picker.query_one(CheckList)
        shown = shown_text(rows).splitlines()
        assert shown[0].startswith("☑ Boto3"), "what is omitted already stands first"
        assert [line.split()[1] for line in shown[1:3]] == ["scipy", "numpy"], "then what would save most"
        assert shown[1].rstrip().endswith("−106.7 MB")
        assert any("botocore" in line and "with urllib3" in line for line in shown), "what leaves with it"
        assert sum(line.lower().count("boto3 ") for line in shown) == 1, "whatever its spelling"
        outcome = picker.query_one("#pick-outcome", Static)
        assert "✗" in shown_text(outcome)
        await press(pilot, *"numpy", "enter")
        assert rows.option_count > 10, "what was typed has done its work"
        await press(pilot, *"python_dateutil")
        assert shown_text(rows).splitlines()[0].rstrip().endswith("add it")
        await press(pilot, "space")
        assert list(picker.chosen) == ["Boto3", "numpy", "python_dateutil"]
        assert " → 203.0 of 250 MB ✓ 47.0 MB left" in shown_text(outcome)
        assert picker.query_one(".buttons").region.bottom < picker.query_one(".frame").region.bottom
        await press(pilot, "enter")
        assert bench(pilot).workspace.changes == {"noDeploy": ["Boto3", "numpy", "python_dateutil"]}
        await press(pilot, "e", "ctrl+t")
        assert isinstance(pilot.app.screen, EditOption)
        pilot.app.screen.query_one(TextArea).text = "Boto3"
        await press(pilot, "ctrl+s")
        assert bench(pilot).workspace.changes == {}, "as text it can be had too"


def test_patterns_to_pick_from_are_those_that_take_something() -> None:
    engine = FakeEngine()
    service = service_of(Options().override({"slim": True, "slimPatterns": ["**/docs", "**/*.pyi"]}))
    materials = engine.gather(service, Opening(ROOT), report=lambda _: None, cancel=threading.Event())
    plan = engine.plan(service, materials)
    workspace = Workspace(service=service, plan=plan, materials=materials)
    items = items_of("slimPatterns", workspace)
    assert [item.value for item in items] == ["**/docs", "**/*.pyi", "**/tests"], "dist-info goes by default"
    assert items[-1].change_bytes is not None
    assert items[-1].change_bytes < -30 * MEGABYTE
    assert items_of("fileName", workspace) == ()


def test_groups_to_pick_from_are_those_of_the_manifests(tmp_path: Path) -> None:
    text = (
        "[project]\nname = 'x'\n[project.optional-dependencies]\npdf = []\n[dependency-groups]\nlint = []\n"
    )
    (tmp_path / "pyproject.toml").write_text(text)
    (tmp_path / "broken.toml").write_text("[")
    sources = tuple(
        Source("uv", module, tmp_path, tmp_path / name, None, None)
        for module, name in ((".", "pyproject.toml"), ("b", "broken.toml"), ("c", "pyproject.toml"))
    )
    engine = FakeEngine()
    service = service_of(Options().override({"uvWithGroups": ["gone"]}))
    plan = engine.plan(service, cast("Materials", None))
    workspace = Workspace(service=service, plan=plan, sources=sources)
    assert [(item.value, item.more) for item in items_of("uvWithGroups", workspace)] == [
        ("gone", ""),
        ("lint", "c/"),
    ]
    assert [item.value for item in items_of("uvOptionalDependencies", workspace)] == ["pdf"]
    assert not has_items("poetryWithGroups", workspace), "no Poetry project is here"
