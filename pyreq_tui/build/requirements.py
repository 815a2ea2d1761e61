"""One module's requirements for one Target: resolved, and known file by file."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from pyreq_tui.build.compiling import known_bytecode, sources, stand_in
from pyreq_tui.build.docker import deferred_lock
from pyreq_tui.build.events import LineLogged, StepAdvanced, StepFinished, StepStarted
from pyreq_tui.bundle import Bundle, Entry, UnknownBytes, compose, lay_out
from pyreq_tui.errors import BuildError
from pyreq_tui.locks import Settings, resolve, settings_for
from pyreq_tui.sizes import count
from pyreq_tui.sources import find_source, read_source
from pyreq_tui.wheels import dependency_graph

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pyreq_tui.build.compiling import Bytecode, Compiler
    from pyreq_tui.build.docker import Filled
    from pyreq_tui.build.events import Report
    from pyreq_tui.errors import Finding
    from pyreq_tui.locks import Lock, Pin, Target, WheelFile
    from pyreq_tui.processes import Cancel
    from pyreq_tui.service import Service
    from pyreq_tui.sources import Source
    from pyreq_tui.wheels import Contents, Graph, Store

UNBUILT_GROWTH = 4
"""How much larger than its sdist a package is taken to be until it is built: a guess, and said to be one."""


class Unit(NamedTuple):
    """What is resolved once, however many functions share it."""

    module: str
    target: Target


class Resolved(NamedTuple):
    """What speaks for a Unit, and the Lock it led to; ``None`` where nothing speaks."""

    source: Source | None
    lock: Lock | None
    settings: Settings
    """What its installer was told."""
    problems: tuple[Finding, ...]


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
    settings: Settings = field(default_factory=Settings)
    """How the installer was told to go about it."""
    problems: tuple[Finding, ...] = ()
    """What reading the source showed."""
    compiler: Compiler | None = None
    """Who makes bytecode, where that is to ship and somebody can."""
    bytecode: Mapping[str, Bytecode] = field(default_factory=dict)
    """By package: what has been compiled."""
    filled: Filled | None = None
    """What a container gave back, where one was asked."""
    loose: tuple[Entry, ...] = ()
    """Files from a container that belong to no package."""

    @cached_property
    def laid_out(self) -> Bundle:
        """The packages as pip would install them, before any option takes something away."""
        wheels = self._packages.values()
        bytecode = [self._bytecode(name) for name in self._packages] if self.compiler else []
        return compose(*wheels, *bytecode, [_stand_in(pin) for pin in self.unbuilt], self.loose)

    @cached_property
    def _packages(self) -> dict[str, tuple[Entry, ...]]:
        return {name: lay_out(contents, name, self.paths[name]) for name, contents in self.contents.items()}

    def _bytecode(self, name: str) -> Sequence[Entry]:
        """The bytecode of a package, or what stands for it until it is made."""
        known = self.bytecode.get(name)
        if known is not None:
            path = known.place
            return [entry for entry in lay_out(known.contents, name, path) if entry.path.endswith(".pyc")]
        return [stand_in(name, self._packages[name])] if sources(self._packages[name]) else []

    @property
    def uncompiled(self) -> dict[str, tuple[WheelFile, Sequence[Entry]]]:
        """The packages whose bytecode has to be made: their wheels and files."""
        if self.compiler is None:
            return {}
        return {
            name: (self.wheels[name], entries)
            for name, entries in self._packages.items()
            if name not in self.bytecode and sources(entries)
        }

    def with_bytecode(self, made: Mapping[str, Bytecode]) -> RequirementMaterials:
        """The same once packages have been compiled."""
        return replace(self, bytecode={**self.bytecode, **made})

    def with_kept_bytecode(self, compiler: Compiler, store: Store) -> RequirementMaterials:
        """The same with a compiler, and what it has made of these wheels before."""
        known = replace(self, compiler=compiler, bytecode={})
        kept = {
            name: found
            for name, (wheel, entries) in known.uncompiled.items()
            if (found := known_bytecode(wheel, entries, compiler, store))
        }
        return known.with_bytecode(kept)

    def with_wheels(
        self, built: Mapping[str, tuple[WheelFile, Contents]], store: Store
    ) -> RequirementMaterials:
        """The same once there are wheels for what had none, or others for what had one."""
        if self.lock is None:
            return self
        contents = {**self.contents, **{name: found for name, (_, found) in built.items()}}
        wheels = {name: wheel for name, (wheel, _) in built.items()}
        return replace(
            self,
            wheels={**self.wheels, **wheels},
            paths={**self.paths, **{name: store.wheel_path(wheel) for name, wheel in wheels.items()}},
            contents=contents,
            unbuilt=tuple(pin for pin in self.unbuilt if pin.name not in built),
            bytecode={name: known for name, known in self.bytecode.items() if name not in built},
            graph=dependency_graph(self.lock, contents),
        )


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


def resolve_all(
    service: Service,
    wanted: Sequence[Unit],
    folder: Path,
    *,
    report: Report,
    cancel: Cancel,
    offline: bool,
) -> dict[Unit, Resolved]:
    """One Lock for each module and Target, several at a time: resolving is mostly waiting for the index."""
    started = time.monotonic()
    report(StepStarted("resolve", len(wanted)))

    def resolve_one(unit: Unit) -> Resolved:
        source = find_source(service, unit.module)
        if source is None:
            return Resolved(None, None, Settings(), ())

        def log(line: str) -> None:
            report(LineLogged("resolve", line))

        asked = read_source(
            source, service.options, offline=offline, cache=folder, cancel=cancel, on_line=log
        )
        settings = settings_for(asked, service.options)
        try:
            lock = resolve(
                asked,
                unit.target,
                service.options,
                settings,
                cache=folder,
                offline=offline,
                cancel=cancel,
                on_line=log,
            )
        except BuildError as error:
            lock = deferred_lock(service, asked, unit.target, error)
        return Resolved(source, lock, settings, asked.problems)

    resolved: dict[Unit, Resolved] = {}
    with ThreadPoolExecutor(max_workers=4) as pool:
        for done, (unit, answer) in enumerate(zip(wanted, pool.map(resolve_one, wanted), strict=True), 1):
            resolved[unit] = answer
            report(StepAdvanced("resolve", done, len(wanted)))
    packages = {pin.name for answer in resolved.values() if answer.lock for pin in answer.lock.pins}
    report(StepFinished("resolve", time.monotonic() - started, count(len(packages), "package")))
    return resolved


def wheels_of(resolved: Resolved, store: Store) -> dict[str, WheelFile]:
    """The wheel of each pin that has one, be it built here earlier."""
    lock = resolved.lock
    if lock is None:
        return {}
    found = {pin.name: pin.wheel or _built(pin, lock.target, store, resolved.settings) for pin in lock.pins}
    return {name: wheel for name, wheel in found.items() if wheel is not None}


def _built(pin: Pin, target: Target, store: Store, settings: Settings) -> WheelFile | None:
    from pyreq_tui.wheels import built_wheel  # here, for most packages have a wheel

    return built_wheel(pin, target, store, settings)


def known_requirements(
    unit: Unit, resolved: Resolved, store: Store, contents: Mapping[WheelFile, Contents]
) -> RequirementMaterials:
    """What is known of ``unit`` once its wheels have been looked into."""
    (module, target), (source, lock, settings, problems) = unit, resolved
    if lock is None:
        return RequirementMaterials(module, target, source, None, {}, {}, {}, (), None, settings, problems)
    wheels = wheels_of(resolved, store)
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
        settings=settings,
        problems=problems,
    )
