"""A container with nothing but its image, to try what was built: no network, no variables, no mounts."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from pyreq_tui.build.docker.container import LABEL, Container, running
from pyreq_tui.build.docker.create import create_idle
from pyreq_tui.build.docker.dockerfile import build_image, read_recipe
from pyreq_tui.build.docker.engine import reach_engine
from pyreq_tui.build.docker.image import check_architecture, default_image, find_image, pull_image
from pyreq_tui.build.steps import Steps

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyreq_tui.build.events import Report
    from pyreq_tui.locks import Target
    from pyreq_tui.processes import Cancel
    from pyreq_tui.service import Service

_NOBODY = "65534:65534"
_APART = {
    "network_mode": "none",
    "auto_remove": True,
    "cap_drop": ["ALL"],
    "security_opt": ["no-new-privileges"],
}


@contextmanager
def bare_container(
    service: Service, target: Target, report: Report, cancel: Cancel, *, offline: bool
) -> Iterator[Container]:
    """One from the image that the service's packages for ``target`` are installed in; removed at the end.

    Raises PyreqError for a Dockerfile that can't be used, BuildError without an engine or its image, and
    Cancelled.
    """
    steps = Steps(report, cancel, offline)
    recipe = read_recipe(service)
    reference = service.options.docker_image or default_image(target)
    with reach_engine(cancel) as engine:
        if recipe is not None:
            image = build_image(engine, recipe, service, steps)
        else:
            image = find_image(engine, reference) or pull_image(engine, reference, target, steps)
        check_architecture(image, target, service.options.where("dockerImage"))
        created = create_idle(engine, image, _APART, user=_NOBODY, labels={LABEL: "container"})
        with running(engine.client, created, cancel, ()) as container:
            yield container
