"""The pins for a Target."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pyreq_tui.locks.target import Target


@dataclass(frozen=True)
class WheelFile:
    """A wheel that can be had, and read from afar."""

    filename: str
    url: str
    """``https://…`` or ``file://…``; may hold credentials, so redact before showing."""
    sha256: str | None
    """Lower-case hex; ``None`` where neither lock nor index states one."""
    size_bytes: int | None


@dataclass(frozen=True)
class Unbuilt:
    """What has to be built into a wheel first: an sdist, a VCS revision, a folder."""

    kind: Literal["sdist", "vcs", "directory"]
    url: str
    """Where it is: an archive's URL, a repository's URL, or a folder's absolute path."""
    revision: str | None = None
    """For VCS: the commit."""
    subdirectory: str | None = None
    sha256: str | None = None
    size_bytes: int | None = None
    has_wheels: bool = False
    """Whether there are wheels of it, too, of which none loads on the Target."""


@dataclass(frozen=True)
class Pin:
    """One package of a Lock: exactly one of ``wheel`` and ``unbuilt`` is set."""

    name: str
    """Normalised (PEP 503)."""
    version: str | None
    wheel: WheelFile | None = None
    unbuilt: Unbuilt | None = None


@dataclass(frozen=True)
class Deferred:
    """What could not be resolved on this machine, and is left to a container that may reach more."""

    requirements: tuple[str, ...]
    """Lines as an installer reads them; may hold credentials."""
    reason: str


@dataclass(frozen=True)
class Lock:
    """The resolved pins for a Target, whichever tool resolved them."""

    target: Target
    pins: tuple[Pin, ...]
    """Sorted by name."""
    direct: tuple[tuple[str, tuple[str, ...]], ...]
    """What was asked for: normalised name and extras."""
    dropped: tuple[str, ...] = ()
    """Direct requirements whose marker does not hold for the Target, as they are written."""
    held_back: tuple[tuple[str, str], ...] = ()
    """Packages of which an older release was taken, and the newer that was passed over: it has no wheel that
    loads on the Target."""
    deferred: Deferred | None = None
    """Set where there are no pins yet: whoever installs resolves."""
