"""Packages that no file of the user's own mentions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.findings.telling import is_told, told
from tests.making import make_wheel
from tests.projects import Project, in_layer, make_project

if TYPE_CHECKING:
    from pathlib import Path

CODE = "package-not-mentioned"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = make_project(tmp_path, requirements=["alpha", "gamma-tools"])
    make_wheel(
        project.wheels, "gamma-tools", files={"gt/__init__.py": "x" * 5_000}, requires=["delta", "beta"]
    )
    make_wheel(project.wheels, "delta", files={"delta.py": "y" * 3_000})
    return project


@pytest.mark.parametrize("options", [{}, {"zip": True}, {"layer": True}])
def test_what_nothing_mentions_is_told_with_what_leaves(project: Project, options: dict[str, object]) -> None:
    in_layer(project)
    made = project.plan(**options)

    [finding] = told(made, CODE)

    assert (finding.severity, finding.package) == ("info", "gamma-tools")
    graph = made.graphs["."]
    assert graph.without(["gamma-tools"]) == ("delta", "gamma-tools"), "beta stays: alpha needs it"
    assert "mentions gamma-tools: with what only it needs, 8.6 KB" in finding.message


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("more.py", "import gt.client\n"),
        ("more.py", "def late():\n    from gt import client\n"),
        ("more.py", "load('gt.client')\n"),
        ("more.py", "# uses gamma_tools\n"),
        ("settings.json", '{"backend": "gt.Backend"}'),
        ("more.py", "import delta, gt\n"),
    ],
)
def test_any_mention_is_believed(project: Project, name: str, text: str) -> None:
    project.write({name: text})
    assert not is_told(project.plan(), CODE)


def test_a_mention_in_a_file_that_does_not_ship_does_not_count(project: Project) -> None:
    project.write({"more.py": "import gt\n"})
    yml = (project.root / "serverless.yml").read_text() + "package:\n  patterns: ['!more.py']\n"
    project.write({"serverless.yml": yml})
    assert is_told(project.plan(), CODE)


def test_what_a_mentioned_package_needs_is_used(tmp_path: Path) -> None:
    project = make_project(tmp_path, requirements=["alpha", "beta"])
    assert not is_told(project.plan(), CODE)


def test_a_handler_may_be_in_a_package(tmp_path: Path) -> None:
    project = make_project(tmp_path, requirements=["alpha"])
    project.write({"handler.py": "def main(event, context): ...\n"})
    assert is_told(project.plan(), CODE)
    yml = (project.root / "serverless.yml").read_text().replace("handler.main", "alpha.main")
    project.write({"serverless.yml": yml})
    assert not is_told(project.plan(), CODE)
