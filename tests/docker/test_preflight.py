"""What keeps a container from being asked at all, each cause with its own message and way out."""

from __future__ import annotations

import hashlib
import json
import os
import socket
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.build import plan, run
from pyreq_tui.build.docker.engine import Endpoint, find_endpoint, reach_engine, unreachable
from pyreq_tui.build.docker.image import default_image
from pyreq_tui.errors import BuildError, PyreqError
from pyreq_tui.locks import target_for
from tests.projects import SERVERLESS, make_project

if TYPE_CHECKING:
    from pathlib import Path

    from tests.projects import Project


@pytest.fixture(autouse=True)
def nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A user whose Docker is not configured, and whose engine is named by nothing."""
    for name in [name for name in os.environ if name.startswith("DOCKER_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("DOCKER_CONFIG", str(tmp_path / "docker"))


def refusal() -> BuildError:
    with pytest.raises(BuildError) as raised, reach_engine(threading.Event()):
        pytest.fail("an engine answered")
    return raised.value


def test_no_engine_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    error = refusal()
    assert error.message == f"There is no Docker engine: nothing is at unix://{tmp_path}/none.sock."
    assert "Install and start Docker or Podman" in str(error.hint)
    assert "--docker auto" in str(error.hint)
    assert error.exit_status == 3


def test_the_daemon_is_down(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "docker.sock"
    with socket.socket(socket.AF_UNIX) as left_behind:
        left_behind.bind(str(path))
    monkeypatch.setenv("DOCKER_HOST", f"unix://{path}")
    error = refusal()
    assert error.message == f"The Docker engine at unix://{path} is not running."
    assert "systemctl start docker" in str(error.hint)


def test_nobody_listens_on_another_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:1")
    error = refusal()
    assert error.message == "The Docker engine at tcp://127.0.0.1:1 is not running."
    assert "Start it on 127.0.0.1, or correct DOCKER_HOST or the context." in str(error.hint)


def test_no_permission_on_the_socket() -> None:
    # Nothing is forbidden to root, who runs tests in containers: the error is made up.
    refused = PermissionError(13, "Permission denied")
    error = unreachable(Endpoint("unix:///var/run/docker.sock"), refused)
    assert "You may not use the Docker engine at unix:///var/run/docker.sock" in error.message
    assert "usermod -aG docker" in str(error.hint)


def test_without_the_client_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docker", None)
    error = refusal()
    assert error.message.startswith("Docker's client library can't be loaded")
    assert "pip install" in str(error.hint)


def test_a_context_that_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_CONTEXT", "faraway")
    assert "no Docker context 'faraway'" in refusal().message


def test_tls_without_its_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://127.0.0.1:2376")
    monkeypatch.setenv("DOCKER_TLS_VERIFY", "1")
    monkeypatch.setenv("DOCKER_CERT_PATH", str(tmp_path))
    error = refusal()
    assert error.message.startswith("Docker's configuration can't be used")
    assert "DOCKER_CERT_PATH" in str(error.hint)


def test_ssh_that_gets_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "ssh://nobody@127.0.0.1:1")
    error = refusal()
    assert error.message.startswith("The Docker engine on 127.0.0.1 can't be reached over SSH:")
    assert "ssh 127.0.0.1 docker info" in str(error.hint)


def test_a_password_in_the_engines_url_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://me:hunter2@127.0.0.1:1")
    assert "hunter2" not in str(refusal())


@pytest.mark.parametrize("by", ["currentContext", "DOCKER_CONTEXT"])
def test_the_context_in_use_names_the_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, by: str
) -> None:
    folder = tmp_path / "docker" / "contexts" / "meta" / hashlib.sha256(b"builder").hexdigest()
    folder.mkdir(parents=True)
    meta = {"Name": "builder", "Metadata": {}, "Endpoints": {"docker": {"Host": "tcp://builder:2375"}}}
    (folder / "meta.json").write_text(json.dumps(meta))
    current = {"currentContext": "builder"} if by == "currentContext" else {}
    (tmp_path / "docker" / "config.json").write_text(json.dumps(current))
    if by == "DOCKER_CONTEXT":
        monkeypatch.setenv("DOCKER_CONTEXT", "builder")
    assert find_endpoint().url == "tcp://builder:2375"
    assert not find_endpoint().is_local
    monkeypatch.setenv("DOCKER_HOST", "unix:///nearer.sock")
    assert find_endpoint().url == "unix:///nearer.sock"


def test_a_socket_of_podman_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "podman"
    folder.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    monkeypatch.setattr("pyreq_tui.build.docker.engine._SOCKETS", ("$XDG_RUNTIME_DIR/podman/podman.sock",))
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(folder / "podman.sock"))
        assert find_endpoint().url == f"unix://{folder}/podman.sock"


def test_the_default_image_is_the_runtimes_and_the_architectures() -> None:
    assert default_image(target_for("python3.11", "x86_64")) == (
        "public.ecr.aws/sam/build-python3.11:latest-x86_64"
    )
    assert default_image(target_for("python313", "arm64")).endswith("build-python3.13:latest-arm64")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    for name in [name for name in os.environ if name.startswith("PIP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    return make_project(
        tmp_path, SERVERLESS.replace("Requirements: {}", "Requirements: {dockerizePip: true}")
    )


@pytest.mark.slow
def test_the_estimate_asks_no_engine_and_the_build_says_what_is_wrong(project: Project) -> None:
    estimated = json.loads(project.command("estimate", "--json").stdout)
    assert estimated["artifacts"][0]["exact"]
    built = project.command("build")
    assert built.returncode == 3
    assert "There is no Docker engine" in built.stderr
    assert "Install and start Docker" in built.stderr
    assert not (project.root / ".serverless").exists()
    automatic = project.command("build", "--docker", "auto")
    assert automatic.returncode == 0
    assert (project.root / ".serverless" / "shop.zip").is_file()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"dockerFile": "Dockerfile"}, "The Dockerfile Dockerfile can't be read: No such file or directory."),
        ({"dockerFile": "../Dockerfile"}, "The Dockerfile ../Dockerfile is outside of"),
        ({"dockerImage": "a", "dockerFile": "b"}, "dockerImage and dockerFile are both set"),
        ({"dockerRunCmdExtraArgs": ["--cpus", "many"]}, "--cpus does not take 'many'."),
        ({"dockerRunCmdExtraArgs": ["--env-file", "none"]}, "that --env-file names can't be read."),
    ],
)
def test_options_that_can_not_be(project: Project, options: dict[str, object], message: str) -> None:
    materials = project.materials(**options)
    with pytest.raises(PyreqError) as raised:
        run(plan(materials.service, materials), materials, report=lambda _: None, cancel=threading.Event())
    assert message in raised.value.message
    assert raised.value.exit_status == 2


def test_nothing_of_docker_is_asked_on_linux_for_non_linux(project: Project) -> None:
    if sys.platform != "linux":
        pytest.skip("this is not Linux")
    materials = project.materials(dockerizePip="non-linux")
    made = plan(materials.service, materials)
    assert not [finding for finding in made.problems if finding.code.startswith("docker")]
    run(made, materials, report=lambda _: None, cancel=threading.Event())
