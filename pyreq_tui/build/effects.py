"""What each option would change, found by planning with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from pyreq_tui.aws import facts
from pyreq_tui.build.plan import plan
from pyreq_tui.errors import Cancelled, PyreqError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyreq_tui.build.materials import Materials
    from pyreq_tui.build.model import Plan
    from pyreq_tui.processes import Cancel
    from pyreq_tui.service import Service

FLIPPED = ("slim", "strip", "slimPatternsAppendDefaults", "zip", "layer")
"""Switches that decide what ships."""
NEED_SLIM = frozenset({"strip", "slimPatternsAppendDefaults"})
EMPTIED = ("slimPatterns", "noDeploy")
"""Lists that decide what ships."""


@dataclass(frozen=True)
class Effect:
    """The difference that flipping one option would make, in bytes, over all artifacts (or one)."""

    key: str
    value: object
    """The value tried, as YAML would give it."""
    unzipped_change_bytes: int | None
    """``None`` where it can't be told without gathering again."""
    zipped_change_bytes: int | None
    note: str = ""
    """Why there is no figure, or why the option is not available: ``needs Docker``."""


def effects(
    service: Service, materials: Materials, artifact: str | None = None, *, cancel: Cancel | None = None
) -> Mapping[str, Effect]:
    """For every option that decides what ships, what flipping or emptying it would change; by option key.

    Packages have a key each: ``noDeploy boto3`` is what adding it would save, or taking it out would
    cost; those omitted now and those that the runtime brings are tried. ``artifact`` limits the sums to
    the artifact of that filename; else one that only one side has (the layer) counts in full. Raises
    Cancelled between two of them, where nobody waits for the answer any more.
    """
    now = _sizes(plan(service, materials), artifact)
    found: dict[str, Effect] = {}

    def effect(key: str, value: object) -> Effect:
        if cancel is not None and cancel.is_set():
            raise Cancelled
        return _effect(service.with_overrides({key: value}), materials, key, value, now, artifact)

    for key in FLIPPED:
        value = service.options.value(key) in (False, None)
        if key in NEED_SLIM and not service.options.slim:
            found[key] = Effect(key, value, None, None, "needs slim")
        elif key == "strip" and not any(materials.strippers.values()):
            found[key] = Effect(key, value, None, None, "no strip on this machine")
        else:
            found[key] = effect(key, value)
    for key in EMPTIED:
        if service.options.value(key):
            found[key] = effect(key, [])
    for name in _omittable(service, materials):
        found[f"noDeploy {name}"] = effect("noDeploy", _flipped(service.options.no_deploy, name))
    return found


def _omittable(service: Service, materials: Materials) -> tuple[str, ...]:
    """What ``noDeploy`` names now, as it names it, then what the runtime has and ships all the same."""
    named = {canonicalize_name(name): name for name in service.options.no_deploy}
    shipped = {name for known in materials.requirements.values() for name in known.contents}
    return (*named.values(), *sorted((facts().runtime_packages & shipped) - named.keys()))


def _flipped(no_deploy: tuple[str, ...], name: str) -> list[str]:
    """``noDeploy`` with ``name`` flipped."""
    rest = [other for other in no_deploy if canonicalize_name(other) != canonicalize_name(name)]
    return rest if len(rest) < len(no_deploy) else [*rest, name]


def _effect(
    changed: Service,
    materials: Materials,
    key: str,
    value: object,
    now: tuple[int, int],
    artifact: str | None,
) -> Effect:
    if not materials.answers(changed):
        return Effect(key, value, None, None, "known after a new estimate")
    try:
        unzipped, zipped = _sizes(plan(changed, materials), artifact)
    except PyreqError as error:
        return Effect(key, value, None, None, error.message)
    return Effect(key, value, unzipped - now[0], zipped - now[1])


def _sizes(planned: Plan, artifact: str | None) -> tuple[int, int]:
    counted = [each for each in planned.artifacts if artifact is None or each.filename == artifact]
    return (
        sum(each.unzipped_bytes for each in counted),
        sum(each.zipped_bytes for each in counted),
    )
