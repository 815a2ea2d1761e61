"""Engines of the tests' own, which may be ended."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import rmtree, which
from typing import TYPE_CHECKING

import pytest
from docker import APIClient

from tests.docker.git_host import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.docker.conftest import Dockerized


@dataclass(frozen=True)
class OwnEngine:
    """A daemon that runs for one test."""

    url: str
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        """End it as a power cut would: with all its children."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def own_dockerd(dockerized: Dockerized, image: str) -> Iterator[OwnEngine]:
    """A dockerd on loopback that has ``image``; skipped where none may be started."""
    with _folder("dockerd") as folder:
        port = free_port()
        command = [
            "dockerd",
            "--host",
            f"tcp://127.0.0.1:{port}",
            "--tls=false",
            "--data-root",
            f"{folder}/data",
        ]
        command += ["--exec-root", f"{folder}/exec", "--pidfile", f"{folder}/pid", "--iptables=false"]
        command += ["--bridge=none"]
        with _served(command, f"tcp://127.0.0.1:{port}", dockerized, image) as engine:
            yield engine


@contextmanager
def own_podman(dockerized: Dockerized, image: str) -> Iterator[OwnEngine]:
    """Podman's service, which speaks as Docker does."""
    with _folder("podman") as folder:
        url = f"unix://{folder}/podman.sock"
        command = [
            "podman",
            "--root",
            f"{folder}/data",
            "--runroot",
            f"{folder}/run",
            "--cgroup-manager=cgroupfs",
        ]
        command += ["system", "service", "--time=0", url]
        with _served(command, url, dockerized, image) as engine:
            yield engine


@contextmanager
def _folder(program: str) -> Iterator[Path]:
    if os.geteuid() != 0 or which(program) is None:
        pytest.skip(f"{program} is not here, or may not be started")
    folder = Path(tempfile.mkdtemp(prefix=f"pyreq-{program}-"))
    try:
        yield folder
    finally:
        _sweep(folder)


def _sweep(folder: Path) -> None:
    """End what a daemon that was killed has left running, and take its mounts and files away."""
    parents = dict(_processes())
    shims = {pid for pid in parents if str(folder).encode() in _command(pid)}
    contained = {pid for pid, parent in parents.items() if parent in shims}
    for pid in (*shims, *contained):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    mounts = [line.split()[1] for line in Path("/proc/mounts").read_text().splitlines()]
    for mount in reversed([mount for mount in mounts if mount.startswith(f"{folder}/")]):
        subprocess.run(["umount", "--lazy", mount], capture_output=True)
    rmtree(folder, ignore_errors=True)


def _processes() -> Iterator[tuple[int, int]]:
    """Every process there is, and its parent."""
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended
            yield int(stat.parent.name), int(stat.read_text().rpartition(")")[2].split()[1])


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:  # it has ended
        return b""


@contextmanager
def _served(command: list[str], url: str, dockerized: Dockerized, image: str) -> Iterator[OwnEngine]:
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)
        engine = OwnEngine(url, process)
        try:
            client = _client(engine)
            if client is None:
                log.seek(0)
                pytest.fail(f"{command[0]} did not start: {log.read().decode()[-2000:]}")
            _hand_over(dockerized.client, client, image)
            client.close()
            yield engine
        finally:
            if process.poll() is None:
                process.terminate()
                process.wait(30)
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def _client(engine: OwnEngine) -> APIClient | None:
    """A client, as soon as somebody answers; ``None`` where nobody does."""
    pause = threading.Event()
    for _ in range(300):
        if engine.process.poll() is not None:
            return None
        if _listens(engine.url):
            return APIClient(engine.url, version="auto")
        pause.wait(0.1)
    return None


def _listens(url: str) -> bool:
    scheme, _, place = url.partition("://")
    host, _, port = place.partition(":")
    family, address = (socket.AF_UNIX, place) if scheme == "unix" else (socket.AF_INET, (host, int(port)))
    with socket.socket(family) as knocking, suppress(OSError):
        knocking.connect(address)
        return True
    return False


def _hand_over(giver: APIClient, taker: APIClient, image: str) -> None:
    with tempfile.TemporaryFile() as packed:
        for block in giver.get_image(image, chunk_size=1 << 20):
            packed.write(block)
        packed.seek(0)
        list(taker.load_image(packed))
