"""Leaves the requirements alone below ``.serverless``, unpacked, for other tools to use."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from pyreq_tui.build.caches import mark_used
from pyreq_tui.build.claims import claim
from pyreq_tui.build.engine import refuse_errors
from pyreq_tui.build.plan import leaving, plan_requirements
from pyreq_tui.build.preparation import build_missing, fetch_wheels, strip_missing
from pyreq_tui.build.requirements import Unit
from pyreq_tui.build.steps import Steps
from pyreq_tui.build.unpacking import FILE_MODE, swap, unpack
from pyreq_tui.build.workplace import workplace
from pyreq_tui.bundle import (
    HELPER_NAME,
    NESTED_NAME,
    Bundle,
    LiteralBytes,
    nest,
    write_zip,
)
from pyreq_tui.errors import BuildError, Cancelled, PyreqError, Where
from pyreq_tui.locks import target_for
from pyreq_tui.redact import redact
from pyreq_tui.service import BUILD_FOLDER
from pyreq_tui.sizes import format_size

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pyreq_tui.build.events import Report
    from pyreq_tui.build.materials import Materials
    from pyreq_tui.build.outline import ArtifactOutline
    from pyreq_tui.build.requirements import RequirementMaterials
    from pyreq_tui.bundle import Entry
    from pyreq_tui.locks import Pin, Target
    from pyreq_tui.processes import Cancel
    from pyreq_tui.service import Options, Service

REQUIREMENTS_FOLDER = "requirements"
REQUIREMENTS_FILE = "requirements.txt"
INSTALLED_NAMES = (REQUIREMENTS_FOLDER, REQUIREMENTS_FILE, NESTED_NAME, HELPER_NAME)
"""Everything ``install`` leaves in a module's folder; the last two with ``zip: true`` only."""


@dataclass(frozen=True, eq=False)
class ModuleRequirements:
    """What ``install`` leaves for one module."""

    module: str
    target: Target
    bundle: Bundle
    """As it ships: after noDeploy, slim and strip, with the vendor folders."""
    unstripped: tuple[Entry, ...]
    pins: tuple[str, ...]
    """The lines of ``requirements.txt``."""
    place: str
    """Its folder below ``.serverless``; ``.`` for the service's own."""


@dataclass(frozen=True)
class Installed:
    """One module's requirements on disk."""

    module: str
    folder: Path
    packages: int
    files: int
    unzipped_bytes: int


def install(
    service: Service, materials: Materials, *, report: Report, cancel: Cancel, offline: bool = False
) -> tuple[Installed, ...]:
    """Unpack the requirements of every module below the service's ``.serverless``.

    Raises PyreqError where the service has an error or a module is needed for two Targets, BuildError when a
    tool, the network or the disk fails, Cancelled when asked to stop; in each case what stood there before
    still stands there.
    """
    refuse_errors(service)
    steps = Steps(report, cancel, offline)
    with claim(materials.cache, cancel):
        materials = build_missing(service, materials, steps)
        modules = module_requirements(service, materials)
        fetch_wheels((module.bundle for module in modules), materials, steps)
        waiting: dict[str, list[Entry]] = {}
        for module in modules:
            waiting.setdefault(module.target.architecture, []).extend(module.unstripped)
        materials = strip_missing(waiting, materials, steps)
        modules = module_requirements(service, materials)
        mark_used((entry for module in modules for entry in module.bundle.entries), materials.store)
        return _write(service, modules, steps)


def module_requirements(service: Service, materials: Materials) -> tuple[ModuleRequirements, ...]:
    """What would be left for each module that has requirements. Raises PyreqError."""
    found: dict[str, ModuleRequirements] = {}
    for unit, artifacts in _by_unit(service, materials).items():
        known = materials.requirements[unit]
        if known.lock is None:
            continue
        module, target = unit
        place = install_place(module)
        if (other := found.get(place)) is not None:
            raise _clash(service, other, module, target)
        vendors = dict.fromkeys(vendor for artifact in artifacts for vendor in artifact.vendors)
        bundle, unstripped = plan_requirements(
            known, service.options, [materials.vendored[vendor] for vendor in vendors], materials
        )
        pins = _pins(known, service.options)
        found[place] = ModuleRequirements(module, target, bundle, unstripped, pins, place)
    return tuple(found.values())


def _by_unit(service: Service, materials: Materials) -> dict[Unit, list[ArtifactOutline]]:
    """The artifacts each module's requirements are for."""
    found: dict[Unit, list[ArtifactOutline]] = {}
    for artifact in materials.outlines:
        if artifact.module is not None and (artifact.kind != "layer" or service.options.layer):
            unit = Unit(artifact.module, target_for(artifact.runtime, artifact.architecture))
            found.setdefault(unit, []).append(artifact)
    return found


