"""What strangers wrote reaches the terminal inert, and nothing leaves the folder it belongs to."""

from __future__ import annotations

import json
import os
import zipfile
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.cli import main
from tests.making import make_wheel
from tests.projects import Project, make_project

if TYPE_CHECKING:
    from pathlib import Path

TITLE, RED, C1 = "\x1b]0;owned\x07", "\x1b[31m", "\x9b31m"
"""Sets the window's title; colours; colours with an 8-bit introducer."""
SERVERLESS = r"""
service: "shop\e[31m"
provider: {name: aws, runtime: python3.12}
custom:
  pythonRequirements: {"sl\e]0;owned\ai\u009bm": true, noDeploy: ["no\e[31mthing"]}
functions:
  "ma\e[31min":
    handler: "handler.ma\e[31min"
  other: {handler: handler.main, layers: ["arn:\e[31m"], runtime: "python3.\e[31m"}
package: {patterns: ["!no\e[31mthing"]}
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    project = make_project(tmp_path, SERVERLESS, requirements=["alpha", "strange"])
    make_wheel(
        project.wheels, "strange",
        files={"strange.py": "import importlib.metadata as m\nV = m.version('strange')\n"},
        headers=[f"Summary: {TITLE}boo", f"License: {RED}MIT"],
    )  # fmt: skip
    project.write({f"no{RED}te{C1}.env": "A=1", f"id{TITLE[:3]}/id_rsa": "key"})
    for name in [name for name in os.environ if name.startswith(("PIP_", "UV_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("XDG_CACHE_HOME", str(project.cache))
    monkeypatch.chdir(project.root)
    return project


@pytest.mark.parametrize(
    "arguments",
    [
        "scan",
        "scan --json",
        "estimate",
        "build --sbom sbom.json",
        "check",
        "check --fix",
        "check --format github",
        "check --format junit",
        "check --format sarif",
        "config --set slim=true",
        "config --use-artifacts",
        "why strange",
        "why no\x1b[31mthing",
        "clean",
        "cache list",
    ],
)
def test_no_command_prints_what_steers_a_terminal(
    project: Project, arguments: str, capfd: pytest.CaptureFixture[str]
) -> None:
    before = set(project.listing())

    main(lambda path, **asked: pytest.fail("no screen was asked for"), arguments.split(" "))

    shown = capfd.readouterr()
    assert shown.out or shown.err
    steering = {char for char in shown.out + shown.err if not (char.isprintable() or char == "\n")}
    assert not steering
    assert set(project.listing()) - before <= {"sbom.json"}
    if "sbom.json" in project.listing():
        json.loads(project.listing()["sbom.json"])


@pytest.mark.parametrize(
    "name", ["../../evil.py", "/evil.py", "a/../../evil.py", "..\\evil.py", "C:/evil.py"]
)
def test_a_wheel_that_leads_out_of_its_folder_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], name: str
) -> None:
    project = make_project(tmp_path, requirements=["alpha"])
    wheel = make_wheel(project.wheels, "strange")
    with zipfile.ZipFile(wheel, "a") as archive:
        archive.writestr(zipfile.ZipInfo(name), "import os")
    project.require(f"strange @ {wheel.as_uri()}")
    before = {path for path in tmp_path.rglob("*") if project.cache not in path.parents}
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("XDG_CACHE_HOME", str(project.cache))
    monkeypatch.chdir(project.root)

    status = main(lambda path, **asked: pytest.fail("no screen was asked for"), ["build"])

    assert status == 3
    assert "strange-1.0-py3-none-any.whl" in capfd.readouterr().err
    after = {path for path in tmp_path.rglob("*") if project.cache not in path.parents}
    assert {path.name for path in after - before} <= {"cache"}
