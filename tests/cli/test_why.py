"""``why``: paths, costs, and names that are not there."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.making import make_wheel
from tests.projects import SERVERLESS, make_project

if TYPE_CHECKING:
    from pathlib import Path

    from tests.projects import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """``top`` needs ``alpha`` and ``gamma``; ``alpha`` needs ``beta``."""
    project = make_project(tmp_path)
    make_wheel(project.wheels, "gamma", "0.3")
    make_wheel(project.wheels, "top", "9.0", requires=["alpha", "gamma"])
    project.require("top", "gamma")
    return project


def test_every_path_and_what_leaves(project: Project) -> None:
    shipped = {
        package["name"]: package
        for package in json.loads(project.command("estimate", "--json").stdout)["artifacts"][0]["packages"]
    }

    done = project.command("why", "Alpha", "--json")

    answer = json.loads(done.stdout)
    assert done.returncode == 0
    assert answer["package"] == "alpha"
    [module] = answer["modules"]
    assert module["paths"] == [["top", "alpha"]]
    assert (module["module"], module["version"], module["artifacts"]) == (".", "1.2", ["shop.zip"])
    assert [leaver["name"] for leaver in module["leaves"]] == ["beta"]
    for kind in ("unzipped_bytes", "zipped_bytes"):
        assert module[kind] == shipped["alpha"][kind]
        assert module["leaves"][0][kind] == shipped["beta"][kind]
        assert module["saved"][kind] == shipped["alpha"][kind] + shipped["beta"][kind]


def test_a_requirement_that_others_need_too(project: Project) -> None:
    text = project.command("why", "gamma").stdout

    assert "  gamma\n" in text
    assert "  top → gamma\n" in text
    assert "leave" not in text


def test_one_answer_for_each_module(tmp_path: Path) -> None:
    functions = "functions:\n  one: {handler: a.b, module: one}\n  two: {handler: a.b, module: two}\n"
    text = SERVERLESS.split("functions:")[0] + "package: {individually: true}\n" + functions
    project = make_project(tmp_path, text, None)
    project.require("alpha", module="one")
    project.require("beta", module="two")

    answer = json.loads(project.command("why", "beta", str(project.root), "--json").stdout)

    assert [(module["module"], module["paths"]) for module in answer["modules"]] == [
        ("one", [["alpha", "beta"]]),
        ("two", [["beta"]]),
    ]
    assert "in one" in project.command("why", "alpha").stdout


def test_what_no_deploy_leaves_out_costs_nothing(project: Project) -> None:
    [module] = json.loads(project.command("why", "alpha", "--json", "--set", "noDeploy=[top]").stdout)[
        "modules"
    ]

    assert module["paths"] == [["top", "alpha"]]
    assert module["artifacts"] == []
    assert module["saved"] == {"unzipped_bytes": 0, "zipped_bytes": 0}
    assert "does not ship" in project.command("why", "alpha", "--set", "noDeploy=[top]").stdout


def test_an_unknown_package_is_told_with_the_nearest_names(project: Project) -> None:
    done = project.command("why", "alhpa")

    assert done.returncode == 2
    assert "alhpa" in done.stderr
    assert "alpha" in done.stderr
    assert not done.stdout
    assert project.command("why").returncode == 2
