"""A host that serves a private repository over SSH, to whom it knows."""

from __future__ import annotations

import getpass
import os
import socket
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


@dataclass(frozen=True)
class GitHost:
    """A running sshd on loopback."""

    folder: Path
    port: int
    key: Path
    """The key it lets in, without a passphrase."""

    @property
    def url(self) -> str:
        """Of the repository, as a requirement names it."""
        return f"git+ssh://{getpass.getuser()}@127.0.0.1:{self.port}{self.folder}/private.git"

    @property
    def known_host(self) -> str:
        """The line of known_hosts that vouches for it."""
        kind, key, *_ = (self.folder / "host.pub").read_text().split()
        return f"[127.0.0.1]:{self.port} {kind} {key}\n"

    def trusted_by(self, home: Path) -> None:
        """Make it a known host of ``home``."""
        (home / ".ssh").mkdir(mode=0o700, parents=True)
        (home / ".ssh" / "known_hosts").write_text(self.known_host)

    def command(self, home: Path) -> str:
        """What makes git on this machine reach it: ssh itself does not look at HOME."""
        return f"ssh -i {self.key} -o BatchMode=yes -o UserKnownHostsFile={home}/.ssh/known_hosts"


@contextmanager
def git_host(folder: Path, files: Mapping[str, str]) -> Iterator[GitHost]:
    """Serve a repository of ``files``; its tests are skipped where there is no sshd."""
    sshd = which("sshd") or which("/usr/sbin/sshd")
    if sshd is None:
        pytest.skip("there is no sshd")
    folder.mkdir()
    for name in ("host", "client"):
        _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name))
    _repository(folder, files)
    port = free_port()
    (folder / "authorized").write_text((folder / "client.pub").read_text())
    (folder / "config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nPidFile {folder}/pid\n"
        f"AuthorizedKeysFile {folder}/authorized\nStrictModes no\nUsePAM no\nPasswordAuthentication no\n"
    )
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # where it locks itself in before a login
    with subprocess.Popen(
        [sshd, "-D", "-e", "-f", str(folder / "config")], stderr=subprocess.PIPE, text=True
    ) as server:
        try:
            assert server.stderr is not None
            assert "listening" in server.stderr.readline()
            yield GitHost(folder, port, folder / "client")
        finally:
            server.terminate()


@contextmanager
def ssh_agent(key: Path) -> Iterator[Path]:
    """An agent that holds ``key``; its socket."""
    said = _run("ssh-agent", "-s")
    variables = dict(part.split("=", 1) for part in said.replace("\n", ";").split(";") if "=" in part)
    environment = {**os.environ, **variables}
    try:
        subprocess.run(["ssh-add", "-q", str(key)], env=environment, check=True)
        yield Path(variables["SSH_AUTH_SOCK"])
    finally:
        subprocess.run(["ssh-agent", "-k"], env=environment, check=True, capture_output=True)


def _repository(folder: Path, files: Mapping[str, str]) -> None:
    work = folder / "work"
    for name, text in files.items():
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_text(text)
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.invalid")
    _run("git", "init", "-q", "-b", "main", str(work))
    _run("git", "-C", str(work), "add", ".")
    _run("git", "-C", str(work), *identity, "commit", "-q", "-m", "First")
    _run("git", "clone", "-q", "--bare", str(work), str(folder / "private.git"))


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def free_port() -> int:
    """One that nobody listens at."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
