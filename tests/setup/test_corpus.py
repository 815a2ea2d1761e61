"""Setup on every configuration of the corpus of public services, where it stands beside the checkout."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import PyreqError
from pyreq_tui.service import load_service
from pyreq_tui.setup import Journey, has_config, survey
from tests.service.test_corpus import configurations

if TYPE_CHECKING:
    from pathlib import Path

    from pyreq_tui.setup import Survey


@pytest.mark.slow
def test_real_services_are_set_up_once_and_mean_the_same_afterwards(tmp_path: Path) -> None:
    refused = []
    for number, path in configurations().items():
        folder = tmp_path / number
        shutil.copytree(path.parent, folder)
        try:
            before = Journey(survey(folder / path.name))
        except PyreqError:
            refused.append(number)
            continue
        write(before)
        after = Journey(survey(folder / path.name))
        assert after.course.edits() == (), number
        assert told(after.survey) == told(before.survey), number
        assert after.survey.service is not None
        assert after.survey.service.enabled or not after.survey.is_python, number
    assert len(refused) <= 2


@pytest.mark.slow
def test_real_folders_without_a_service_become_one(tmp_path: Path) -> None:
    made = 0
    for number, path in configurations().items():
        folder = tmp_path / number
        shutil.copytree(path.parent, folder)
        (folder / path.name).unlink(missing_ok=True)
        if has_config(folder):
            continue
        write(Journey(survey(folder)))
        service = load_service(folder)
        assert not [problem for problem in service.problems if problem.severity == "error"], number
        assert Journey(survey(folder)).course.edits() == (), number
        made += 1
    assert made > 50


def told(found: Survey) -> list[tuple[object, ...]]:
    """What the service says of its functions, wherever in the file."""
    functions = found.service.functions if found.service else ()
    return [(each.name, each.handler, each.runtime, each.module, each.patterns) for each in functions]


def write(journey: Journey) -> None:
    """Save what would be saved."""
    for edit in journey.course.edits():
        edit.write()
