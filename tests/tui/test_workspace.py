"""The state of the workbench, without a screen."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pyreq_tui.errors import OptionChange, PyreqError
from pyreq_tui.service import OPTION_SPECS, Options
from pyreq_tui.tui.option_rows import flow_block, next_value, option_rows, toggled_no_deploy
from pyreq_tui.tui.workspace import Workspace
from tests.tui.fake_engine import service_of

SPECS = {spec.key: spec for spec in OPTION_SPECS}


def opened(**values: object) -> Workspace:
    return Workspace().opened(service_of(Options().override(values)), {})


def test_a_change_back_to_what_the_file_says_is_none() -> None:
    changed = opened(slim=True).changed("slim", value=False)
    assert changed.changes == {"slim": False}
    assert changed.changed("slim", value=True).changes == {}


def test_a_value_of_the_wrong_type_changes_nothing() -> None:
    with pytest.raises(PyreqError):
        opened().changed("installer", "conda")


def test_what_was_emptied_is_taken_out_of_the_file() -> None:
    changed = opened(noDeploy=["boto3"], vendor="lib").changed("noDeploy", []).changed("vendor", "")
    assert changed.option_changes == (
        OptionChange("noDeploy", is_unset=True),
        OptionChange("vendor", is_unset=True),
    )


def test_every_change_has_a_ticket_of_its_own() -> None:
    first = opened()
    second = first.changed("slim", value=True)
    assert first.ticket < second.ticket < second.discarded().ticket


def test_each_step_is_undone_in_turn_however_many_options_it_changed() -> None:
    first = opened().changed("zip", value=True)
    second = first.changed_together({"slim": True, "slimPatterns": ["**/tests"]})
    assert second.undone().changes == first.changes
    assert second.undone().undone().changes == {}
    assert second.undone().undone().undone().changes == {}, "there is nothing left to undo"
    assert second.discarded().undone().changes == second.changes


def test_what_changes_nothing_is_no_step() -> None:
    assert opened(slim=True).changed("slim", value=True).past == ()


def test_what_is_in_the_file_is_not_undone() -> None:
    changed = opened().changed("slim", value=True).changed("zip", value=True)
    saved = changed.written((), {"slim"})
    assert saved.past == ()
    assert saved.changes == {"zip": True}, "what was not chosen waits"
    assert saved.can_undo
    assert saved.unwritten().changes == {"slim": True, "zip": True}
    assert not saved.kept().can_undo


@pytest.mark.parametrize(
    ("key", "value", "following"),
    [
        ("slim", False, True),
        ("installer", "pip", "uv"),
        ("installer", "uv", "pip"),
        ("dockerizePip", "non-linux", False),
        ("layer", {"name": "shared"}, False),
        ("vendor", "", None),
        ("noDeploy", [], None),
    ],
)
def test_the_value_after(key: str, value: object, following: object) -> None:
    assert next_value(SPECS[key], value) == following


def test_no_deploy_is_toggled_by_normalised_name() -> None:
    options = Options().override({"noDeploy": ["Boto3", "python_dateutil"]})
    assert toggled_no_deploy(options, "python-dateutil") == ["Boto3"]
    assert toggled_no_deploy(options, "six") == ["Boto3", "python_dateutil", "six"]


def test_every_option_has_a_row_in_a_known_group() -> None:
    groups = option_rows(opened(), OPTION_SPECS)
    assert {row.key for _, rows in groups for row in rows} == set(SPECS)
    assert [group for group, _ in groups][:2] == ["Size", "Shape"]


def test_the_line_says_what_the_file_sets() -> None:
    options = Options().override(
        {
            "slim": True,
            "slimPatterns": ["**/tests"],
            "noDeploy": ["a", "b"],
            "layer": {"name": "shared"},
            "vendor": "",
            "pipCmdExtraArgs": ["-i https://me:s3cret@index.example/simple"],
            "dockerEnv": ["INDEX_TOKEN=s3cret"],
        }
    )
    shown = flow_block(options, OPTION_SPECS)
    assert shown == (
        "{ slim: true, slimPatterns: ['**/tests'], noDeploy: [a, b], layer: {name: shared}, vendor: '', "
        "pipCmdExtraArgs: ['-i https://***@index.example/simple'], dockerEnv: ['INDEX_TOKEN=***'] }"
    )
    assert flow_block(Options(), OPTION_SPECS) == "{}"


def test_another_artifact_needs_other_effects() -> None:
    workspace = replace(opened(), effects={})
    assert workspace.showing("api.zip").ticket == workspace.ticket + 1
