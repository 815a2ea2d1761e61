"""Data files that slimPatterns take and code opens."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.build import plan, run
from pyreq_tui.findings import findings_on_disk
from tests.making import make_wheel
from tests.projects import Project, make_project

if TYPE_CHECKING:
    from pathlib import Path

    from pyreq_tui.errors import Finding

OPENS = (
    "from importlib.resources import files\nTEXT = files('deep').joinpath('data/zones.json').read_text()\n"
)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = make_project(tmp_path, requirements=["deep"])
    make_wheel(
        project.wheels, "deep",
        files={"deep/__init__.py": OPENS, "deep/data/zones.json": "{}", "deep/data/notes.json": "{}"},
    )  # fmt: skip
    return project


def found(project: Project, **options: object) -> list[Finding]:
    materials = project.materials(**options)
    made = plan(materials.service, materials)
    run(made, materials, report=lambda _: None, cancel=threading.Event())
    findings = findings_on_disk(made, project.root / ".serverless", project.cache)
    return [finding for finding in findings if finding.code == "data-file-slimmed"]


@pytest.mark.parametrize("shape", [{}, {"layer": True}, {"zip": True}])
def test_a_file_that_code_names(project: Project, shape: dict[str, object]) -> None:
    patterns = ["**/*.json", "**/*.txt"]

    [finding] = found(project, slim=True, slimPatterns=patterns, **shape)

    assert (finding.severity, finding.package) == ("warning", "deep")
    assert "deep/__init__.py of deep names zones.json" in finding.message
    assert finding.hint is not None
    assert "**/*.json" in finding.hint
    assert [change.value for change in finding.fix] == [["**/*.txt"]]
    assert found(project, slim=True, slimPatterns=patterns, **shape) == [finding], "as remembered"
    assert not found(project, slim=True, slimPatterns=["**/*.txt"], **shape)


@pytest.mark.parametrize(
    "options",
    [
        {"slimPatterns": ["**/*.json"]},
        {"slim": True},
        {"slim": True, "slimPatterns": ["**/notes.json"]},
        {"slim": True, "slimPatterns": ["deep/**"]},
    ],
    ids=["slim is off", "the defaults take no data", "nobody names it", "who names it leaves too"],
)
def test_near_misses(project: Project, options: dict[str, object]) -> None:
    assert not found(project, **options)
