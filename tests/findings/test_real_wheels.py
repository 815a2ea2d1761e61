"""Wheels of other platforms from the package index, vendored as they were installed on another machine."""

from __future__ import annotations

import subprocess
import threading
from typing import TYPE_CHECKING

import pytest
from uv import find_uv_bin

from pyreq_tui.build import plan, run
from pyreq_tui.findings import findings_of, findings_on_disk
from tests.projects import SERVERLESS, Project, make_project

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.index, pytest.mark.slow]

NUMPY = "numpy==2.3.4"


def vendored(folder: Path, platform: str, runtime: str) -> Project:
    """A service whose vendor folder holds numpy as it is installed on ``platform``."""
    project = make_project(folder, SERVERLESS.replace("3.12", runtime), requirements=["alpha==1.2"])
    place = project.root / "vendored"
    command = [find_uv_bin(), "pip", "install", "-q", "--no-deps", "--only-binary", ":all:", "--target"]
    asked = [str(place), "--python-platform", platform, "--python-version", runtime, NUMPY]
    subprocess.run([*command, *asked], check=True, timeout=120)
    return project


def codes(project: Project, **options: object) -> dict[str, set[str]]:
    """What is told of the built service: the severities by code, but for what every service here is told."""
    materials = project.materials(vendor="vendored", **options)
    made = run(
        plan(materials.service, materials), materials, report=lambda _: None, cancel=threading.Event()
    ).plan
    told: dict[str, set[str]] = {}
    for finding in (
        *findings_of(made),
        *findings_on_disk(made, project.root / ".serverless", project.cache),
    ):
        told.setdefault(finding.code, set()).add(finding.severity)
    return told


def test_a_wheel_for_this_platform(tmp_path: Path) -> None:
    project = vendored(tmp_path, "x86_64-manylinux_2_28", "3.12")
    assert not codes(project)
    assert not codes(project, zip=True).keys() - {"zip-init-cost", "zip-not-unpacked"}


def test_a_wheel_for_a_newer_glibc(tmp_path: Path) -> None:
    assert codes(vendored(tmp_path, "x86_64-manylinux_2_28", "3.11"))["glibc-too-new"] == {"error"}


def test_a_wheel_for_another_machine(tmp_path: Path) -> None:
    told = codes(vendored(tmp_path, "aarch64-manylinux_2_28", "3.12"))
    assert told["wrong-machine"] == {"error"}
    assert told["wrong-platform-file"] == {"warning"}


@pytest.mark.parametrize("platform", ["aarch64-apple-darwin", "x86_64-pc-windows-msvc"])
def test_a_wheel_for_another_system(tmp_path: Path, platform: str) -> None:
    told = codes(vendored(tmp_path, platform, "3.12"))
    assert told["foreign-binary"] == {"error"}
    assert told["wrong-platform-file"] == {"warning"}


def test_a_wheel_for_musl(tmp_path: Path) -> None:
    assert codes(vendored(tmp_path, "x86_64-unknown-linux-musl", "3.12"))["missing-library"] == {"warning"}