def install_place(module: str) -> str:
    """The folder below ``.serverless`` for a module: never out of it, and never inside another's tree."""
    parts = [part for part in PurePosixPath(module).parts if part not in ("/", "..", ".")]
    return "/".join(f"{part}_" if part in INSTALLED_NAMES else part for part in parts) or "."


def _clash(service: Service, other: ModuleRequirements, module: str, target: Target) -> PyreqError:
    where = Where(service.config_file)
    if other.module != module:
        return PyreqError(
            f"The modules {other.module} and {module} would be installed to one folder.", where=where
        )
    name = "The service's requirements are" if module == "." else f"The requirements of {module} are"
    return PyreqError(
        f"{name} needed for {other.target} and for {target}, but one folder holds only one of them.",
        where=where,
        hint="Name the functions to install for with --function.",
    )


def _pins(known: RequirementMaterials, options: Options) -> tuple[str, ...]:
    omitted = leaving(known, options)
    pins = known.lock.pins if known.lock else ()
    return tuple(pin_line(pin) for pin in sorted(pins, key=lambda pin: pin.name) if pin.name not in omitted)


def pin_line(pin: Pin) -> str:
    """A pin as pip reads it (PEP 508): its version, or where it comes from; credentials are left out."""
    unbuilt = pin.unbuilt
    if pin.version and (unbuilt is None or unbuilt.kind == "sdist"):
        return f"{pin.name}=={pin.version}"
    if unbuilt is None:
        return f"{pin.name} @ {_open(pin.wheel.url)}" if pin.wheel else pin.name
    if unbuilt.kind == "directory":
        return f"{pin.name} @ {Path(unbuilt.url).as_uri()}"
    if unbuilt.kind == "sdist":
        return f"{pin.name} @ {_open(unbuilt.url)}"
    url = unbuilt.url if unbuilt.url.startswith("git+") else f"git+{unbuilt.url}"
    revision = f"@{unbuilt.revision}" if unbuilt.revision else ""
    subdirectory = f"#subdirectory={unbuilt.subdirectory}" if unbuilt.subdirectory else ""
    return f"{pin.name} @ {_open(url)}{revision}{subdirectory}"


def _open(url: str) -> str:
    """The URL without user and password."""
    return redact(url).replace("://***@", "://")


def _write(service: Service, modules: Sequence[ModuleRequirements], steps: Steps) -> tuple[Installed, ...]:
    """Write every module's tree beside its place, and swap them in once all are whole."""
    output = service.root / BUILD_FOLDER
    total = sum(module.bundle.unzipped_bytes for module in modules)
    try:
        places = {module.place: _place(module, output) for module in modules}
        with workplace(output) as workshop, steps.step("write", total, in_bytes=True) as detail:
            counter = steps.counter("write", total)
            for number, module in enumerate(modules):
                _write_module(module, workshop / f"new-{number}", service.options, steps, counter.advance)
            if steps.cancel.is_set():
                raise Cancelled
            fresh = {
                workshop / f"new-{number}": places[module.place] for number, module in enumerate(modules)
            }
            with claim(service.config_file, steps.cancel, alone=True):
                swap(fresh, INSTALLED_NAMES, workshop)
            files = sum(len(module.bundle.entries) for module in modules)
            detail.append(f"{files} files, {format_size(total)}")
    except OSError as error:
        raise BuildError(
            f"{error.filename or output} can't be written: {error.strerror or error}.",
            hint="Make room, or give write access to .serverless and what is in it.",
        ) from error
    return tuple(
        Installed(
            module.module,
            places[module.place] / REQUIREMENTS_FOLDER,
            len(module.pins),
            len(module.bundle.entries),
            module.bundle.unzipped_bytes,
        )
        for module in modules
    )


def _place(module: ModuleRequirements, output: Path) -> Path:
    place = output / module.place
    if not place.resolve().is_relative_to(output.resolve()):
        raise PyreqError(
            f"{place} leads out of .serverless, and nothing is written there.",
            hint="Remove the link.",
            where=Where(place),
        )
    return place


def _write_module(
    module: ModuleRequirements,
    folder: Path,
    options: Options,
    steps: Steps,
    on_bytes: Callable[[int], None],
) -> None:
    unpack(module.bundle, folder / REQUIREMENTS_FOLDER, steps.cancel, on_bytes)
    pins = folder / REQUIREMENTS_FILE
    pins.write_text("".join(f"{line}\n" for line in module.pins), "utf-8")
    pins.chmod(FILE_MODE)
    if options.zip and module.bundle.entries:
        write_zip(module.bundle, folder / NESTED_NAME, cancel=steps.cancel, on_bytes=lambda _: None)
        (folder / NESTED_NAME).chmod(FILE_MODE)
        for entry in nest(module.bundle):
            if isinstance(entry.source, LiteralBytes):
                (folder / entry.path).write_bytes(entry.source.data)
                (folder / entry.path).chmod(FILE_MODE)
