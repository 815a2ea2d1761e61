"""Everything a Plan is composed of, gathered once: locks, contents of wheels, the user's own files."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_cache_path

from pyreq_tui.build.claims import claim
from pyreq_tui.build.compiling import find_compiler
from pyreq_tui.build.dockerized import with_kept
from pyreq_tui.build.events import LineLogged, StepAdvanced, StepFinished, StepStarted
from pyreq_tui.build.outline import ArtifactOutline, outline
from pyreq_tui.build.requirements import (
    RequirementMaterials,
    Resolved,
    Unit,
    known_requirements,
    resolve_all,
    wheels_of,
)
from pyreq_tui.build.stripping import Stripper, Strippers, load_libraries
from pyreq_tui.build.user_files import pattern_problems, read_code, read_vendored
from pyreq_tui.bundle import is_library, list_files
from pyreq_tui.errors import PyreqError
from pyreq_tui.locks import Network, network_of, target_for
from pyreq_tui.service import OPTION_SPECS
from pyreq_tui.sizes import count, format_size
from pyreq_tui.wheels import Store, inspect

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pyreq_tui.build.events import Report
    from pyreq_tui.bundle import Bundle, CodeFile, Entry, Libraries
    from pyreq_tui.errors import Finding
    from pyreq_tui.locks import WheelFile
    from pyreq_tui.processes import Cancel
    from pyreq_tui.service import Options, Service
    from pyreq_tui.wheels import Contents, Inspection

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


@dataclass(frozen=True, eq=False)
class Materials:
    """What ``gather`` found; good for every Service that differs only in options which need nothing new."""

    service: Service
    cache: Path
    """The folder of all caches."""
    store: Store
    outlines: tuple[ArtifactOutline, ...]
    requirements: Mapping[Unit, RequirementMaterials]
    code: Mapping[str, Bundle]
    """The user's own files, by the artifact's filename."""
    strippers: Mapping[str, Stripper | None]
    """By architecture: the strip of this machine for it, if there is one."""
    stripped: Libraries
    """What this run learnt of stripping shared libraries."""
    vendored: Mapping[str, tuple[Entry, ...]]
    """The files of each vendor folder, by the folder as the service names it."""
    problems: tuple[Finding, ...]
    bytes_fetched: int
    seconds: float
    files: tuple[CodeFile, ...] = ()
    """The user's own files that could ship."""

    @property
    def network(self) -> Network:
        """How to reach the servers that the wheels are on."""
        return network_of(known.settings for known in self.requirements.values())

    @cached_property
    def libraries(self) -> Libraries:
        """What is known of stripping the libraries that may ship, from earlier builds and from this run.

        Read when it is first asked for: without slim nobody does.
        """
        vendored = [entry for entries in self.vendored.values() for entry in entries if is_library(entry)]
        known: Libraries = {}
        for each in self.requirements.values():
            if stripper := self.strippers.get(each.target.architecture):
                libraries = [entry for entry in each.laid_out.entries if is_library(entry)]
                known |= load_libraries((*libraries, *vendored), stripper, self.cache)
        return known | self.stripped

    def is_outdated(self) -> bool:
        """Whether a file in the service's folder is new, gone, or was written to since it was read.

        Looks at names, sizes and times only. What builds write there does not count.
        """
        patterns = tuple(pattern for artifact in self.outlines for pattern in artifact.patterns)
        try:
            files = list_files(self.service.root, patterns).files
        except (PyreqError, OSError):
            return True
        return self._given(files) != self._given(self.files)

    def _given(self, files: Sequence[CodeFile]) -> list[CodeFile]:
        made = (self.service.output.resolve(), self.cache.resolve())
        root = self.service.root.resolve()
        prefixes = tuple(
            f"{folder.relative_to(root).as_posix()}/" for folder in made if folder.is_relative_to(root)
        )
        return [file for file in files if not file.path.startswith(prefixes)]

    def answers(self, service: Service) -> bool:
        """Whether ``plan(service, self)`` can be made without gathering again."""
        if service.options.layer and not any(artifact.kind == "layer" for artifact in self.outlines):
            return False
        return replace(service, options=self.service.options) == self.service and _needs(
            service.options
        ) == _needs(self.service.options)


