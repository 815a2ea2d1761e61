"""Packages that noDeploy leaves out, and others still require."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.findings.telling import is_told, told
from tests.making import make_wheel
from tests.projects import in_layer, make_project

if TYPE_CHECKING:
    from pathlib import Path

CODE = "omitted-still-needed"


def test_what_a_package_that_ships_requires_is_missed(tmp_path: Path) -> None:
    project = make_project(tmp_path)

    [finding] = told(project.plan(noDeploy=["BETA"]), CODE)

    assert (finding.severity, finding.package) == ("warning", "beta")
    assert "leaves beta out, and alpha still requires it" in finding.message
    assert [(change.key, change.is_unset) for change in finding.fix] == [("noDeploy", True)]


def test_a_layer_built_here_lacks_it_too(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    in_layer(project)
    assert is_told(project.plan(noDeploy=["beta"], layer=True), CODE)
    assert not is_told(project.plan(layer=True), CODE)


def test_what_leaves_with_all_that_needs_it_is_not(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    assert not is_told(project.plan(noDeploy=["alpha", "beta"]), CODE)
    assert not is_told(project.plan(noDeploy=["alpha"]), CODE)
    assert not is_told(project.plan(), CODE)


def test_what_the_runtime_brings_is_not(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    make_wheel(project.wheels, "six", files={"six.py": ""})
    make_wheel(project.wheels, "gamma", files={"gamma.py": ""}, requires=["six", "beta"])
    project.require("gamma")

    findings = told(project.plan(noDeploy=["six", "beta"]), CODE)

    assert [finding.package for finding in findings] == ["beta"]
    assert [change.value for change in findings[0].fix] == [["six"]]


def test_what_a_layer_from_elsewhere_may_bring_is_not(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    layered = (
        (project.root / "serverless.yml")
        .read_text()
        .replace(
            "handler: handler.main",
            "handler: handler.main\n    layers: [arn:aws:lambda:eu-west-1:1:layer:x:1]",
        )
    )
    project.write({"serverless.yml": layered})
    assert not is_told(project.plan(noDeploy=["beta"]), CODE)
