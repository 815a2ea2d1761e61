"""Every option has a row with its help, origin and effect; lists and the layer's map are edited in place."""

from __future__ import annotations

import pytest
from textual.widgets import Input, OptionList, Switch, TextArea

from pyreq_tui.service import OPTION_SPECS, Options, spec_of
from pyreq_tui.tui.option_rows import GROUPS, UNWEIGHED, OptionRow, option_rows
from pyreq_tui.tui.screens.edit_option import EditOption
from pyreq_tui.tui.workspace import Workspace
from tests.tui.driving import SMALL, bench, opened, press, settle, shown_text
from tests.tui.fake_engine import FakeEngine, service_of


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
        form.query_one("#retain", Switch).value = True
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
        pilot.app.screen.query_one("#retain", Switch).value = False
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
