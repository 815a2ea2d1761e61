"""Leaves to a container what this machine can't resolve: it may reach hosts, or have headers, unlike here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.build.docker.order import docker_use
from pyreq_tui.locks import Deferred, Lock, Pin
from pyreq_tui.sources import Locked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyreq_tui.errors import BuildError
    from pyreq_tui.locks import Target, WheelFile
    from pyreq_tui.service import Service
    from pyreq_tui.sources import Requirements


def deferred_lock(service: Service, asked: Requirements | Locked, target: Target, error: BuildError) -> Lock:
    """A Lock without pins, for the container to resolve. Raises ``error`` where none is to do that."""
    if docker_use(service) != "everything" or isinstance(asked, Locked):
        raise error
    if asked.constraints or any(each.path is not None for each in asked.requirements):
        raise error  # files of this machine: only what is pinned is sent
    lines = tuple(each.text for each in asked.requirements)
    names = tuple((each.name, each.extras) for each in asked.requirements if each.name)
    return Lock(target, (), names, deferred=Deferred(lines, error.message))


def resolved_lock(lock: Lock, wheels: Mapping[str, WheelFile]) -> Lock:
    """``lock`` with the pins that a container came to."""
    pins = (Pin(name, wheel.filename.split("-")[1], wheel) for name, wheel in sorted(wheels.items()))
    return Lock(lock.target, tuple(pins), lock.direct)
