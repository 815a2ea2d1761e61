"""Why a package ships: the paths that lead to it, what it costs, and what would leave with it."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from pyreq_tui.build.plan import leaving
from pyreq_tui.build.requirements import Unit
from pyreq_tui.errors import PyreqError
from pyreq_tui.locks import target_for

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyreq_tui.build.materials import Materials
    from pyreq_tui.build.model import Plan, PlannedArtifact
    from pyreq_tui.build.requirements import RequirementMaterials
    from pyreq_tui.bundle import PackageSize
    from pyreq_tui.locks import Target


@dataclass(frozen=True)
class Weight:
    """What a package weighs where it ships; nothing where it does not."""

    name: str
    unzipped_bytes: int
    zipped_bytes: int


@dataclass(frozen=True)
class Reason:
    """Why one module needs a package."""

    module: str
    target: Target
    name: str
    """Normalised."""
    version: str
    """Empty where it is not known yet."""
    paths: tuple[tuple[str, ...], ...]
    """From a requirement down to the package, both included, shortest first; see `Graph.paths_to`."""
    artifacts: tuple[str, ...]
    """The filenames of the artifacts it ships in; none where ``noDeploy`` leaves it out."""
    own: Weight
    leaves: tuple[Weight, ...]
    """What would leave with it, itself excluded, largest first."""

    @property
    def unzipped_bytes(self) -> int:
        """What leaves in all when it does, in each artifact it ships in."""
        return self.own.unzipped_bytes + sum(weight.unzipped_bytes for weight in self.leaves)

    @property
    def zipped_bytes(self) -> int:
        """The same, as the zip counts it."""
        return self.own.zipped_bytes + sum(weight.zipped_bytes for weight in self.leaves)


def reasons(plan: Plan, materials: Materials, package: str) -> tuple[Reason, ...]:
    """Why each module has ``package``, however the name is spelt (PEP 503).

    Raises PyreqError, with the nearest names, where no module has it.
    """
    name = canonicalize_name(package)
    found = tuple(
        _reason(unit, known, name, plan, materials)
        for unit, known in materials.requirements.items()
        if known.lock is not None and any(pin.name == name for pin in known.lock.pins)
    )
    if not found:
        raise _unknown(package, name, materials.requirements.values())
    return found


def _reason(unit: Unit, known: RequirementMaterials, name: str, plan: Plan, materials: Materials) -> Reason:
    artifacts = _artifacts(unit, plan, materials)
    sizes = _sizes(artifacts)
    omitted = leaving(known, plan.service.options)
    graph = known.graph
    gone = {other for other in (graph.orphans({name}) if graph else ()) if other not in omitted}
    weights = [_weight(other, sizes) for other in gone]
    return Reason(
        module=unit.module,
        target=unit.target,
        name=name,
        version=next((pin.version or "" for pin in known.lock.pins if pin.name == name), "")
        if known.lock
        else "",
        paths=graph.paths_to(name) if graph else (),
        artifacts=tuple(
            artifact.filename
            for artifact in artifacts
            if any(package.name == name for package in artifact.packages)
        ),
        own=_weight(name, sizes),
        leaves=tuple(sorted(weights, key=lambda weight: (-weight.unzipped_bytes, weight.name))),
    )


def _version(name: str, known: RequirementMaterials) -> str:
    pins = known.lock.pins if known.lock else ()
    return next((pin.version or "" for pin in pins if pin.name == name), "")


def _artifacts(unit: Unit, plan: Plan, materials: Materials) -> list[PlannedArtifact]:
    """The artifacts whose requirements are the module's."""
    filenames = {
        outline.filename
        for outline in materials.outlines
        if outline.module is not None
        and Unit(outline.module, target_for(outline.runtime, outline.architecture)) == unit
    }
    return [artifact for artifact in plan.artifacts if artifact.filename in filenames]


def _sizes(artifacts: Iterable[PlannedArtifact]) -> dict[str, PackageSize]:
    """What each package weighs in one artifact; a module's requirements weigh the same in all of its."""
    sizes: dict[str, PackageSize] = {}
    for artifact in artifacts:
        for package in artifact.packages:
            sizes.setdefault(package.name, package)
    return sizes


def _weight(name: str, sizes: dict[str, PackageSize]) -> Weight:
    size = sizes.get(name)
    return Weight(name, size.unzipped_bytes, size.zipped_bytes) if size else Weight(name, 0, 0)


def _unknown(package: str, name: str, known: Iterable[RequirementMaterials]) -> PyreqError:
    names = sorted({pin.name for each in known if each.lock for pin in each.lock.pins})
    near = difflib.get_close_matches(name, names, n=3)
    if near:
        hint = f"Did you mean {' or '.join(near)}?"
    else:
        hint = "`pyreq-tui estimate` lists what ships." if names else "There are no requirements at all."
    return PyreqError(f"No module needs a package {package!r}.", hint=hint)
