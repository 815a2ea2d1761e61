"""Each Docker option with a real engine."""

from __future__ import annotations

import ast
import os
import signal
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.build import clear_docker
from pyreq_tui.build.docker.create import VOLUME
from pyreq_tui.errors import PyreqError
from tests.docker.conftest import HOST_NETWORK, STAND_IN
from tests.docker.git_host import git_host
from tests.docker.sdists import NATIVE, make_sdist, require_waiting
from tests.making import make_wheel

if TYPE_CHECKING:
    from pathlib import Path

    from tests.docker.conftest import Dockerized

pytestmark = [pytest.mark.docker, pytest.mark.slow]

TELLING = {
    **NATIVE,
    "setup.py": (
        "import os, sys\nfrom setuptools import setup\n"
        "told = {name: os.environ.get(name) for name in ('TOLD', 'API_TOKEN', 'ABSENT', 'FROM_IMAGE')}\n"
        "print('told', told, file=sys.stderr)\n"
        "open('native.py', 'w').write(repr(told))\n"
        "setup(py_modules=['native'])\n"
    ),
}
"""A package that ships what it found in its environment."""


def told(dockerized: Dockerized) -> dict[str, str | None]:
    """What the package found."""
    with zipfile.ZipFile(dockerized.project.root / ".serverless" / "shop.zip") as archive:
        found: dict[str, str | None] = ast.literal_eval(archive.read("native.py").decode())
    return found


def require_telling(dockerized: Dockerized) -> None:
    make_sdist(dockerized.project.wheels, "native-1.0", TELLING)
    dockerized.project.write(
        {"requirements.txt": f"--find-links {dockerized.project.wheels}\nalpha\nnative\n"}
    )


