"""Docker, one more way to fill the wheelhouse: a container builds or installs, and what comes out are wheels.

An ``Order`` says what is asked for; ``fill`` has it done, unless what came of it is kept. What needs
Docker's client library is loaded only then.
"""

from typing import TYPE_CHECKING

from pyreq_tui.station import hand_out

if TYPE_CHECKING:
    from pyreq_tui.build.docker.deferring import deferred_lock, resolved_lock
    from pyreq_tui.build.docker.filled import CONTAINER, Filled, load_filled, reuses
    from pyreq_tui.build.docker.need import docker_findings
    from pyreq_tui.build.docker.order import DockerUse, Order, docker_use, order_of
    from pyreq_tui.build.docker.site import Site

__all__ = [
    "CONTAINER",
    "DockerUse",
    "Filled",
    "Order",
    "Site",
    "deferred_lock",
    "docker_findings",
    "docker_use",
    "load_filled",
    "order_of",
    "resolved_lock",
    "reuses",
]

hand_out(__name__)
