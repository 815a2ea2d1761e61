"""Has every byte that ships at hand: builds what has no wheel, fetches wheels, strips libraries."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pyreq_tui.build.compiling import compile_packages
from pyreq_tui.build.dockerized import install_in_docker
from pyreq_tui.build.events import LineLogged, StepAdvanced
from pyreq_tui.build.materials import Materials, with_built
from pyreq_tui.build.plan import plan_requirements
from pyreq_tui.build.stripping import strip_libraries
from pyreq_tui.bundle import NestedBytes, UnknownBytes, WheelBytes, library_key
from pyreq_tui.sizes import count, format_size
from pyreq_tui.wheels import fetch, inspect

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pyreq_tui.build.requirements import Unit
    from pyreq_tui.build.steps import Steps
    from pyreq_tui.bundle import Bundle, Entry
    from pyreq_tui.locks import Pin, WheelFile
    from pyreq_tui.service import Service
    from pyreq_tui.wheels import Contents


def build_missing(service: Service, materials: Materials, steps: Steps) -> Materials:
    """Make what ships and is not there yet: wheels of sources, in Docker where asked for, and bytecode."""
    materials = _build_wheels(install_in_docker(materials, steps), steps)
    return _compile_missing(service, materials, steps)


def _build_wheels(materials: Materials, steps: Steps) -> Materials:
    """Build what has no wheel, and look into what came out."""
    missing = {unit: known.unbuilt for unit, known in materials.requirements.items() if known.unbuilt}
    if not missing:
        return materials
    built: dict[Unit, dict[str, tuple[WheelFile, Contents]]] = {}
    with steps.step("build wheels", sum(map(len, missing.values()))) as detail:
        done = 0
        for unit, pins in missing.items():
            built[unit] = {}
            for pin in pins:
                detail.append(pin.name)
                built[unit][pin.name] = _build(pin, unit, materials, steps)
                done += 1
                steps.report(StepAdvanced("build wheels", done))
    return with_built(materials, built)


def _build(pin: Pin, unit: Unit, materials: Materials, steps: Steps) -> tuple[WheelFile, Contents]:
    from pyreq_tui.wheels import build_wheel  # here, for most packages have a wheel

    log = steps.log("build wheels")
    steps.report(LineLogged("build wheels", f"Building {pin.name} {pin.version or ''}".rstrip()))
    wheel = build_wheel(
        pin,
        unit.target,
        materials.store,
        materials.requirements[unit].settings,
        offline=steps.offline,
        cancel=steps.cancel,
        on_line=log,
    )
    inspection = inspect(
        [wheel],
        materials.store,
        network=materials.network,
        offline=steps.offline,
        cancel=steps.cancel,
        on_advance=lambda *_: None,
        on_line=log,
    )
    return wheel, inspection.contents[wheel]


def _compile_missing(service: Service, materials: Materials, steps: Steps) -> Materials:
    """Compile what ships as bytecode too, of which none has been made yet."""
    waiting: dict[Unit, dict[str, tuple[WheelFile, Sequence[Entry]]]] = {}
    for unit, known in materials.requirements.items():
        bundle, _ = plan_requirements(known, service.options, [], materials)
        names = {entry.owner for entry in bundle.entries if isinstance(entry.source, UnknownBytes)}
        found = {name: each for name, each in known.uncompiled.items() if name in names}
        if found:
            waiting[unit] = found
    if not waiting:
        return materials
    wheels = {wheel for found in waiting.values() for wheel, _ in found.values()}
    _fetch({wheel for wheel in wheels if not materials.store.has(wheel)}, materials, steps)
    requirements = dict(materials.requirements)
    total = sum(map(len, waiting.values()))
    with steps.step("compile", total) as detail:
        detail.append(count(total, "package"))
        counter = steps.counter("compile", total)
        for unit, found in waiting.items():
            known = requirements[unit]
            if known.compiler is not None:
                made = compile_packages(
                    found,
                    known.compiler,
                    unit.target,
                    materials.store,
                    cancel=steps.cancel,
                    on_done=lambda: counter.advance(1),
                )
                requirements[unit] = known.with_bytecode(made)
    return replace(materials, requirements=requirements)


def fetch_wheels(bundles: Iterable[Bundle], materials: Materials, steps: Steps) -> None:
    """Have every wheel that ships in the store; what noDeploy leaves out is not downloaded."""
    shipping = {path for bundle in bundles for path in _wheel_paths(bundle.entries)}
    wheels = {
        wheel
        for known in materials.requirements.values()
        for name, wheel in known.wheels.items()
        if known.paths[name] in shipping and not materials.store.has(wheel)
    }
    _fetch(wheels, materials, steps)


def _fetch(wheels: Collection[WheelFile], materials: Materials, steps: Steps) -> None:
    total = sum(wheel.size_bytes or 0 for wheel in wheels)
    with steps.step("fetch", total, in_bytes=True) as detail:
        fetched = fetch(
            sorted(wheels, key=lambda wheel: -(wheel.size_bytes or 0)),
            materials.store,
            network=materials.network,
            offline=steps.offline,
            cancel=steps.cancel,
            on_bytes=lambda done, whole: steps.report(StepAdvanced("fetch", done, whole)),
            on_line=steps.log("fetch"),
        )
        said = f"{count(len(wheels), 'wheel')}, {format_size(fetched)}"
        detail.append(said if wheels else "all wheels are here")


def _wheel_paths(entries: Iterable[Entry]) -> Iterator[Path]:
    for source in {id(entry.source): entry.source for entry in entries}.values():
        match source:
            case WheelBytes(path):
                yield path
            case NestedBytes(inner):
                yield from _wheel_paths(inner)


def strip_missing(unstripped: Mapping[str, Iterable[Entry]], materials: Materials, steps: Steps) -> Materials:
    """Strip the libraries, by architecture, of which it is not known what that makes of them."""
    waiting = {
        architecture: {library_key(entry): entry for entry in entries}
        for architecture, entries in unstripped.items()
    }
    total = sum(map(len, waiting.values()))
    if not total:
        return materials
    libraries = dict(materials.stripped)
    with steps.step("strip", total) as detail:
        detail.append(f"{total} libraries")
        counter = steps.counter("strip", total)
        for architecture, entries in waiting.items():
            if stripper := materials.strippers[architecture]:
                libraries |= strip_libraries(
                    tuple(entries.values()),
                    stripper,
                    materials.cache,
                    cancel=steps.cancel,
                    on_done=counter.advance,
                )
    return replace(materials, stripped=libraries)
