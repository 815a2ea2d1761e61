"""Has a container fill the wheelhouse: an image, a container, files in, the installer, files out, wheels."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pyreq_tui.build.docker.container import running
from pyreq_tui.build.docker.create import create_container
from pyreq_tui.build.docker.dockerfile import build_image
from pyreq_tui.build.docker.engine import Engine, reach_engine
from pyreq_tui.build.docker.filled import Filled, load_filled, reuses, save_filled
from pyreq_tui.build.docker.harvest import harvest
from pyreq_tui.build.docker.image import Image, check_architecture, find_image, pull_image
from pyreq_tui.build.docker.installer import check_surroundings, copy_extra_files, install, look_around
from pyreq_tui.build.docker.places import KNOWN_HOSTS, OUTPUT, SECRETS
from pyreq_tui.build.docker.ssh import SshAccess, ssh_access
from pyreq_tui.build.docker.supplies import Supplies, bring_supplies
from pyreq_tui.build.events import LineLogged, StepAdvanced

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pyreq_tui.build.docker.container import Container
    from pyreq_tui.build.docker.order import Order
    from pyreq_tui.build.docker.site import Site
    from pyreq_tui.build.events import StepName
    from pyreq_tui.build.steps import Steps
    from pyreq_tui.wheels import Contents

_STEP: StepName = "run container"
_MARGIN_BYTES = 32 * 2**20
"""Room for the installer itself, besides what is installed."""
_GROWTH = 3
"""What was sent, what is built of it, and what is installed are there at a time."""


def fill(
    orders: Sequence[Order], contents: Sequence[Mapping[str, Contents]], site: Site
) -> tuple[Filled, ...]:
    """What containers give back for each of ``orders``, kept from earlier or made.

    ``contents`` is what is known of each order's wheels. Raises PyreqError and BuildError, before anything is
    started where it can be told by then; and Cancelled.
    """
    with reach_engine(site.steps.cancel) as engine:
        access = {
            order: ssh_access(site.service, is_local=engine.endpoint.is_local)
            for order in orders
            if order.is_ssh_given
        }
        images = {order: _image(engine, order, site) for order in orders}
        return tuple(
            _fill(engine, order, images[order], access.get(order), known, site)
            for order, known in zip(orders, contents, strict=True)
        )


def _image(engine: Engine, order: Order, site: Site) -> Image:
    """The image to run, pulled or built where the engine has it not."""
    if order.recipe is not None:
        image = build_image(engine, order.recipe, site.service, site.steps)
    else:
        found = find_image(engine, order.reference) if order.flags.values.get("pull") != "always" else None
        image = found or pull_image(engine, order.reference, order.target, site.steps)
    check_architecture(image, order.target, order.where)
    return image


def _fill(
    engine: Engine,
    order: Order,
    image: Image,
    ssh: SshAccess | None,
    known: Mapping[str, Contents],
    site: Site,
) -> Filled:
    kept = load_filled(order, site.cache, site.store) if reuses(site.service) else None
    if kept is not None and kept.digest == image.digest:
        return kept
    steps = site.steps
    with steps.step(_STEP, len(order.pins)) as detail, site.store.workshop() as workshop:
        log = steps.log(_STEP)
        supplies = bring_supplies(order, site.store, workshop, steps, log)
        steps.report(LineLogged(_STEP, f"Installing {len(order.pins)} packages in {image.reference}"))
        created = create_container(engine, order, image, ssh, site.service, steps.cancel)
        with running(engine.client, created, steps.cancel, order.secrets) as container:
            _install(container, order, supplies, ssh, known, steps)
            container.get(OUTPUT, workshop)
        wheels, loose = harvest(workshop / PurePosixPath(OUTPUT).name, order, known, site.store, site.cache)
        steps.report(StepAdvanced(_STEP, len(order.pins), len(order.pins)))
        detail.append(f"{len(order.pins)} packages in {image.reference}")
    filled = Filled(image.digest, order, wheels, loose)
    save_filled(filled, site.cache)
    return filled


def _install(
    container: Container,
    order: Order,
    supplies: Supplies,
    ssh: SshAccess | None,
    known: Mapping[str, Contents],
    steps: Steps,
) -> None:
    """From an idle container to one with everything in its folders."""
    seen = look_around(container, order)
    check_surroundings(seen, order, _needed_bytes(supplies, known))
    known_hosts = ssh.known_hosts.encode() if ssh else b""
    container.put({KNOWN_HOSTS: known_hosts, **supplies.files})
    if ssh is not None and ssh.key:
        container.put_secret(f"{SECRETS}/key", ssh.key)
    environment = {**supplies.environment, **(ssh.environment if ssh else {})}
    if supplies.requirements:
        install(container, order, seen, supplies.requirements, environment, steps.log(_STEP))
    copy_extra_files(container, order)


def _needed_bytes(supplies: Supplies, known: Mapping[str, Contents]) -> int:
    """What the engine's disk must have left: a guess from below."""
    sent = sum(file.stat().st_size for file in supplies.files.values())
    installed = sum(member.size_bytes for contents in known.values() for member in contents.members)
    return _GROWTH * sent + installed + _MARGIN_BYTES
