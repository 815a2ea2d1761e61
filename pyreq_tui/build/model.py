"""What a build would write, and what it wrote."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from pyreq_tui.aws import facts

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pyreq_tui.bundle import Bundle, Entry, PackageSize
    from pyreq_tui.errors import Finding
    from pyreq_tui.locks import Target
    from pyreq_tui.service import Service
    from pyreq_tui.wheels import Graph

ArtifactKind = Literal["service", "function", "layer"]


@dataclass(frozen=True, eq=False)
class PlannedArtifact:
    """One zip a build would write."""

    name: str
    """What it is called on screen: the service's, the function's or the layer's name."""
    filename: str
    """``report.zip``."""
    kind: ArtifactKind
    functions: tuple[str, ...]
    """Names of the functions that run from it (or use it, for a layer)."""
    target: Target | None
    bundle: Bundle
    packages: tuple[PackageSize, ...]
    """What ships, largest unzipped first; looks into a nested zip."""
    unstripped: tuple[Entry, ...] = ()
    """Libraries that a build would strip, of which nobody knows yet how large they will be."""
    prefix: str = ""
    """Where its requirements lie: ``python/`` in a layer, ``package/`` at Scaleway, else at the root."""
    layer_bytes: int = 0
    """Unzipped size of layers built here that its functions name: they count against the same limit."""

    @property
    def unzipped_bytes(self) -> int:
        """Its own unzipped size."""
        return self.bundle.unzipped_bytes

    @property
    def zipped_bytes(self) -> int:
        """The size of the zip."""
        return self.bundle.zipped_bytes

    @property
    def is_exact(self) -> bool:
        """Whether every size is known, not guessed."""
        return self.bundle.is_exact and not self.unstripped

    @property
    def is_over_limit(self) -> bool:
        """Whether Lambda would refuse it: unzipped, with its layers, above the quota."""
        return self.unzipped_bytes + self.layer_bytes > facts().limits.unzipped_bytes


@dataclass(frozen=True, eq=False)
class Plan:
    """What a build would write. Its sizes are the estimate."""

    service: Service
    artifacts: tuple[PlannedArtifact, ...]
    graphs: Mapping[str, Graph]
    """By module: why each package is there."""
    orphans: tuple[str, ...]
    """Packages nothing needs any more once ``noDeploy`` has been applied, but which still ship."""
    problems: tuple[Finding, ...]
    bytes_fetched: int
    """What making the Plan took from the network."""
    seconds: float


@dataclass(frozen=True)
class Artifact:
    """A zip on disk."""

    planned: PlannedArtifact
    path: Path
    sha256: str
    unzipped_bytes: int
    zipped_bytes: int
    is_unchanged: bool
    """Whether the same bytes stood there before."""


@dataclass(frozen=True)
class CacheUse:
    """Whether the last build could be reused, and why not."""

    is_hit: bool
    reason: str
    """``nothing changed``, ``first build``, ``slim changed`` …"""


@dataclass(frozen=True)
class Result:
    """What a build did."""

    artifacts: tuple[Artifact, ...]
    steps: tuple[tuple[str, float], ...]
    """Name and seconds of each step that ran, in order."""
    cache: CacheUse
    plan: Plan
    """As it was carried out: what had to be built or stripped first is known in it."""

    @cached_property
    def seconds(self) -> float:
        """All steps together."""
        return sum(seconds for _, seconds in self.steps)
