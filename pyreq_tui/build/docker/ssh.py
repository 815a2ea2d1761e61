"""What a container needs to clone over SSH: a key or the agent, and the hosts known here."""

from __future__ import annotations

import base64
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pyreq_tui.build.docker.places import AGENT, KNOWN_HOSTS, SECRETS
from pyreq_tui.errors import BuildError, PyreqError, Where

if TYPE_CHECKING:
    from pyreq_tui.service import Service

_USUAL_KEYS = ("id_rsa", "id_ed25519", "id_ecdsa")
_DESKTOP_AGENT = "/run/host-services/ssh-auth.sock"
"""Where Docker Desktop offers the Mac's agent to containers."""
_OPENSSH_MAGIC = b"openssh-key-v1\0"
_AGENT_HINT = "Start ssh-agent and add it (ssh-add), or name a key without a passphrase in dockerPrivateKey."


@dataclass(frozen=True)
class SshAccess:
    """What is handed to the container."""

    key: str | None = field(repr=False)
    known_hosts: str
    agent: str | None
    """The agent's socket, as the engine sees it."""

    @property
    def environment(self) -> dict[str, str]:
        """What makes git use it: it asks nothing, and trusts no host that is not known here."""
        command = "ssh -o BatchMode=yes -o StrictHostKeyChecking=yes"
        command += f" -o UserKnownHostsFile={KNOWN_HOSTS}"
        command += f" -i {SECRETS}/key" if self.key else ""
        agent = {"SSH_AUTH_SOCK": AGENT} if self.agent else {}
        return {"GIT_SSH_COMMAND": command, **agent}


def ssh_access(service: Service, *, is_local: bool) -> SshAccess:
    """What ``dockerSsh`` hands over: the key named, or the usual one; the agent where the engine is local.

    Raises PyreqError for a key that is not there, BuildError where there is nothing to hand over.
    """
    folder = Path.home() / ".ssh"
    file = _key_file(service, folder)
    agent = _agent()
    key = None
    if file is not None:
        key = _read(file)
        if _is_encrypted(key):
            if agent is None or not is_local:
                raise BuildError(
                    f"The SSH key {file} is protected by a passphrase, which a container can't be asked for.",
                    where=_where(service),
                    hint=_AGENT_HINT,
                )
            key = None
    if key is None and agent is not None and not is_local:
        raise BuildError(
            "The SSH agent can't be handed to an engine on another machine: only a mount could do that.",
            where=_where(service),
            hint="Name a key without a passphrase, a deploy key say, in dockerPrivateKey.",
        )
    if key is None and agent is None:
        usual = ", ".join(f"~/.ssh/{name}" for name in _USUAL_KEYS)
        raise BuildError(
            "dockerSsh is set, but there is neither an SSH key nor an agent to hand over.",
            where=_where(service),
            hint=f"Looked for {usual} and SSH_AUTH_SOCK; name another key in dockerPrivateKey.",
        )
    known = folder / "known_hosts"
    return SshAccess(key, _read(known) if known.is_file() else "", agent if is_local else None)


def _key_file(service: Service, folder: Path) -> Path | None:
    named = service.options.docker_private_key
    if not named:
        return next((folder / name for name in _USUAL_KEYS if (folder / name).is_file()), None)
    file = service.root / Path(named).expanduser()
    if not file.is_file():
        raise PyreqError(
            f"The SSH key {named} that dockerPrivateKey names is not there.",
            where=service.options.where("dockerPrivateKey"),
            hint="Correct the path.",
        )
    return file


def _agent() -> str | None:
    socket = os.environ.get("SSH_AUTH_SOCK")
    if not socket or not Path(socket).exists():
        return None
    return _DESKTOP_AGENT if sys.platform == "darwin" else socket


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise PyreqError(f"{file} can't be read.", hint="Check its permissions.") from error


def _is_encrypted(key: str) -> bool:
    """Whether a private key asks for a passphrase (PROTOCOL.key of OpenSSH, RFC 1421)."""
    lines = key.strip().splitlines()
    if any("ENCRYPTED" in line for line in lines[:3]):
        return True
    try:
        data = base64.b64decode("".join(lines[1:-1]), validate=True)
    except ValueError:
        return False
    cipher = data.removeprefix(_OPENSSH_MAGIC)
    return cipher != data and not cipher.startswith(b"\0\0\0\x04none")


def _where(service: Service) -> Where | None:
    return service.options.where("dockerSsh")
