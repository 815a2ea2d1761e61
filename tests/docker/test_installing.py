"""Builds in real containers: what ships, what is remembered, what the options do."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.build.docker import CONTAINER
from tests.docker.conftest import HOST_NETWORK
from tests.docker.sdists import NATIVE, make_sdist

if TYPE_CHECKING:
    from pyreq_tui.build import Result
    from tests.docker.conftest import Dockerized

pytestmark = [pytest.mark.docker, pytest.mark.slow]


def listing(result: Result) -> list[str]:
    """What is in the artifact."""
    with zipfile.ZipFile(result.artifacts[0].path) as archive:
        return archive.namelist()


def test_what_has_wheels_ships_as_it_does_without_docker(dockerized: Dockerized) -> None:
    on_host = dockerized.build(dockerizePip=False)
    estimate = dockerized.project.plan(**dockerized.options())
    in_container = dockerized.build(**dockerized.options())
    assert estimate.artifacts[0].is_exact
    assert estimate.artifacts[0].unzipped_bytes == in_container.artifacts[0].unzipped_bytes
    assert in_container.artifacts[0].sha256 == on_host.artifacts[0].sha256
    assert "Successfully installed alpha-1.2 beta-2.0" in dockerized.log()
    assert {finding.code for finding in estimate.problems} == {"docker-not-needed"}
    assert not dockerized.leftovers()


def test_a_second_build_starts_no_container_whatever_is_slimmed(dockerized: Dockerized) -> None:
    dockerized.build(**dockerized.options())
    again = dockerized.build(**dockerized.options())
    assert again.cache.is_hit
    slim = dockerized.build(**dockerized.options(slim=True, noDeploy=["beta"], zip=True))
    assert "run container" not in dockerized.steps()
    dockerized.build(**dockerized.options(useStaticCache=False))
    assert "run container" in dockerized.steps()
    assert "slim changed" in slim.cache.reason


def test_what_the_container_was_told_is_a_reason_to_ask_it_again(
    dockerized: Dockerized, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYREQ_SECRET_TOKEN", "hunter2hunter2")
    dockerized.build(**dockerized.options(dockerEnv=["PYREQ_SECRET_TOKEN"]))
    monkeypatch.setenv("PYREQ_SECRET_TOKEN", "another-secret")
    again = dockerized.build(**dockerized.options(dockerEnv=["PYREQ_SECRET_TOKEN"]))
    assert again.cache.reason == "the container's variables changed"
    assert "run container" in dockerized.steps()
    kept = [path for path in dockerized.project.cache.rglob("*.json") if path.is_file()]
    assert kept
    assert not [path for path in kept if "another-secret" in path.read_text("utf-8", "replace")]


def test_a_c_extension_is_compiled_in_an_image_that_has_a_compiler(dockerized: Dockerized) -> None:
    make_sdist(dockerized.project.wheels, "native-1.0", NATIVE)
    dockerized.project.write(
        {"requirements.txt": f"--find-links {dockerized.project.wheels}\nalpha\nnative\n"}
    )
    options = dockerized.compiling()
    estimate = dockerized.project.plan(**options)
    told = {finding.code: finding for finding in estimate.problems}
    assert told["docker-needed"].package == "native"
    assert "source only" in told["docker-needed"].message
    assert not estimate.artifacts[0].is_exact
    result = dockerized.build(**options)
    assert "native.cpython-311-x86_64-linux-gnu.so" in listing(result)
    everything = {entry.path: entry.crc for entry in result.plan.artifacts[0].bundle.entries}
    auto = dockerized.project.load(**{**options, "dockerizePip": False}).with_docker("auto")
    assert {finding.code for finding in auto.problems} == set()
    assert dockerized.project.plan(**options).artifacts[0].is_exact
    assert everything.keys() >= {"alpha/__init__.py", "beta.py"}
    assert not dockerized.leftovers()


def test_extra_files_ship_at_the_root(dockerized: Dockerized) -> None:
    options = dockerized.options(dockerExtraFiles=["/etc/os-release", "/usr/share/common-licenses/GPL-*"])
    assert not dockerized.project.plan(**options).artifacts[0].is_exact
    result = dockerized.build(**options)
    assert {"os-release", "GPL-2", "GPL-3"} <= set(listing(result))
    owners = {entry.path: entry.owner for entry in result.plan.artifacts[0].bundle.entries}
    assert owners["os-release"] == CONTAINER
    assert owners["beta.py"] == "beta"
    with zipfile.ZipFile(result.artifacts[0].path) as archive:
        assert b"PRETTY_NAME" in archive.read("os-release")
    assert dockerized.build(**options).cache.is_hit


def test_files_come_out_owned_by_who_builds(dockerized: Dockerized) -> None:
    pure = {**NATIVE, "setup.py": "from setuptools import setup\nsetup()\n"}
    make_sdist(dockerized.project.wheels, "native-1.0", pure)
    dockerized.project.write({"requirements.txt": f"--find-links {dockerized.project.wheels}\nnative\n"})
    dockerized.build(**dockerized.options(dockerRunCmdExtraArgs=list(HOST_NETWORK)))
    owner = dockerized.project.root.stat().st_uid
    places = (dockerized.project.cache, dockerized.project.root)
    assert {path.stat().st_uid for place in places for path in place.rglob("*")} == {owner}