def _needs(options: Options) -> dict[str, object]:
    return {spec.key: options.value(spec.key) for spec in OPTION_SPECS if spec.key not in RESHAPING_OPTIONS}


def cache_folder(service: Service | None) -> Path:
    """Where everything is kept that can be made again: ``cacheLocation``, or the user's cache folder."""
    if service is not None and service.options.cache_location:
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
    folder = cache or cache_folder(service)
    with claim(folder, cancel):
        return _gather(service, folder, functions, report=report, cancel=cancel, offline=offline)


def _gather(
    service: Service,
    folder: Path,
    functions: tuple[str, ...],
    *,
    report: Report,
    cancel: Cancel,
    offline: bool,
) -> Materials:
    started = time.monotonic()
    store = Store(folder / "wheels", keeps_downloads=service.options.use_download_cache)
    outlines = outline(service, functions)
    units = {
        Unit(artifact.module, target_for(artifact.runtime, artifact.architecture))
        for artifact in outlines
        if artifact.module is not None
    }
    resolved = resolve_all(
        service, sorted(units, key=str), folder, report=report, cancel=cancel, offline=offline
    )
    inspection = _inspect_all(resolved, store, report=report, cancel=cancel, offline=offline)
    requirements = {
        unit: known_requirements(unit, answer, store, inspection.contents)
        for unit, answer in resolved.items()
    }
    requirements = with_kept(service, requirements, folder, store)
    requirements = {unit: _with_compiler(known, store, cancel) for unit, known in requirements.items()}
    code, listing = read_code(service, outlines, folder)
    vendored = read_vendored(service, outlines, folder)
    return Materials(
        service=service,
        cache=folder,
        store=store,
        outlines=outlines,
        requirements=requirements,
        code=code,
        strippers=Strippers(unit.target.architecture for unit in units),
        stripped={},
        vendored=vendored,
        problems=(*listing.problems, *pattern_problems(service, outlines, listing.files)),
        files=listing.files,
        bytes_fetched=inspection.bytes_fetched,
        seconds=time.monotonic() - started,
    )


def _with_compiler(known: RequirementMaterials, store: Store, cancel: Cancel) -> RequirementMaterials:
    """``known`` with who compiles it, where bytecode is to ship, and with what was compiled before."""
    if not known.settings.compiles:
        return known
    compiler = find_compiler(known.target, known.settings, cancel=cancel)
    return known.with_kept_bytecode(compiler, store) if compiler else known


def _inspect_all(
    resolved: Mapping[Unit, Resolved], store: Store, *, report: Report, cancel: Cancel, offline: bool
) -> Inspection:
    """Look into every wheel of every Lock, each once."""
    started = time.monotonic()
    wheels = {wheel for answer in resolved.values() for wheel in wheels_of(answer, store).values()}
    report(StepStarted("inspect", len(wheels)))
    inspection = inspect(
        sorted(wheels, key=lambda wheel: wheel.filename),
        store,
        network=network_of(answer.settings for answer in resolved.values()),
        offline=offline,
        cancel=cancel,
        on_advance=lambda done, total: report(StepAdvanced("inspect", done, total)),
        on_line=lambda line: report(LineLogged("inspect", line)),
    )
    detail = f"{count(len(wheels), 'wheel')}, {format_size(inspection.bytes_fetched)} fetched"
    report(StepFinished("inspect", time.monotonic() - started, detail))
    return inspection


def with_built(
    materials: Materials, built: Mapping[Unit, Mapping[str, tuple[WheelFile, Contents]]]
) -> Materials:
    """The same materials once wheels have been built for what had none."""
    requirements = dict(materials.requirements)
    for unit, wheels in built.items():
        requirements[unit] = requirements[unit].with_wheels(wheels, materials.store)
    return replace(materials, requirements=requirements)
