"""What serverless.yml says, and nobody reads or two do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pyreq_tui.findings.configuration import may_be_version_4
from tests.findings.telling import is_told, told
from tests.projects import SERVERLESS, make_project

if TYPE_CHECKING:
    from pathlib import Path


def test_the_community_plugin_beside_the_built_in_support(tmp_path: Path) -> None:
    plugin = SERVERLESS + "plugins: [serverless-python-requirements]\n"
    both = make_project(tmp_path / "both", f"frameworkVersion: '4'\n{plugin}")
    [sure] = told(both.plan(), "community-plugin")
    assert (sure.severity, bool(sure.fix)) == ("warning", True)

    unknown = make_project(tmp_path / "unknown", plugin)
    [unsure] = told(unknown.plan(), "community-plugin")
    assert (unsure.severity, unsure.fix) == ("info", ()), "version 3 without it would ship no packages"
    unknown.write({"package.json": '{"devDependencies": {"serverless": "^3.38.0"}}'})
    assert not is_told(unknown.plan(), "community-plugin")

    other = make_project(tmp_path / "other", SERVERLESS + "plugins: [serverless-wsgi]\n")
    assert not is_told(other.plan(), "community-plugin")


@pytest.mark.parametrize(
    ("versions", "expected"),
    [
        ("", True),
        ("4", True),
        ("^4.1.0", True),
        (">=3.0.0", True),
        (">=3.0.0 <5.0.0", True),
        ("3", False),
        ("^3.38.0", False),
        ("3.x", False),
        (">=2.72.0 <3.0.0", False),
        (">=3.0.0 <4.0.0", False),
    ],
)
def test_before_version_4_there_is_no_built_in_support(versions: str, *, expected: bool) -> None:
    assert may_be_version_4(versions) is expected


def test_the_plugin_is_right_where_it_stands_alone(tmp_path: Path) -> None:
    text = SERVERLESS + "plugins: [serverless-python-requirements]\nframeworkVersion: '3'\n"
    assert not is_told(make_project(tmp_path, text).plan(), "community-plugin")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (SERVERLESS + "package:\n  individualy: true\n", 11),
        (SERVERLESS + "package:\n  Individually: true\n", 11),
        (SERVERLESS + "individually: true\n", 10),
        (SERVERLESS + "    individually: true\n", 10),
        (SERVERLESS + "    package: {indivdually: true}\n", 10),
        (SERVERLESS.replace("  name: aws", "  name: aws\n  individually: true"), 4),
    ],
)
def test_individually_misspelt_or_in_the_wrong_place(tmp_path: Path, text: str, line: int) -> None:
    [finding] = told(make_project(tmp_path, text).plan(), "individually-misspelt")

    assert finding.where is not None
    assert finding.where.line == line


@pytest.mark.parametrize("package", ["individually: false", "patterns: []", "excludeDevDependencies: false"])
def test_package_as_it_should_be(tmp_path: Path, package: str) -> None:
    text = SERVERLESS + f"package:\n  {package}\n"
    assert not is_told(make_project(tmp_path, text).plan(), "individually-misspelt")


@pytest.mark.parametrize(("count", "expected"), [(5, False), (6, True)])
def test_more_layers_than_a_function_may_have(tmp_path: Path, count: int, *, expected: bool) -> None:
    arns = ", ".join(f"arn:aws:lambda:eu-west-1:1:layer:l{number}:1" for number in range(count))
    project = make_project(tmp_path, SERVERLESS + f"    layers: [{arns}]\n")

    assert is_told(project.plan(), "too-many-layers") is expected
