"""Requirements that leave their version open."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

from tests.findings.telling import is_told, told
from tests.projects import make_project

if TYPE_CHECKING:
    from pathlib import Path


def test_open_requirements_are_one_line(tmp_path: Path) -> None:
    project = make_project(tmp_path, requirements=["beta==2.0", "alpha>=1"])

    [finding] = told(project.plan(), "unpinned-requirements")

    assert finding.severity == "info"
    assert "1 of 2 (alpha)" in finding.message
    assert finding.where is not None
    assert finding.where.line == 4


@pytest.mark.parametrize("line", ["alpha==1.2", "alpha===1.2", "alpha == 1.2 ; python_version > '3'"])
def test_pinned_requirements_are_not(tmp_path: Path, line: str) -> None:
    assert not is_told(make_project(tmp_path, requirements=[line]).plan(), "unpinned-requirements")


def test_a_family_of_versions_is_open(tmp_path: Path) -> None:
    assert is_told(make_project(tmp_path, requirements=["alpha==1.*"]).plan(), "unpinned-requirements")


def test_constraints_pin_too(tmp_path: Path) -> None:
    project = make_project(tmp_path, requirements=["alpha", "-c constraints.txt"])
    project.write({"constraints.txt": "alpha==1.2\n"})
    assert not is_told(project.plan(), "unpinned-requirements")


def test_a_file_is_what_it_is(tmp_path: Path) -> None:
    project = make_project(tmp_path, requirements=None)
    wheel = next(project.wheels.glob("beta-*"))
    project.require(f"beta @ {wheel.as_uri()}")
    assert not is_told(project.plan(), "unpinned-requirements")


def test_pins_without_hashes_are_told_once(tmp_path: Path) -> None:
    project = make_project(tmp_path, requirements=None)
    project.write({"requirements.txt": f"--find-links {project.wheels}\nbeta==2.0\n"})

    [finding] = told(project.plan(), "unhashed-requirements")

    assert finding.severity == "info"
    assert finding.message.startswith("requirements.txt pins versions without hashes")
    assert finding.where is not None
    assert finding.where.line == 2


def test_pins_with_hashes_are_not_nor_what_no_index_serves(tmp_path: Path) -> None:
    project = make_project(tmp_path, requirements=["beta==2.0"])
    assert not is_told(project.plan(), "unhashed-requirements")
    digest = hashlib.sha256(next(project.wheels.glob("beta-*")).read_bytes()).hexdigest()
    lines = f"--find-links {project.wheels}\nbeta==2.0 --hash=sha256:{digest}\n"
    project.write({"requirements.txt": lines})
    assert not is_told(project.plan(), "unhashed-requirements")
