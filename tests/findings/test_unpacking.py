"""``zip: true``: who unpacks, into how much room, at what price."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pyreq_tui.build import plan
from pyreq_tui.service import load_service
from tests.findings.telling import is_told, told
from tests.planning import synthetic
from tests.projects import SERVERLESS, make_project

if TYPE_CHECKING:
    from pathlib import Path

UNPACKING = "try:\n    import unzip_requirements\nexcept ImportError:\n    pass\n"
MAIN = "def main(event, context): ...\n"


def test_a_handler_that_imports_what_nobody_unpacks(tmp_path: Path) -> None:
    project = make_project(tmp_path)

    [finding] = told(project.plan(zip=True), "zip-not-unpacked")

    assert finding.severity == "error"
    assert finding.package == "alpha"
    assert finding.where is not None
    assert finding.where.file.name == "handler.py"
    assert not is_told(project.plan(), "zip-not-unpacked")
    project.write({"handler.py": f"{UNPACKING}import alpha\n{MAIN}"})
    assert not is_told(project.plan(zip=True), "zip-not-unpacked")


def test_modules_that_the_handler_imports_count(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    files = {
        "handler.py": f"from shop.orders import place\nimport alpha\n{MAIN}",
        "shop/__init__.py": "",
        "shop/orders.py": "from . import start\nplace = 1\n",
        "shop/start.py": UNPACKING,
    }
    project.write(files)
    assert not is_told(project.plan(zip=True), "zip-not-unpacked")

    project.write({"shop/orders.py": "place = 1\n"})
    assert is_told(project.plan(zip=True), "zip-not-unpacked")


@pytest.mark.parametrize(
    "code",
    [
        "import json, os, boto3",  # nothing of what is in the zip
        "import sys; sys.path.insert(0, '/opt/.requirements.zip')\nimport alpha",  # its own way
        "import alpha\nprint 'Python 2'",  # can't be read here
    ],
)
def test_code_that_needs_no_helper_or_can_not_be_judged(tmp_path: Path, code: str) -> None:
    project = make_project(tmp_path)
    project.write({"handler.py": f"{code}\n{MAIN}"})

    assert not is_told(project.plan(zip=True), "zip-not-unpacked")


def test_an_import_in_a_function_needs_the_helper_too(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    project.write({"handler.py": "def main(event, context):\n    from alpha import x\n"})

    assert is_told(project.plan(zip=True), "zip-not-unpacked")


@pytest.mark.parametrize(("setting", "expected"), [("", True), ("    ephemeralStorageSize: 1024\n", False)])
def test_more_than_tmp_holds(tmp_path: Path, setting: str, *, expected: bool) -> None:
    _, materials = synthetic(tmp_path, files=12_000)
    (tmp_path / "serverless.yml").write_text(SERVERLESS + setting)

    findings = told(plan(load_service(tmp_path, overrides={"zip": True}), materials), "zip-over-tmp")

    assert bool(findings) is expected
    if expected:
        assert "512.0 MB" in findings[0].message
        assert "ephemeralStorageSize: 1024" in str(findings[0].hint)


def test_a_size_that_only_a_deployment_knows_is_passed_over(tmp_path: Path) -> None:
    project = make_project(tmp_path, SERVERLESS + "    ephemeralStorageSize: ${ssm:/size}\n")
    assert project.load().functions[0].ephemeral_storage_bytes is None


def test_functions_in_a_list_are_read_too(tmp_path: Path) -> None:
    text = SERVERLESS.replace("  main:\n    handler: handler.main", "  - main: {ephemeralStorageSize: 2048}")
    [function] = make_project(tmp_path, text).load().functions
    assert function.ephemeral_storage_bytes == 2048 * 2**20
    assert function.path == ("functions", "0", "main")


def test_init_time_is_billed(tmp_path: Path) -> None:
    project = make_project(tmp_path)

    [finding] = told(project.plan(zip=True), "zip-init-cost")

    assert finding.severity == "info"
    assert [change.key for change in finding.fix] == ["zip"]
    assert not is_told(project.plan(), "zip-init-cost")
