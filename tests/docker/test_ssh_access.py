"""What of SSH is handed to a container, and what is said where there is nothing to hand over."""

from __future__ import annotations

import socket
import subprocess
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.build.docker.ssh import ssh_access
from pyreq_tui.errors import BuildError, PyreqError
from pyreq_tui.service import load_service
from tests.projects import SERVERLESS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyreq_tui.service import Service


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path / "home"
    (home / ".ssh").mkdir(parents=True)
    (home / ".ssh" / "known_hosts").write_text("github.com ssh-ed25519 AAAA\n")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
    return home


@pytest.fixture
def agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    path = str(tmp_path / "agent.sock")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        monkeypatch.setenv("SSH_AUTH_SOCK", path)
        yield path


def service(folder: Path, **overrides: object) -> Service:
    (folder / "serverless.yml").write_text(SERVERLESS)
    return load_service(folder, overrides={"dockerizePip": True, "dockerSsh": True, **overrides})


def make_key(path: Path, passphrase: str = "", kind: str = "ed25519", form: str = "RFC4716") -> str:
    command = ["ssh-keygen", "-q", "-t", kind, "-m", form, "-N", passphrase, "-f", str(path)]
    subprocess.run(command, check=True, capture_output=True)
    return path.read_text()


def test_the_usual_key_and_the_hosts_known_here(tmp_path: Path, home: Path) -> None:
    key = make_key(home / ".ssh" / "id_ed25519")
    access = ssh_access(service(tmp_path), is_local=False)
    assert (access.key, access.agent) == (key, None)
    assert access.known_hosts.startswith("github.com")
    command = access.environment["GIT_SSH_COMMAND"]
    assert "BatchMode=yes" in command
    assert "StrictHostKeyChecking=yes" in command
    assert key not in repr(access)


def test_a_key_by_name(tmp_path: Path, home: Path) -> None:
    make_key(home / ".ssh" / "id_rsa")
    key = make_key(tmp_path / "deploy")
    assert ssh_access(service(tmp_path, dockerPrivateKey="deploy"), is_local=True).key == key
    with pytest.raises(PyreqError, match="The SSH key none that dockerPrivateKey names is not there"):
        ssh_access(service(tmp_path, dockerPrivateKey="none"), is_local=True)


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("ed25519", "RFC4716"),
        pytest.param("rsa", "PEM", marks=pytest.mark.slow),
        pytest.param("rsa", "PKCS8", marks=pytest.mark.slow),
    ],
)
def test_a_key_with_a_passphrase_needs_the_agent(
    tmp_path: Path, home: Path, kind: str, form: str, request: pytest.FixtureRequest
) -> None:
    make_key(home / ".ssh" / "id_rsa", "secret", kind, form)
    with pytest.raises(BuildError, match="protected by a passphrase") as raised:
        ssh_access(service(tmp_path), is_local=True)
    assert "ssh-add" in str(raised.value.hint)
    request.getfixturevalue("agent")
    access = ssh_access(service(tmp_path), is_local=True)
    assert access.key is None
    assert access.agent
    assert "SSH_AUTH_SOCK" in access.environment


def test_an_agent_can_not_be_handed_to_another_machine(tmp_path: Path, home: Path, agent: str) -> None:
    with pytest.raises(BuildError, match="only a mount could do that") as raised:
        ssh_access(service(tmp_path), is_local=False)
    assert "dockerPrivateKey" in str(raised.value.hint)
    assert ssh_access(service(tmp_path), is_local=True).agent == agent


def test_nothing_to_hand_over(tmp_path: Path, home: Path) -> None:
    with pytest.raises(BuildError, match="neither an SSH key nor an agent"):
        ssh_access(service(tmp_path), is_local=True)
