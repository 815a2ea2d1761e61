"""Who would bring a module that an import did not find: what left it out, and the way back in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from pyreq_tui.build import Unit
from pyreq_tui.errors import OptionChange
from pyreq_tui.findings.bringing import let_in, own_file, package_of
from pyreq_tui.findings.shipping import module_file
from pyreq_tui.locks import target_for
from pyreq_tui.service import UNPACK_MODULE

if TYPE_CHECKING:
    from pyreq_tui.build import Materials, RequirementMaterials
    from pyreq_tui.bundle import Entry
    from pyreq_tui.errors import Change
    from pyreq_tui.findings.shipping import Shipment
    from pyreq_tui.service import Service


@dataclass(frozen=True)
class Absence:
    """Why a module is not there."""

    reason: str
    """Completes "it is not there: …"."""
    hint: str
    package: str | None = None
    fix: tuple[Change, ...] = ()


def explain(module: str, shipment: Shipment, service: Service, materials: Materials) -> Absence:
    """What is known of ``module``, which an import from ``shipment`` did not find."""
    base = module.replace(".", "/")
    if any(path.startswith((f"{base}/", f"{base}.")) for path in _nested(shipment)):
        return Absence(
            "it is in the zip inside the artifact, and nothing has unpacked that",
            f"Put `import {UNPACK_MODULE}` at the top of the handler, before the packages.",
        )
    known = _requirements(shipment, materials)
    entry = _file_of(base, known.laid_out.entries) if known is not None else None
    if entry is not None:
        return _left_out(entry, service)
    own = own_file(base, shipment, service)
    if own is not None:
        hint, change = let_in(own, shipment, service)
        return Absence(f"package.patterns leave {own} out", hint, fix=(change,))
    top = module.partition(".")[0]
    package = package_of(top)
    if known is not None and known.lock is not None:
        wanted = canonicalize_name(package)
        if any(line.lower().startswith((wanted, package.lower())) for line in known.lock.dropped):
            return Absence(
                f"the marker of {package} does not hold on {shipment.function.runtime}",
                "Widen the marker, or import it only where it holds.",
                package,
            )
    source = known.source if known is not None else None
    place = source.manifest or source.lockfile if source is not None else None
    name = place.name if place is not None else "requirements.txt"
    return Absence(
        "nothing in the requirements brings it", f"Add {package} to {name}, or what has {module}.", package
    )


def _requirements(shipment: Shipment, materials: Materials) -> RequirementMaterials | None:
    """What the function's artifact, or else its layer, took its packages from."""
    target = target_for(shipment.function.runtime, shipment.function.architecture)
    module = next(
        (each.module for each in materials.outlines if each.filename == shipment.artifact.filename), None
    )
    return materials.requirements.get(Unit(module or ".", target))


def _left_out(entry: Entry, service: Service) -> Absence:
    """A file that the requirements have and the artifact has not."""
    named = [name for name in service.options.no_deploy if canonicalize_name(name) == entry.owner]
    if named:
        kept = [name for name in service.options.no_deploy if name not in named]
        return Absence(
            f"noDeploy leaves {entry.owner} out, and the runtime does not have it",
            f"Take {entry.owner} out of noDeploy.",
            entry.owner,
            (OptionChange("noDeploy", kept),),
        )
    if service.options.no_deploy and not service.options.slim:
        return Absence(
            f"{entry.owner} went with what noDeploy leaves out",
            f"Name {entry.owner} in the requirements, for it is needed itself.",
            entry.owner,
        )
    return Absence(
        f"slim takes {entry.path} of {entry.owner} out",
        "Narrow slimPatterns, or set slim: false.",
        entry.owner,
        (OptionChange("slim", False),),
    )


def _file_of(base: str, entries: tuple[Entry, ...]) -> Entry | None:
    """The file for the module itself, or else any file of a namespace package."""
    files = {entry.path: entry for entry in entries}
    found = module_file(base, files)
    return found or next((entry for entry in entries if entry.path.startswith(f"{base}/")), None)


def _nested(shipment: Shipment) -> list[str]:
    return [entry.path for entry in shipment.nested]
