"""Everything a Plan is composed of, gathered once: locks, contents of wheels, the user's own files."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_cache_path

from pyreq_tui.build.events import LineLogged, Report, StepAdvanced, StepFinished, StepStarted
from pyreq_tui.build.outline import ArtifactOutline, mixed_runtimes, outline
from pyreq_tui.build.stripping import Stripper, find_stripper, load_libraries
from pyreq_tui.build.user_files import read_code, read_vendored
from pyreq_tui.bundle import Bundle, Entry, Libraries, UnknownBytes, compose, is_library, lay_out
from pyreq_tui.errors import Finding, Where
from pyreq_tui.locks import Lock, Pin, Target, WheelFile, resolve, target_for
from pyreq_tui.service import OPTION_SPECS
from pyreq_tui.sizes import format_size
from pyreq_tui.sources import Source, find_source, read_source
from pyreq_tui.wheels import Contents, Graph, Store, built_wheel, dependency_graph, inspect

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pyreq_tui.processes import Cancel
    from pyreq_tui.service import Options, Service

RESHAPING_OPTIONS = frozenset(
    {
        "zip",
        "cleanupZipHelper",
        "slim",
        "strip",
        "slimPatterns",
        "slimPatternsAppendDefaults",
        "layer",
        "noDeploy",
    }
)
"""Options that change which files ship, never what has to be known: a Plan follows them without gathering."""

UNBUILT_GROWTH = 4
"""How much larger than its sdist a package is taken to be until it is built: a guess, and said to be one."""


@dataclass(frozen=True, eq=False)
class RequirementMaterials:
    """What is known of one module's requirements for one Target."""

    module: str
    target: Target
    source: Source | None
    lock: Lock | None
    wheels: Mapping[str, WheelFile]
    """By package: the wheel that ships, from the lock or built earlier."""
    paths: Mapping[str, Path]
    """By package: where the store keeps, or will keep, the wheel."""
    contents: Mapping[str, Contents]
    """By package."""
    unbuilt: tuple[Pin, ...]
    """What has to be built before its contents can be known."""
    graph: Graph | None

    @cached_property
    def laid_out(self) -> Bundle:
        """The packages as pip would install them, before any option takes something away."""
        wheels = [lay_out(contents, name, self.paths[name]) for name, contents in self.contents.items()]
        return compose(*wheels, [_stand_in(pin) for pin in self.unbuilt])


def _stand_in(pin: Pin) -> Entry:
    """What stands for a package until it has been built: its place in the list, with a guessed size."""
    known = (pin.unbuilt.size_bytes if pin.unbuilt else None) or 0
    return Entry(
        path=f"{pin.name} (not built yet)",
        size_bytes=known * UNBUILT_GROWTH,
        compressed_bytes=known,
        owner=pin.name,
        source=UnknownBytes("has no wheel for this runtime: it is built from source first"),
    )


@dataclass(frozen=True, eq=False)
class Materials:
    """What ``gather`` found; good for every Service that differs only in options which need nothing new."""

    service: Service
    cache: Path
    """The folder of all caches."""
    store: Store
    outlines: tuple[ArtifactOutline, ...]
    requirements: Mapping[tuple[str, Target], RequirementMaterials]
    code: Mapping[str, Bundle]
    """The user's own files, by the artifact's filename."""
    strippers: Mapping[str, Stripper | None]
    """By architecture: the strip of this machine for it, if there is one."""
    libraries: Libraries
    """What is known of stripping each shared library."""
    vendored: Mapping[str, tuple[Entry, ...]]
    """The files of each vendor folder, by the folder as the service names it."""
    problems: tuple[Finding, ...]
    bytes_fetched: int
    seconds: float

    def answers(self, service: Service) -> bool:
        """Whether ``plan(service, self)`` can be made without gathering again."""
        if service.options.layer and not any(artifact.kind == "layer" for artifact in self.outlines):
            return False
        return replace(service, options=self.service.options) == self.service and _needs(
            service.options
        ) == _needs(self.service.options)


