"""How a service hangs together: modules with their sources and lockfiles, functions that ship them. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pyreq_tui.aws import facts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyreq_tui.build import Plan, PlannedArtifact
    from pyreq_tui.service import Function, Service
    from pyreq_tui.sources import Source

LockState = Literal["fresh", "stale", "locked", "missing", "unlocked", "none"]
STATES: dict[LockState, tuple[str, str]] = {
    "fresh": ("✓ fresh", "$success"),
    "stale": ("⚠ stale", "$warning"),
    "locked": ("✓ locked", "$success"),
    "missing": ("⚠ no lockfile yet", "$warning"),
    "unlocked": ("· no lockfile", ""),
    "none": ("– no requirements", ""),
}
"""What each state is called, and its colour."""
EXPLAINED: dict[LockState, str] = {
    "fresh": "The lockfile answers the manifest.",
    "stale": "The manifest was changed since: lock again, or what ships is not what it asks for.",
    "locked": "Every version is in it; there is nothing to tell whether it is up to date.",
    "missing": "This tool keeps a lockfile, and there is none: versions are resolved anew each time.",
    "unlocked": "Versions are what this file says; what it leaves open is resolved anew each time.",
    "none": "Nothing is asked for here, so only your own files ship.",
}
LOCKING_TOOLS = frozenset({"pipenv", "poetry", "uv", "pdm"})


@dataclass(frozen=True)
class ModuleRow:
    """One module, and what speaks for it."""

    module: str
    source: Source | None
    functions: tuple[FunctionRow, ...]

    @property
    def state(self) -> LockState:
        """How its lockfile is."""
        source = self.source
        if source is None:
            return "none"
        if source.lockfile is None:
            return "missing" if source.kind in LOCKING_TOOLS else "unlocked"
        return "locked" if source.is_fresh is None else "fresh" if source.is_fresh else "stale"

    @property
    def name(self) -> str:
        """``report/``; the root by a name of its own."""
        return "service root" if self.module == "." else f"{self.module}/"


@dataclass(frozen=True)
class FunctionRow:
    """One function, and the artifact it runs from."""

    function: Function
    artifact: PlannedArtifact | None
    """``None`` where it is not packaged here, or not estimated yet."""

    @property
    def unzipped_bytes(self) -> int:
        """With its layers, as Lambda counts."""
        return self.artifact.unzipped_bytes + self.artifact.layer_bytes if self.artifact else 0

    @property
    def is_over_limit(self) -> bool:
        """Whether Lambda would refuse it."""
        return self.artifact is not None and self.artifact.is_over_limit

    @property
    def share(self) -> float:
        """How much of Lambda's limit it takes."""
        return self.unzipped_bytes / facts().limits.unzipped_bytes

    @property
    def foreign_layers(self) -> tuple[str, ...]:
        """Layers it names that are made elsewhere: their size counts too, and nobody here knows it."""
        return tuple(layer for layer in self.function.layers if layer.startswith("arn:"))


def module_rows(service: Service, plan: Plan | None, sources: Sequence[Source]) -> tuple[ModuleRow, ...]:
    """The modules in the order of their functions; what is not packaged stands under the root."""
    by_module = {source.module: source for source in sources}
    artifacts = {
        name: artifact
        for artifact in (plan.artifacts if plan else ())
        if artifact.kind != "layer"
        for name in artifact.functions
    }
    functions: dict[str, list[FunctionRow]] = {}
    for function in service.functions:
        module = function.module if function.individually and function.packaged else "."
        functions.setdefault(module, []).append(FunctionRow(function, artifacts.get(function.name)))
    return tuple(
        ModuleRow(module, by_module.get(module), tuple(held)) for module, held in sorted(functions.items())
    )


@dataclass(frozen=True)
class Listed:
    """What stands at the top of a zip: a file, or a folder with all in it."""

    name: str
    unzipped_bytes: int
    files: int


def top_listing(artifact: PlannedArtifact) -> tuple[Listed, ...]:
    """What the zip would list at its top, largest first; folders end with a slash."""
    sizes: dict[str, int] = {}
    files: dict[str, int] = {}
    for entry in artifact.bundle.entries:
        first, slash, _ = entry[0].partition("/")
        name = first + slash
        sizes[name] = sizes.get(name, 0) + entry[1]
        files[name] = files.get(name, 0) + 1
    ranked = sorted(sizes, key=lambda name: (-sizes[name], name))
    return tuple(Listed(name, sizes[name], files[name]) for name in ranked)


def copied(rows: Sequence[ModuleRow]) -> Iterator[str]:
    """The map as plain lines, to be copied."""
    for row in rows:
        file = row.source.lockfile or row.source.manifest if row.source else None
        yield f"{row.name}  {file.name if file else 'no requirements'}  {row.state}"
        for held in row.functions:
            yield f"  {held.function.name}  {held.unzipped_bytes} bytes"
