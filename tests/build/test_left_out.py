"""What is left out and what ships are together what could ship, each file counted once."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.build import left_out, plan
from tests.making import make_wheel
from tests.projects import SERVERLESS, make_project

if TYPE_CHECKING:
    from pathlib import Path

    from tests.projects import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = make_project(tmp_path)
    make_wheel(
        project.wheels,
        "gamma",
        "0.3",
        {"gamma/__init__.py": "", "gamma/tests/test_gamma.py": "X = 1\n", "gamma/notes.txt": "words"},
    )
    project.require("alpha", "gamma")
    return project


OPTIONS: list[dict[str, object]] = [
    {},
    {"noDeploy": ["alpha"]},
    {"slim": True, "slimPatterns": ["**/tests", "**/notes.txt", "**/absent"]},
    {"slim": True, "slimPatternsAppendDefaults": False, "slimPatterns": ["gamma/**"], "noDeploy": ["gamma"]},
    {"layer": True},
]


@pytest.mark.parametrize("options", OPTIONS)
def test_with_what_ships_it_is_all_there_is(project: Project, options: dict[str, object]) -> None:
    materials = project.materials()
    everything = {entry.path for entry in plan(materials.service, materials).artifacts[0].bundle.entries}
    service = materials.service.with_overrides(options)
    planned = plan(service, materials)
    shipped = [entry.path for entry in planned.artifacts[0].bundle.entries]
    out = [
        entry.path
        for each in left_out(planned, materials, planned.artifacts[0].filename)
        if each.cause != "always"
        for entry in each.bundle.entries
    ]
    assert sorted([*shipped, *out]) == sorted(everything)


def test_each_option_answers_for_what_it_leaves_out(project: Project) -> None:
    materials = project.materials()
    service = materials.service.with_overrides(
        {"noDeploy": ["Alpha"], "slim": True, "slimPatterns": ["**/tests", "gamma/tests/**", "**/*.txt"]}
    )
    found = left_out(plan(service, materials), materials, "shop.zip")
    options = {
        each.title: {entry.path for entry in each.bundle.entries}
        for each in found
        if each.cause not in ("slim", "always")
    }
    assert options == {
        "noDeploy": {
            "alpha/__init__.py",
            "alpha/tests/test_alpha.py",
            "alpha-1.2.dist-info/METADATA",
            "alpha-1.2.dist-info/RECORD",
            "alpha-1.2.dist-info/WHEEL",
            "beta.py",
            "beta-2.0.dist-info/METADATA",
            "beta-2.0.dist-info/RECORD",
            "beta-2.0.dist-info/WHEEL",
        },
        "slimPatterns **/tests": {"gamma/tests/test_gamma.py"},
        "slimPatterns **/*.txt": {"gamma/notes.txt"},
    }
    [slim] = [each for each in found if each.cause == "slim"]
    assert {entry.path.split("/")[0] for entry in slim.bundle.entries} == {"gamma-0.3.dist-info"}


def test_patterns_and_the_framework_leave_out_files_of_the_user(tmp_path: Path) -> None:
    patterns = "package:\n  patterns: ['!docs/**', 'docs/keep.md', '!**/*.md', '!nothing/**']\n"
    project = make_project(tmp_path, patterns + SERVERLESS, requirements=None)
    project.write({"docs/a.txt": "a" * 70, "docs/keep.md": "b", "docs/c.md": "c", ".gitignore": "x"})
    planned = project.plan()
    found = left_out(planned, project.materials(), "shop.zip")
    assert {each.title: {entry.path for entry in each.bundle.entries} for each in found} == {
        "package.patterns !docs/**": {"docs/a.txt"},
        "package.patterns !**/*.md": {"docs/keep.md", "docs/c.md"},
        "always": {".gitignore", "serverless.yml"},
    }
    assert found[1].bundle.unzipped_bytes == 70


def test_the_command_line_tells_it_too(project: Project) -> None:
    options = ("--set", "slim=true", "--set", "slimPatterns=['**/tests']", "--set", "noDeploy=[alpha]")
    text = project.command("estimate", *options).stdout
    assert "  left out: noDeploy 1." in text
    assert "slimPatterns **/tests 6 B" in text
    [artifact] = json.loads(project.command("estimate", "--json", *options).stdout)["artifacts"]
    told = {(each["option"], each["pattern"]): each["files"] for each in artifact["left_out"]}
    assert told[("slimPatterns", "**/tests")] == 1
    assert told[("noDeploy", "")] == 9
    assert ("always", "") in told
