"""What speaks for a module, and what it asks for."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

    from pyreq_tui.errors import Finding, Where

SourceKind = Literal["requirements", "pipenv", "poetry", "uv", "pylock", "pdm"]


@dataclass(frozen=True)
class Source:
    """The manifest and lockfile that speak for a module. Paths are absolute."""

    kind: SourceKind
    module: str
    """As ``Function.module``."""
    folder: Path
    """The module's folder, absolute."""
    manifest: Path | None
    lockfile: Path | None
    is_fresh: bool | None
    """Whether the lockfile answers the manifest; ``None`` where there is no lockfile or no way to tell."""

    @property
    def is_unlocked(self) -> bool:
        """Whether a lock has to be made before it can ship."""
        return self.kind != "requirements" and self.lockfile is None

    @property
    def root(self) -> Path:
        """The service's root, which ``module`` counts from."""
        depth = len(PurePosixPath(self.module).parts)
        return self.folder.parents[depth - 1] if depth else self.folder


@dataclass(frozen=True)
class Requirement:
    """One requirement as its file states it."""

    text: str
    """The logical line without comments, hashes and options: ``boto3[crt]~=1.2; marker``."""
    name: str | None
    """Normalised (PEP 503); ``None`` for a path or URL that does not tell."""
    extras: tuple[str, ...]
    hashes: tuple[str, ...]
    """``sha256:…``, as given."""
    path: Path | None
    """A local path requirement, absolute; ``None`` for everything else."""
    is_editable: bool
    where: Where
    marker: str | None = None
    """Its environment marker (PEP 508), without the semicolon."""
    url: str | None = None
    """Where a direct reference points; a ``file:`` URL for a path. ``None``: an index is asked."""
    config_settings: tuple[str, ...] = ()
    """``--config-settings`` for whatever builds it: ``key=value``, as given."""


@dataclass(frozen=True)
class Requirements:
    """Everything a requirements-style source asks for, in order."""

    source: Source
    requirements: tuple[Requirement, ...]
    constraints: tuple[Requirement, ...]
    options: tuple[str, ...] = field(repr=False)
    """Global lines that steer the resolver, one item an argument: ``--index-url``, ``https://…``. May hold
    credentials."""
    files: tuple[Path, ...]
    """Every file read, for cache keys."""
    problems: tuple[Finding, ...] = ()
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """Values that came from the environment: to be hidden wherever they turn up."""
    is_complete: bool = False
    """Whether this is a whole lock, pinned: nothing it does not name is needed, and what can't have a hash (a
    commit, a folder) stands without one."""
    environment: str | None = None
    """The marker (PEP 508) of all Targets that this can be for at all; ``None``: any."""
    left_out: int = 0
    """How many packages of the lock no group that ships needs."""


@dataclass(frozen=True)
class Locked:
    """A source that is itself a lock: PEP 751 text for every environment, and what was asked for."""

    source: Source
    pylock: str
    """A pylock.toml document with markers, all platforms."""
    direct: tuple[str, ...]
    """Normalised names of what ships as a requirement of its own: every package, for locks are flattened."""
    files: tuple[Path, ...]
    problems: tuple[Finding, ...] = ()
    left_out: int = 0
    """How many packages of the lock no group that ships needs; counted where none is left."""
