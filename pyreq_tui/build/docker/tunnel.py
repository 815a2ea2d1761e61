"""Reaches an engine over SSH with the user's own ``ssh``: its configuration, agent and known hosts count."""

from __future__ import annotations

import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pyreq_tui.errors import BuildError, Cancelled
from pyreq_tui.processes import INSTALL_HINTS, POLL_SECONDS, clean_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyreq_tui.processes import Cancel

_REMOTE_SOCKET = "/var/run/docker.sock"
_GRACE_SECONDS = 2.0


@contextmanager
def tunnel(url: str, cancel: Cancel) -> Iterator[str]:
    """Forward a socket here to the engine's on the host of ``url`` (``ssh://user@host:port/path``); its URL.

    Raises BuildError where SSH does not get there, and Cancelled.
    """
    parts = urlsplit(url)
    if not parts.hostname or parts.hostname.startswith("-"):
        raise BuildError(f"{clean_line(url)} names no host.", hint="Write DOCKER_HOST=ssh://user@host.")
    remote = parts.path if len(parts.path) > 1 else _REMOTE_SOCKET
    with tempfile.TemporaryDirectory(prefix="pyreq-") as folder:  # short: a socket's path has a limit
        socket = Path(folder, "engine.sock")
        command = ["ssh", "-NT", "-o", "BatchMode=yes", "-o", "ExitOnForwardFailure=yes"]
        command += ["-o", "ServerAliveInterval=15", "-L", f"{socket}:{remote}"]
        command += ["-p", str(parts.port)] if parts.port else []
        command += ["-l", parts.username] if parts.username else []
        try:
            process = subprocess.Popen(
                [*command, "--", parts.hostname],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                start_new_session=True,
            )
        except OSError as error:
            hint = INSTALL_HINTS.get("ssh", "Install OpenSSH's client; DOCKER_HOST names a host over SSH.")
            raise BuildError("ssh was not found.", hint=hint) from error
        try:
            _wait(process, socket, parts.hostname, cancel)
            yield f"unix://{socket}"
        finally:
            _end(process)


def _wait(process: subprocess.Popen[bytes], socket: Path, host: str, cancel: Cancel) -> None:
    """Until the socket is there: ssh makes it once it is logged in."""
    while not socket.exists():
        if cancel.is_set():
            raise Cancelled
        try:
            process.wait(POLL_SECONDS)
        except subprocess.TimeoutExpired:
            continue
        said = process.stderr.read().decode("utf-8", "replace").strip() if process.stderr else ""
        lines = [clean_line(line) for line in said.splitlines()]
        raise BuildError(
            f"The Docker engine on {host} can't be reached over SSH: {' '.join(lines) or 'ssh ended'}.",
            hint=f"See that `ssh {host} docker info` works without a question.",
        )


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    deadline = time.monotonic() + _GRACE_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
    if process.poll() is None:
        process.kill()
    process.wait()
    if process.stderr:
        process.stderr.close()
