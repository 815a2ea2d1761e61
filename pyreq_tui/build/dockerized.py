"""What containers are asked for, and what they gave back, among the materials of a build."""

from __future__ import annotations

from dataclasses import replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pyreq_tui.build.docker import CONTAINER, Site, load_filled, order_of, resolved_lock, reuses
from pyreq_tui.bundle import Entry, UnknownBytes
from pyreq_tui.errors import PyreqError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pyreq_tui.build.docker import Filled, Order
    from pyreq_tui.build.materials import Materials
    from pyreq_tui.build.requirements import RequirementMaterials, Unit
    from pyreq_tui.build.steps import Steps
    from pyreq_tui.processes import Cancel
    from pyreq_tui.service import Service
    from pyreq_tui.wheels import Contents, Store


_UNRESOLVED = Entry(
    "(not resolved yet)",
    0,
    0,
    CONTAINER,
    UnknownBytes("is for the container to resolve"),
)
"""What stands for everything that a container has to resolve first."""


def with_kept(
    service: Service, requirements: Mapping[Unit, RequirementMaterials], cache: Path, store: Store
) -> dict[Unit, RequirementMaterials]:
    """What is known of each Unit with what a container gave back for it, where nothing has changed since.

    No engine is asked: whether the image is still the same is for the build to see.
    """
    known = dict(requirements)
    for unit, each in requirements.items():
        try:
            order = order_of(service, each.target, each.lock, each.settings)
        except PyreqError:
            continue  # the build will say it
        if order is not None:
            kept = load_filled(order, cache, store) if reuses(service) else None
            known[unit] = (kept and _refilled(each, kept, store)) or _without_built(each, order)
    return known


def install_in_docker(materials: Materials, steps: Steps) -> Materials:
    """Have containers do what the service asks of them. Raises PyreqError, BuildError and Cancelled."""
    orders: dict[Unit, Order] = {}
    for unit, each in materials.requirements.items():
        if each.filled is not None:  # what it was asked for, before it was known what that comes to
            orders[unit] = each.filled.order
        elif order := order_of(materials.service, each.target, each.lock, each.settings):
            orders[unit] = order
    if not orders:
        return materials
    from pyreq_tui.build.docker.filling import fill  # here, for it brings Docker's client library along

    contents = [_given(materials.requirements[unit], order) for unit, order in orders.items()]
    site = Site(materials.service, materials.store, materials.cache, steps)
    requirements = dict(materials.requirements)
    for unit, filled in zip(orders, fill(tuple(orders.values()), contents, site), strict=True):
        requirements[unit] = _refilled(requirements[unit], filled, materials.store) or requirements[unit]
    return replace(materials, requirements=requirements)


def clear_docker(cancel: Cancel) -> tuple[str, ...]:
    """Remove what the engine keeps for pyreq-tui; what was removed, by name.

    Raises BuildError where no engine answers, and Cancelled.
    """
    from pyreq_tui.build.docker.leavings import clear_docker as clear  # here, as above

    return clear(cancel)


def _given(known: RequirementMaterials, order: Order) -> dict[str, Contents]:
    """What is in the wheels that the container is given."""
    return {
        pin.name: known.contents[pin.name]
        for pin in order.pins
        if pin.wheel is not None and known.wheels.get(pin.name) == pin.wheel
    }


def _without_built(known: RequirementMaterials, order: Order) -> RequirementMaterials:
    """``known`` without what this machine has built before: the container's may be another."""
    unbuilt = tuple(pin for pin in order.pins if pin.unbuilt)
    names = {pin.name for pin in unbuilt}
    return replace(
        known,
        wheels={name: wheel for name, wheel in known.wheels.items() if name not in names},
        contents={name: contents for name, contents in known.contents.items() if name not in names},
        unbuilt=unbuilt,
        loose=(
            *(_awaited(name) for name in order.extra_files),
            *([_UNRESOLVED] if order.deferred else []),
        ),
    )


def _awaited(name: str) -> Entry:
    """What stands for a file of the image until a container has been asked for it."""
    path = f"{PurePosixPath(name).name} (not copied yet)"
    return Entry(path, 0, 0, CONTAINER, UnknownBytes("is copied from the image of dockerExtraFiles"))


def _refilled(known: RequirementMaterials, filled: Filled, store: Store) -> RequirementMaterials | None:
    """``known`` with the wheels that a container gave back; ``None`` where one of them must be read again."""
    wheels = {}
    for name, wheel in filled.wheels.items():
        is_same = known.wheels.get(name) == wheel
        contents = known.contents[name] if is_same else store.contents(wheel)
        if contents is None:
            return None
        wheels[name] = (wheel, contents)
    if known.lock is not None and known.lock.deferred:
        known = replace(known, lock=resolved_lock(known.lock, filled.wheels))
    return replace(known.with_wheels(wheels, store), filled=filled, loose=filled.loose)