def _needs(options: Options) -> dict[str, object]:
    return {spec.key: options.value(spec.key) for spec in OPTION_SPECS if spec.key not in RESHAPING_OPTIONS}


def cache_folder(service: Service) -> Path:
    """Where everything is kept that can be made again: ``cacheLocation``, or the user's cache folder."""
    if service.options.cache_location:
        return (service.root / Path(service.options.cache_location).expanduser()).resolve()
    return user_cache_path("pyreq-tui", appauthor=False)


def gather(
    service: Service,
    *,
    report: Report,
    cancel: Cancel,
    offline: bool = False,
    cache: Path | None = None,
    functions: tuple[str, ...] = (),
) -> Materials:
    """Resolve, and read the directories of wheels, for every module of ``service``.

    ``functions`` limits the work to the artifacts of the functions named.
    Raises PyreqError (input), BuildError (tools, network) or Cancelled.
    """
    started = time.monotonic()
    folder = cache or cache_folder(service)
    store = Store(folder / "wheels")
    outlines = outline(service, functions)
    wanted = sorted(
        {
            (artifact.module, target_for(artifact.runtime, artifact.architecture))
            for artifact in outlines
            if artifact.module is not None
        },
        key=lambda unit: (unit[0], unit[1].runtime, unit[1].architecture),
    )
    resolved = _resolve_all(service, wanted, folder, report=report, cancel=cancel, offline=offline)
    wheels = {
        wheel
        for _, lock in resolved.values()
        if lock is not None
        for wheel in _wheels_of(lock, store).values()
    }

    step = time.monotonic()
    report(StepStarted("inspect", len(wheels)))
    inspection = inspect(
        sorted(wheels, key=lambda wheel: wheel.filename),
        store,
        offline=offline,
        cancel=cancel,
        on_advance=lambda done, total: report(StepAdvanced("inspect", done, total)),
        on_line=_logger(report),
    )
    report(
        StepFinished(
            "inspect",
            time.monotonic() - step,
            f"{len(wheels)} wheels, {format_size(inspection.bytes_fetched)} fetched",
        )
    )
    requirements = {
        unit: _known(unit, source, lock, store, inspection.contents)
        for unit, (source, lock) in resolved.items()
    }
    code, problems = read_code(service, outlines, folder)
    vendored = read_vendored(service, outlines, folder)
    strippers: dict[str, Stripper | None] = {
        target.architecture: find_stripper(target.architecture) for _, target in wanted
    }
    return Materials(
        service=service,
        cache=folder,
        store=store,
        outlines=outlines,
        requirements=requirements,
        code=code,
        strippers=strippers,
        libraries=_known_libraries(requirements.values(), vendored.values(), strippers, folder),
        vendored=vendored,
        problems=(*problems, *_requirement_problems(service, requirements)),
        bytes_fetched=inspection.bytes_fetched,
        seconds=time.monotonic() - started,
    )


def _resolve_all(
    service: Service,
    wanted: Sequence[tuple[str, Target]],
    folder: Path,
    *,
    report: Report,
    cancel: Cancel,
    offline: bool,
) -> dict[tuple[str, Target], tuple[Source | None, Lock | None]]:
    """One Lock for each module and Target, several at a time: resolving is mostly waiting for the index."""
    started = time.monotonic()
    report(StepStarted("resolve", len(wanted)))

    def resolve_one(unit: tuple[str, Target]) -> tuple[Source | None, Lock | None]:
        module, target = unit
        source = find_source(service, module)
        if source is None:
            return None, None
        lock = resolve(
            read_source(source, service.options),
            target,
            service.options,
            cache=None if service.options.invalidate_caches else folder,
            offline=offline,
            cancel=cancel,
            on_line=lambda line: report(LineLogged("resolve", line)),
        )
        return source, lock

    resolved: dict[tuple[str, Target], tuple[Source | None, Lock | None]] = {}
    with ThreadPoolExecutor(max_workers=4) as pool:
        for done, (unit, answer) in enumerate(zip(wanted, pool.map(resolve_one, wanted), strict=True), 1):
            resolved[unit] = answer
            report(StepAdvanced("resolve", done, len(wanted)))
    packages = {pin.name for _, lock in resolved.values() if lock for pin in lock.pins}
    report(StepFinished("resolve", time.monotonic() - started, f"{len(packages)} packages"))
    return resolved


