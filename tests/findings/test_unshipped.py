"""Imports that Lambda would fail on: found by reading the handler, before anything is downloaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.findings.telling import is_told, told
from tests.projects import SERVERLESS, in_layer, make_project

if TYPE_CHECKING:
    from pathlib import Path

CODE = "import-not-shipped"
MAIN = "def main(event, context): ...\n"


def test_a_module_that_nothing_brings(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    project.write({"handler.py": f"import alpha\nimport json\n\nfrom yaml.constructor import Loader\n{MAIN}"})

    [finding] = told(project.plan(), CODE)

    assert (finding.severity, finding.package) == ("error", "PyYAML")
    assert finding.message == "main imports yaml, which neither shop.zip nor the runtime has."
    assert finding.where is not None
    assert (finding.where.file.name, finding.where.line) == ("handler.py", 4)
    assert finding.hint == "Add PyYAML to the requirements, or what else brings yaml."


def test_what_no_deploy_leaves_out_and_the_runtime_has_not(tmp_path: Path) -> None:
    project = make_project(tmp_path)

    [finding] = told(project.plan(noDeploy=["alpha", "pytest"]), CODE)

    assert finding.hint == "Take alpha out of noDeploy: the runtime does not have it."
    assert [change.value for change in finding.fix] == [["pytest"]]


def test_files_of_the_users_own_count_as_far_as_they_are_surely_loaded(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    files = {
        "handler.py": f"from shop.orders import place\n{MAIN}",
        "shop/__init__.py": "",
        "shop/orders.py": "from . import prices\nplace = 1\n",
        "shop/prices.py": "import gamma\n",
        "shop/report.py": "import delta\n",
    }
    project.write(files)
    [finding] = told(project.plan(), CODE)
    assert finding.package == "gamma"
    assert finding.where is not None
    assert finding.where.file.name == "prices.py"

    project.write({"serverless.yml": SERVERLESS + "package:\n  patterns: ['!shop/**']\n"})
    [finding] = told(project.plan(), CODE)
    assert finding.message.startswith("main imports shop,")
    assert finding.hint == "Let it in: package.patterns: ['shop/**']."
    assert [change.item for change in finding.fix] == ["shop/**"]


def test_a_module_beside_the_handler_is_not_at_the_root(tmp_path: Path) -> None:
    project = make_project(tmp_path, SERVERLESS.replace("handler.main", "src/api/handler.main"))
    project.write({"src/api/handler.py": f"import prices\n{MAIN}", "src/api/prices.py": ""})
    [finding] = told(project.plan(), CODE)
    assert finding.hint == "It lies beside, but imports count from the root: import src.api.prices."
    assert finding.package is None


@pytest.mark.parametrize(
    "code",
    [
        "import json, os.path, distutils, tomllib",
        "import boto3\nfrom botocore.exceptions import ClientError",
        "try:\n    import gamma\nexcept ImportError:\n    gamma = None",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import gamma",
        "def later():\n    import gamma",
        "import sys\nsys.path.append('elsewhere')\nimport gamma",
        "from . import gamma",
        "import gamma\nprint 'Python 2'",
        "import alpha.anything",
    ],
)
def test_what_may_well_be_there_is_not_told(tmp_path: Path, code: str) -> None:
    project = make_project(tmp_path)
    project.write({"handler.py": f"{code}\n{MAIN}"})
    assert not is_told(project.plan(), CODE)


def test_layers_bring_what_is_in_them(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    in_layer(project)
    assert not is_told(project.plan(layer=True), CODE)
    project.write({"handler.py": f"import gamma\n{MAIN}"})
    assert is_told(project.plan(layer=True), CODE)
    project.write({"serverless.yml": SERVERLESS + "    layers: [arn:aws:lambda:eu-west-1:1:layer:x:1]\n"})
    assert not is_told(project.plan(), CODE), "who knows what is in that"


def test_what_is_in_the_nested_zip_is_another_finding(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    assert not is_told(project.plan(zip=True), CODE)
    assert is_told(project.plan(zip=True), "zip-not-unpacked")


def test_silent_while_a_package_is_not_built(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    backend = "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n"
    about = f"[project]\nname = 'local'\nversion = '1'\n{backend}"
    project.write({"local/pyproject.toml": about, "local/backend.py": "", "handler.py": f"import x1\n{MAIN}"})
    assert is_told(project.plan(), CODE)
    project.require("alpha", "./local")
    assert not is_told(project.plan(), CODE), "who knows what it brings"
