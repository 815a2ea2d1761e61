"""What there is to import with: the service's container where Docker is on, or a Python of this machine."""

from __future__ import annotations

import platform
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pyreq_tui.build import docker_use, trial_container
from pyreq_tui.bundle import is_library
from pyreq_tui.findings.imports.places import Contained, Here
from pyreq_tui.locks import find_interpreter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyreq_tui.build import Report
    from pyreq_tui.findings.imports.places import Place
    from pyreq_tui.findings.imports.sandbox import Sandbox
    from pyreq_tui.findings.shipping import Shipment
    from pyreq_tui.locks import Target
    from pyreq_tui.processes import Cancel
    from pyreq_tui.service import Service

OLDEST_PYTHON = (3, 8)
"""The first with audit hooks (PEP 578), which say who asks for the network."""


@dataclass
class Surroundings:
    """Finds a place for each Target; an interpreter is looked for once."""

    service: Service
    report: Report
    cancel: Cancel
    offline: bool
    _pythons: dict[Target, str | None] = field(default_factory=dict)

    def described(self, target: Target) -> str:
        """Where an import for ``target`` is run: completes "it runs …"."""
        if self._is_contained:
            return "in a container of the service's image"
        return f"in a process here, on Python {'.'.join(map(str, target.python))}"

    def obstacle(self, shipment: Shipment, target: Target) -> str | None:
        """Why an import for ``target`` can't be run on this machine."""
        if target.python < OLDEST_PYTHON:
            return f"{target.runtime} is too old to be watched while it imports"
        if self._is_contained:
            return None
        if self._python(target) is None:
            minor = ".".join(map(str, target.python))
            return f"there is no Python {minor} here (`uv python install {minor}` gets one)"
        if sys.platform == "win32":
            return "Windows has no way to hold an import apart"
        is_own = sys.platform == "linux" and platform.machine() == target.machine
        if not is_own and any(is_library(entry) for entry in (*shipment.files.values(), *shipment.nested)):
            here = platform.platform(terse=True)
            return f"its libraries are built for Linux on {target.machine}, and this is {here}"
        return None

    @contextmanager
    def place(self, target: Target, made: Sandbox) -> Iterator[Place]:
        """Where ``made`` can be imported. Raises BuildError without the engine that was asked for."""
        if not self._is_contained:
            yield Here(made, self._python(target) or "")
            return
        with trial_container(
            self.service, target, self.report, self.cancel, offline=self.offline
        ) as container:
            place = Contained(container, made, f"python{target.python[0]}.{target.python[1]}")
            place.send()
            yield place

    @property
    def _is_contained(self) -> bool:
        return docker_use(self.service) == "everything"

    def _python(self, target: Target) -> str | None:
        if target not in self._pythons:
            self._pythons[target] = find_interpreter(target.python, None, cancel=self.cancel)
        return self._pythons[target]
