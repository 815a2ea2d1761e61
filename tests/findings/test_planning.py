"""What composing a Plan brings to light: each finding, and what only looks like it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest

from tests.docker.sdists import make_sdist
from tests.findings.telling import is_told, told
from tests.making import make_wheel
from tests.projects import SERVERLESS, Project, make_project

if TYPE_CHECKING:
    from pathlib import Path

UNBUILT = {
    "pyproject.toml": '[project]\nname = "native"\nversion = "1.0"\n',
    "PKG-INFO": "Metadata-Version: 2.2\nName: native\nVersion: 1.0\n",
}
"""A package of which there is no wheel, whose metadata needs no build."""
PIPFILE = "[packages]\nalpha = '*'\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = make_project(tmp_path)
    make_sdist(project.wheels, "native-1.0", UNBUILT)
    return project


def locked(project: Project, content_hash: str | None) -> None:
    """Pipenv's lock of both packages, from files."""
    wheels = {name: next(project.wheels.glob(f"{name}-*.whl")) for name in ("alpha", "beta")}
    default = {name: {"file": wheel.as_uri()} for name, wheel in wheels.items()}
    meta = {"hash": {"sha256": content_hash}} if content_hash else {}
    (project.root / "requirements.txt").unlink(missing_ok=True)
    project.write({"Pipfile": PIPFILE, "Pipfile.lock": json.dumps({"_meta": meta, "default": default})})


def test_a_lock_that_does_not_answer_its_manifest(project: Project) -> None:
    locked(project, "0" * 64)
    [finding] = told(project.plan(), "stale-lock")
    assert finding.severity == "warning"
    assert "pipenv lock" in str(finding.hint)

    said = {
        "_meta": {
            "sources": [{"name": "pypi", "url": "https://pypi.org/simple", "verify_ssl": True}],
            "requires": {},
        },
        "default": {"alpha": "*"},
        "develop": {},
    }
    text = json.dumps(said, sort_keys=True, separators=(",", ":"))
    locked(project, hashlib.sha256(text.encode()).hexdigest())
    assert not is_told(project.plan(), "stale-lock")
    locked(project, None)
    assert not is_told(project.plan(), "stale-lock"), "nobody knows"


def test_what_only_an_omitted_package_of_a_lock_needs(project: Project) -> None:
    locked(project, None)

    [finding] = told(project.plan(noDeploy=["alpha"]), "no-deploy-orphans")

    assert "beta" in finding.message
    assert [change.value for change in finding.fix] == [["alpha", "beta"]]
    assert not is_told(project.plan(noDeploy=["alpha", "beta"]), "no-deploy-orphans")
    assert not is_told(project.plan(), "no-deploy-orphans")


@pytest.mark.parametrize(
    ("runtime", "expected"), [("python3.99", True), ("python3", True), ("python3.12", False)]
)
def test_a_runtime_nobody_knows(tmp_path: Path, runtime: str, *, expected: bool) -> None:
    project = make_project(tmp_path, SERVERLESS.replace("python3.12", runtime))
    assert is_told(project.plan(), "runtime-assumed") is expected


@pytest.mark.parametrize(
    ("tag", "expected"), [("manylinux_2_39_x86_64", True), ("manylinux_2_34_x86_64", False)]
)
def test_a_newer_release_that_does_not_load(project: Project, tag: str, *, expected: bool) -> None:
    make_wheel(project.wheels, "gamma", "1.0", tag="cp312-cp312-manylinux_2_17_x86_64")
    make_wheel(project.wheels, "gamma", "2.0", tag=f"cp312-cp312-{tag}")
    project.require("gamma")

    findings = told(project.plan(), "held-back")

    assert [finding.package for finding in findings] == (["gamma"] if expected else [])


def test_arguments_that_make_no_difference(project: Project) -> None:
    [finding] = told(project.plan(pipCmdExtraArgs=["--upgrade"]), "pip-arguments-needless")
    assert finding.message.startswith("--upgrade makes no difference: ")
    assert not is_told(project.plan(pipCmdExtraArgs=["--no-deps"]), "pip-arguments-needless")


def test_what_has_no_wheel_has_no_size_yet(project: Project) -> None:
    project.require("native")
    [finding] = told(project.plan(), "not-built-yet")
    assert finding.message.startswith("native: no wheel to look into")
    project.require("alpha")
    assert not is_told(project.plan(), "not-built-yet")


@pytest.mark.parametrize(
    ("requirements", "expected"), [(("alpha", "native"), True), (("native",), False), (("alpha",), False)]
)
def test_a_container_for_few_packages(
    project: Project, requirements: tuple[str, ...], *, expected: bool
) -> None:
    project.require(*requirements)
    made = project.plan(dockerizePip=True)
    assert is_told(made, "docker-for-few") is expected
    assert is_told(made, "docker-needed") is ("native" in requirements)
    assert is_told(made, "docker-not-needed") is (requirements == ("alpha",))
