"""``config --use-artifacts`` and back: the Framework deploys what pyreq-tui builds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
import yaml

from pyreq_tui.service import load_service
from tests.projects import SERVERLESS, make_project

if TYPE_CHECKING:
    from pathlib import Path

    from tests.projects import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path)


def test_the_diff_is_shown_and_saved_only_where_asked(project: Project) -> None:
    shown = project.command("config", "--use-artifacts")

    assert shown.returncode == 0, shown.stderr
    assert (project.root / "serverless.yml").read_text() == SERVERLESS
    changed = [
        line for line in shown.stdout.splitlines() if line[:1] in "+-" and line[:3] not in ("+++", "---")
    ]
    assert changed == [
        "-  pythonRequirements: {}",
        "+  pythonRequirements:",
        "+    enabled: false",
        "+package:",
        "+  artifact: .pyreq/shop.zip",
    ]
    assert project.command("config", "--use-artifacts", "--write").stdout == shown.stdout
    again = project.command("config", "--use-artifacts", "--write")
    assert (again.returncode, again.stdout) == (0, "")


def test_a_build_writes_where_the_file_says_and_estimates_the_same(project: Project) -> None:
    before = json.loads(project.command("build", "--json").stdout)["artifacts"][0]
    assert project.command("config", "--use-artifacts", "--write").returncode == 0

    built = json.loads(project.command("build", "--json").stdout)["artifacts"][0]
    estimated = json.loads(project.command("estimate", "--json").stdout)["artifacts"][0]

    place = project.root / ".pyreq" / "shop.zip"
    assert built["path"] == estimated["path"] == str(place)
    assert place.read_bytes() == (project.root / ".serverless" / "shop.zip").read_bytes()
    assert built["sha256"] == before["sha256"]
    assert "shop.zip" in project.command("clean").stdout
    assert not place.exists()


def test_taking_back_restores_the_file(project: Project) -> None:
    project.command("config", "--use-artifacts", "--write")

    done = project.command("config", "--no-use-artifacts", "--write")

    assert done.returncode == 0, done.stderr
    assert (project.root / "serverless.yml").read_text() == SERVERLESS
    assert project.command("config", "--no-use-artifacts").stdout == ""


def test_a_usage_error(project: Project) -> None:
    assert project.command("config", "--use-artifacts", "--set", "slim=true").returncode == 2
    assert project.command("config", "--use-artifacts", "--unset", "slim").returncode == 2


def test_an_artifact_of_someone_else_is_left_alone(project: Project) -> None:
    project.write({"serverless.yml": SERVERLESS + "package: {artifact: dist/shop.zip}\n"})

    done = project.command("config", "--use-artifacts")

    assert done.returncode == 2
    assert not load_service(project.root).functions[0].packaged


def test_the_layer_is_shown_to_paste_and_saved_where_asked(project: Project) -> None:
    shown = project.command("layer", "--set", "layer={licenseInfo: MIT}")
    assert (shown.returncode, yaml.safe_load(shown.stdout)) == (
        0,
        {
            "layers": {
                "pythonRequirements": {
                    "name": "shop-${sls:stage}-python-requirements",
                    "compatibleRuntimes": ["python3.12"],
                    "licenseInfo": "MIT",
                    "package": {"artifact": ".serverless/pythonRequirements.zip"},
                }
            },
            "functions": {"main": {"layers": [{"Ref": "PythonRequirementsLambdaLayer"}]}},
        },
    )

    diff = project.command("config", "--use-layer").stdout
    assert "+    layers: [{Ref: PythonRequirementsLambdaLayer}]" in diff
    assert (project.root / "serverless.yml").read_text() == SERVERLESS
    assert project.command("config", "--use-layer", "--write").stdout == diff
    assert load_service(project.root).functions[0].layers == ("PythonRequirementsLambdaLayer",)
    assert project.command("config", "--use-layer", "--function", "other").returncode == 2
    assert project.command("config", "--use-layer", "--use-artifacts").returncode == 2
    assert project.command("config", "--no-use-layer", "--function", "main").returncode == 2
    assert project.command("config", "--no-use-layer", "--write").returncode == 0
    assert (project.root / "serverless.yml").read_text() == SERVERLESS
    assert "Nothing changes" in project.command("config", "--no-use-layer").stderr


def test_a_service_in_code_gets_what_to_paste(project: Project) -> None:
    (project.root / "serverless.yml").rename(project.root / "serverless.resolved.yml")
    project.write({"serverless.ts": "export default {}\n"})

    alone = project.command("config", "--set", "slim=true", "--set", "noDeploy=[six]")
    whole = project.command("config", "--config", "serverless.resolved.yml", "--set", "slim=true", "--write")

    assert alone.returncode == 0, alone.stderr
    assert alone.stdout == (
        "custom: {\n  pythonRequirements: {\n    slim: true,\n    noDeploy: ['six'],\n  },\n},\n"
    )
    assert "serverless.ts is code" in alone.stderr
    assert whole.returncode == 2
    assert whole.stdout == "custom: {\n  pythonRequirements: {\n    slim: true,\n  },\n},\n"
    assert (project.root / "serverless.resolved.yml").read_text() == SERVERLESS
    assert project.command("config", "--set", "slim=perhaps").returncode == 2
