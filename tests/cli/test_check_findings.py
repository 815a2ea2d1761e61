"""``check`` tells what would fail in production, before and after the build."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.findings.libraries import AARCH64, make_library
from tests.making import make_wheel
from tests.projects import SERVERLESS, Project, make_project

if TYPE_CHECKING:
    from pathlib import Path

KEYS = {"severity", "code", "message", "file", "line", "package", "hint", "fix"}


def checked(project: Project, *arguments: str) -> tuple[dict[str, dict[str, object]], bool]:
    """The findings by code, and whether all is well; what CONTRACT promises holds."""
    done = project.command("check", "--json", *arguments)
    document = json.loads(done.stdout)
    assert set(document) == {"findings", "budgets", "imports", "ok"}
    assert all(set(finding) == KEYS for finding in document["findings"])
    assert done.returncode == (0 if document["ok"] else 1)
    return {finding["code"]: finding for finding in document["findings"]}, document["ok"]


def test_a_service_that_is_well_needs_no_build_to_be_checked(tmp_path: Path) -> None:
    found, ok = checked(make_project(tmp_path, requirements=["alpha==1.2"]))
    assert ok
    assert not found


def test_a_handler_that_is_not_there_fails_the_check(tmp_path: Path) -> None:
    found, ok = checked(make_project(tmp_path, SERVERLESS.replace("handler.main", "absent.main")))

    assert not ok
    assert found["handler-file-missing"]["file"] == str(tmp_path / "service" / "serverless.yml")
    assert found["handler-file-missing"]["line"] == 8


def test_libraries_are_read_once_they_are_built(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    files = {"fast.so": make_library(machine=AARCH64)}
    make_wheel(project.wheels, "fast", files=files, tag="cp312-cp312-linux_x86_64")
    project.require("fast==1.0")
    project.write({"handler.py": "import fast\n\n\ndef main(event, context): ...\n"})

    found, ok = checked(project)
    assert ok
    assert set(found) == {"binaries-not-read"}

    assert project.command("build").returncode == 0
    found, ok = checked(project)
    assert not ok
    assert set(found) == {"wrong-machine"}
    assert found["wrong-machine"]["package"] == "fast"


def test_metadata_that_slim_takes_is_told_with_its_fix(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    code = "import importlib.metadata\nV = importlib.metadata.version('fast')\n"
    make_wheel(project.wheels, "fast", files={"fast.py": code})
    project.require("fast==1.0")
    project.write({"handler.py": "import fast\n\n\ndef main(event, context): ...\n"})
    assert project.command("build", "--set", "slim=true").returncode == 0

    found, ok = checked(project, "--set", "slim=true")

    assert ok
    assert [change["key"] for change in found["metadata-removed"]["fix"]] == [
        "slimPatternsAppendDefaults",
        "slimPatterns",
    ]
    assert not checked(project)[0]
