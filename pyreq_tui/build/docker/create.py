"""Creates a container as ``docker run`` would with the service's options, but idle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pyreq_tui import processes
from pyreq_tui.build.docker.container import IDLE, LABEL
from pyreq_tui.build.docker.dockerfile import docker_command
from pyreq_tui.build.docker.engine import engine_errors
from pyreq_tui.build.docker.places import AGENT, DOWNLOADS, SECRETS
from pyreq_tui.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyreq_tui.build.docker.engine import Engine
    from pyreq_tui.build.docker.image import Image
    from pyreq_tui.build.docker.order import Order
    from pyreq_tui.build.docker.ssh import SshAccess
    from pyreq_tui.processes import Cancel
    from pyreq_tui.service import Service

VOLUME = "pyreq-tui-downloads"
"""The named volume that keeps what installers download; one for all services."""
_MEMORY = "mode=1777,size=16m"
_ROOT = "0"
"""Who installs: files come out through the archive API, so nothing here is ever owned by root."""


def create_container(
    engine: Engine, order: Order, image: Image, ssh: SshAccess | None, service: Service, cancel: Cancel
) -> str:
    """Create a container for ``order`` and return its id. Raises PyreqError and BuildError."""
    if order.flags.unmapped:
        return _by_command(engine, order, image, ssh, service, cancel)
    return _by_engine(engine, order, image, ssh, service)


def create_idle(engine: Engine, image: Image, host: Mapping[str, Any], **own: Any) -> str:
    """Create a container that does nothing until commands are run in it, and return its id.

    ``host`` and ``own`` are what the client library calls the parameters of the host and of the container.
    Raises BuildError.
    """
    with engine_errors("to create a container"):
        created = engine.client.create_container(
            image.digest,
            command=list(IDLE[1:]),
            entrypoint=list(IDLE[:1]),
            stdin_open=True,
            host_config=engine.client.create_host_config(**host),
            **own,
        )
    return str(created["Id"])


def _by_engine(engine: Engine, order: Order, image: Image, ssh: SshAccess | None, service: Service) -> str:
    from docker.types import Mount

    given = order.flags
    if given.values.get("read_only"):
        raise BuildError("--read-only leaves the container no place to install to.", where=order.where)
    mounts = [Mount(DOWNLOADS, VOLUME, type="volume", labels={LABEL: "downloads"})] if _keeps(service) else []
    if ssh and ssh.agent:
        mounts.append(Mount(AGENT, ssh.agent, type="bind"))
    own = {"user", "hostname", "working_dir", "platform"}
    host = {
        name: value
        for name, value in given.all().items()
        if name not in own | {"environment", "labels", "pull"}
    }
    host["tmpfs"] = {**given.maps.get("tmpfs", {}), SECRETS: _MEMORY}
    host |= {"mounts": mounts, "auto_remove": True}
    return create_idle(
        engine,
        image,
        host,
        environment={**order.environment, **given.maps.get("environment", {})},
        labels={**given.maps.get("labels", {}), LABEL: "container"},
        **{"user": _ROOT, **{name: value for name, value in given.values.items() if name in own}},
    )


def _by_command(
    engine: Engine, order: Order, image: Image, ssh: SshAccess | None, service: Service, cancel: Cancel
) -> str:
    """Through the ``docker`` command, which understands every flag; values of variables are not named."""
    where = service.options.where("dockerRunCmdExtraArgs")
    command = [docker_command(order.flags.unmapped, where), "create", "--interactive", "--rm"]
    command += ["--label", f"{LABEL}=container", "--tmpfs", f"{SECRETS}:{_MEMORY}", "--user", _ROOT]
    if _keeps(service):
        command += [
            "--mount",
            f"type=volume,source={VOLUME},target={DOWNLOADS},volume-label={LABEL}=downloads",
        ]
    if ssh and ssh.agent:
        command += ["--mount", f"type=bind,source={ssh.agent},target={AGENT}"]
    for name in order.environment:
        command += ["--env", name]
    command += [*order.arguments, "--entrypoint", IDLE[0], image.digest, *IDLE[1:]]
    said = processes.run(
        command, cwd=service.root, env={**engine.environment, **order.environment}, cancel=cancel
    )
    return said.split()[-1]


def _keeps(service: Service) -> bool:
    return service.options.use_download_cache