def _logger(report: Report) -> Callable[[str], None]:
    return lambda line: report(LineLogged("inspect", line))


def _wheels_of(lock: Lock, store: Store) -> dict[str, WheelFile]:
    """The wheel of each pin that has one, be it built here earlier."""
    found = {pin.name: pin.wheel or built_wheel(pin, lock.target, store) for pin in lock.pins}
    return {name: wheel for name, wheel in found.items() if wheel is not None}


def _known(
    unit: tuple[str, Target],
    source: Source | None,
    lock: Lock | None,
    store: Store,
    contents: Mapping[WheelFile, Contents],
) -> RequirementMaterials:
    module, target = unit
    if lock is None:
        return RequirementMaterials(module, target, source, None, {}, {}, {}, (), None)
    wheels = _wheels_of(lock, store)
    by_package = {name: contents[wheel] for name, wheel in wheels.items()}
    return RequirementMaterials(
        module=module,
        target=target,
        source=source,
        lock=lock,
        wheels=wheels,
        paths={name: store.wheel_path(wheel) for name, wheel in wheels.items()},
        contents=by_package,
        unbuilt=tuple(pin for pin in lock.pins if pin.name not in wheels),
        graph=dependency_graph(lock, by_package),
    )


def _known_libraries(
    requirements: Iterable[RequirementMaterials],
    vendored: Iterable[tuple[Entry, ...]],
    strippers: Mapping[str, Stripper | None],
    cache: Path,
) -> Libraries:
    """What earlier builds learnt of stripping the libraries that may ship."""
    vendor_libraries = [entry for entries in vendored for entry in entries if is_library(entry)]
    known: Libraries = {}
    for each in requirements:
        if stripper := strippers.get(each.target.architecture):
            libraries = [entry for entry in each.laid_out.entries if is_library(entry)]
            known |= load_libraries((*libraries, *vendor_libraries), stripper, cache)
    return known


def with_built(
    materials: Materials, built: Mapping[tuple[str, Target], Mapping[str, tuple[WheelFile, Contents]]]
) -> Materials:
    """The same materials once wheels have been built for what had none."""
    requirements = dict(materials.requirements)
    for unit, wheels in built.items():
        known = requirements[unit]
        if known.lock is None:
            continue
        contents = {**known.contents, **{name: found for name, (_, found) in wheels.items()}}
        requirements[unit] = replace(
            known,
            wheels={**known.wheels, **{name: wheel for name, (wheel, _) in wheels.items()}},
            paths={
                **known.paths,
                **{name: materials.store.wheel_path(wheel) for name, (wheel, _) in wheels.items()},
            },
            contents=contents,
            unbuilt=tuple(pin for pin in known.unbuilt if pin.name not in wheels),
            graph=dependency_graph(known.lock, contents),
        )
    return replace(materials, requirements=requirements)


def _requirement_problems(
    service: Service, requirements: Mapping[tuple[str, Target], RequirementMaterials]
) -> list[Finding]:
    mixed = mixed_runtimes(service)
    problems: list[Finding] = [mixed] if mixed else []
    for (module, target), known in requirements.items():
        folder = "the service's folder" if module == "." else f"{module}/"
        if known.source is None:
            problems.append(
                Finding(
                    "info" if module == "." else "warning",
                    "no-requirements",
                    f"No requirements were found in {folder}: only its code ships.",
                    where=Where(service.config_file),
                    hint=f"Put a {service.options.file_name} there, or a lockfile.",
                )
            )
        elif known.lock is not None and not known.lock.pins:
            dropped = f" ({len(known.lock.dropped)} dropped by their markers)" if known.lock.dropped else ""
            problems.append(
                Finding(
                    "warning",
                    "zero-requirements",
                    f"The requirements of {folder} yield no package for {target.runtime}{dropped}.",
                    where=Where(known.source.lockfile or known.source.manifest or service.config_file),
                )
            )
    return problems
