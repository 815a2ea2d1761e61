"""Which packages need a container, and why; and when a service could do without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.build.docker.order import docker_use
from pyreq_tui.errors import Finding, OptionChange, Where

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyreq_tui.locks import Lock, Pin, Target
    from pyreq_tui.service import Service


def docker_findings(service: Service, locks: Sequence[Lock]) -> Iterator[Finding]:
    """Why each package needs the container that the service asks for, or that none does."""
    use = docker_use(service)
    if use == "nothing":
        return
    where = service.options.where("dockerizePip") or Where(service.config_file)
    for reason in {lock.deferred.reason for lock in locks if lock.deferred}:
        yield Finding(
            "warning",
            "docker-resolves",
            f"This machine can't resolve the requirements, so the container will: {reason}",
            where=where,
            hint="What ships, and how much it is, will be known once it is built.",
        )
    pins = {(pin.name, lock.target): pin for lock in locks for pin in lock.pins}
    needing = {key: pin for key, pin in pins.items() if pin.unbuilt is not None}
    for (name, target), pin in needing.items():
        yield Finding(
            "info",
            "docker-needed",
            f"{name} {pin.version or ''} is built in a container: {_why(pin, target)}.".replace("  ", " "),
            where=where,
            package=name,
        )
    if use == "missing" or service.options.docker_extra_files:
        return
    if not needing and pins:
        yield Finding(
            "info",
            "docker-not-needed",
            "Every package has a wheel that loads on Lambda: a build without Docker ships the same files.",
            where=where,
            hint="Set dockerizePip: false to do without.",
            fix=(OptionChange("dockerizePip", value=False),),
        )
    elif len(needing) < len(pins):
        yield Finding(
            "info",
            "docker-for-few",
            f"{len(needing)} of {len(pins)} packages need the container; the others have wheels.",
            where=where,
            hint="With --docker auto (custom.pyreq.docker: auto) it builds only those.",
        )


def _why(pin: Pin, target: Target) -> str:
    unbuilt = pin.unbuilt
    if unbuilt is None:
        return "it has a wheel"
    if unbuilt.kind == "vcs":
        return "it comes from a repository"
    if unbuilt.kind == "directory":
        return "it is a folder of this machine"
    if unbuilt.has_wheels:
        return f"none of its wheels loads on {target}"
    return "it is published as source only"