def test_variables_and_arguments_reach_the_container(
    dockerized: Dockerized, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_telling(dockerized)
    monkeypatch.setenv("API_TOKEN", "hunter2hunter2")
    monkeypatch.delenv("ABSENT", raising=False)
    dockerfile = f"ARG IMAGE=none\nFROM $IMAGE\nARG SAID\nENV FROM_IMAGE=$SAID\nCOPY {'extra.txt'} /\n"
    dockerized.project.write({"Dockerfile": dockerfile, "extra.txt": "one\n"})
    options = dockerized.options(
        dockerEnv=["API_TOKEN", "TOLD=yes", "ABSENT"],
        dockerFile="Dockerfile",
        dockerBuildCmdExtraArgs=["--build-arg", f"IMAGE={STAND_IN}", "--build-arg=SAID=image"],
        dockerRunCmdExtraArgs=[*HOST_NETWORK, "--memory", "1g", "-e", "PIP_VERBOSE=1"],
        dockerExtraFiles=["/extra.txt"],
    )
    dockerized.build(**options)
    expected = {"API_TOKEN": "hunter2hunter2", "TOLD": "yes", "ABSENT": None, "FROM_IMAGE": "image"}
    assert told(dockerized) == expected
    assert "told {'TOLD': 'yes'" in dockerized.log()
    assert "hunter2" not in dockerized.log()

    dockerized.project.write({"extra.txt": "two\n"})
    again = dockerized.build(**options)
    assert "the container's build context changed" in again.cache.reason
    assert not dockerized.leftovers()


def test_a_flag_that_only_the_docker_command_knows(
    dockerized: Dockerized, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    arguments = ["--oom-score-adj", "100"]
    result = dockerized.build(**dockerized.options(dockerRunCmdExtraArgs=list(arguments)))
    assert result.artifacts
    assert "run container" in dockerized.steps()
    assert not dockerized.leftovers()
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(PyreqError, match=r"--oom-score-adj can be passed on by the docker command only"):
        dockerized.build(**dockerized.options(dockerRunCmdExtraArgs=["--oom-score-adj", "200"]))


def test_auto_builds_in_the_container_only_what_has_no_wheel(dockerized: Dockerized) -> None:
    require_telling(dockerized)
    options = dockerized.options(dockerizePip=False, dockerRunCmdExtraArgs=list(HOST_NETWORK))
    service = dockerized.project.load(**options).with_docker("auto")
    result = dockerized.build_service(service)
    assert "Installing 1 packages" in dockerized.log()
    assert "Successfully installed native-1.0" in dockerized.log()
    owners = {entry.path: entry.owner for entry in result.plan.artifacts[0].bundle.entries}
    assert {owners["native.py"], owners["beta.py"]} == {"native", "beta"}
    dockerized.project.require("alpha")
    dockerized.build_service(dockerized.project.load(**options).with_docker("auto"))
    assert "run container" not in dockerized.steps()


def test_uv_is_brought_into_the_default_image(dockerized: Dockerized) -> None:
    require_telling(dockerized)
    on_host = dockerized.build(dockerizePip=False, installer="uv", noDeploy=["native"])
    result = dockerized.build(
        **dockerized.options(
            installer="uv", dockerRunCmdExtraArgs=[*HOST_NETWORK, "-e", "TOLD=uv"], noDeploy=[]
        )
    )
    assert told(dockerized)["TOLD"] == "uv"
    kept = {entry.path: entry.crc for entry in on_host.plan.artifacts[0].bundle.entries}
    shipped = {entry.path: entry.crc for entry in result.plan.artifacts[0].bundle.entries}
    assert {path: crc for path, crc in kept.items() if shipped.get(path) != crc} == {}


def test_an_installer_that_changes_a_package_ships_what_it_made(dockerized: Dockerized) -> None:
    make_wheel(
        dockerized.project.wheels,
        "tool",
        "1.0",
        {"tool.py": "", "tool-1.0.data/scripts/tool": "#!python\nimport tool\n"},
    )
    dockerized.project.require("tool")
    on_host = dockerized.build(dockerizePip=False)
    in_container = dockerized.build(**dockerized.options())
    assert in_container.artifacts[0].sha256 == on_host.artifacts[0].sha256


def test_without_the_download_cache_there_is_no_volume(dockerized: Dockerized) -> None:
    clear_docker(dockerized.cancel)
    dockerized.build(**dockerized.options(useDownloadCache=False))
    assert VOLUME not in volumes(dockerized)
    dockerized.build(**dockerized.options(dockerEnv=["A=b"]))
    assert VOLUME in volumes(dockerized)
    told = dockerized.project.command("clean-cache", "--set", f"cacheLocation={dockerized.project.cache}")
    assert f"volume {VOLUME} of Docker" in told.stdout
    assert VOLUME not in volumes(dockerized)


def volumes(dockerized: Dockerized) -> list[str]:
    return [volume["Name"] for volume in dockerized.client.volumes()["Volumes"] or []]


def test_a_container_ends_with_whoever_started_it(dockerized: Dockerized) -> None:
    require_waiting(dockerized.project)
    path = dockerized.project.root / "serverless.yml"
    path.write_text(
        path.read_text().replace(
            "Requirements: {}",
            f"Requirements: {{dockerizePip: true, dockerRunCmdExtraArgs: [--label, {dockerized.mark}]}}",
        )
    )
    command = [sys.executable, "-m", "pyreq_tui", "build", "--verbose"]
    with subprocess.Popen(
        command,
        cwd=dockerized.project.root,
        env=dockerized.project.environment(),
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    ) as child:
        assert child.stderr is not None
        assert any("Preparing metadata" in line for line in child.stderr)
        [container] = dockerized.containers()
        os.kill(child.pid, signal.SIGKILL)
    dockerized.client.wait(container["Id"], timeout=20, condition="removed")
    assert dockerized.containers() == []


def test_an_engine_over_ssh(dockerized: Dockerized, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    if not base.startswith("unix://"):
        pytest.skip("the engine has no socket here")
    with git_host(tmp_path / "host", {"any": ""}) as host:
        home = tmp_path / "home"
        host.trusted_by(home)
        shim = tmp_path / "bin" / "ssh"  # ssh does not look at HOME
        shim.parent.mkdir()
        shim.write_text(f'#!/bin/sh\nPATH="{os.environ["PATH"]}"\nexec {host.command(home)} "$@"\n')
        shim.chmod(0o755)
        monkeypatch.setenv("PATH", f"{shim.parent}:{os.environ['PATH']}")
        user = host.url.partition("://")[2].partition("@")[0]
        monkeypatch.setenv("DOCKER_HOST", f"ssh://{user}@127.0.0.1:{host.port}{base.removeprefix('unix://')}")
        result = dockerized.build(**dockerized.options())
    assert "Successfully installed alpha-1.2 beta-2.0" in dockerized.log()
    assert result.artifacts
    assert not dockerized.leftovers()
