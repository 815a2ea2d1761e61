"""What the engine reports while it runs; a front end decides how it looks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

StepName = Literal[
    "resolve",
    "inspect",
    "prepare image",
    "run container",
    "build wheels",
    "fetch",
    "compile",
    "strip",
    "write",
    "import",
]
"""The steps, in the order they run. ``resolve`` and ``inspect`` make a Plan; ``import`` tries what was built;
the rest carry the Plan out."""


@dataclass(frozen=True)
class StepStarted:
    """A step began. ``total`` is its amount of work in ``unit``, ``None`` where nobody can know."""

    step: StepName
    total: int | None = None
    unit: Literal["bytes", "items"] = "items"


@dataclass(frozen=True)
class StepAdvanced:
    """A step got on: ``done`` counts from its start in the unit its StepStarted named."""

    step: StepName
    done: int
    total: int | None = None


@dataclass(frozen=True)
class StepFinished:
    """A step ended well after ``seconds``; ``detail`` says in a few words what it did."""

    step: StepName
    seconds: float
    detail: str = ""


@dataclass(frozen=True)
class LineLogged:
    """One line for the log, redacted and without terminal escapes. ``step`` says whose."""

    step: StepName
    text: str


@dataclass(frozen=True)
class ArtifactAdvanced:
    """The writing of one artifact got on; its bytes are part of those the step ``write`` counts."""

    filename: str
    done_bytes: int
    total_bytes: int


@dataclass(frozen=True)
class ArtifactWritten:
    """An artifact stands on disk, whole."""

    name: str
    path: Path
    sha256: str
    is_unchanged: bool
    """Whether the same bytes stood there before: a deploy will skip it."""


Event = StepStarted | StepAdvanced | StepFinished | LineLogged | ArtifactAdvanced | ArtifactWritten
Report = Callable[[Event], None]
"""Takes an Event; called from any thread, must return at once."""
