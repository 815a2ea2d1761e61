"""A place to try what was built in: a container of the service's image, where Docker is on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from pyreq_tui.build.docker.container import Container
    from pyreq_tui.build.events import Report
    from pyreq_tui.locks import Target
    from pyreq_tui.processes import Cancel
    from pyreq_tui.service import Service


def trial_container(
    service: Service, target: Target, report: Report, cancel: Cancel, *, offline: bool
) -> AbstractContextManager[Container]:
    """A container without network or variables. Raises as `bare_container` does, once it is entered."""
    from pyreq_tui.build.docker.bare import (
        bare_container,  # here, for it brings Docker's client library along
    )

    return bare_container(service, target, report, cancel, offline=offline)
