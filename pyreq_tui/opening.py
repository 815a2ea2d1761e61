"""What is asked for when the screens are opened: the command line says it, the screens take it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True)
class Opening:
    """Which service, read how."""

    path: Path
    config: str | None = None
    stage: str | None = None
    params: Mapping[str, str] = field(default_factory=dict)
    overrides: Mapping[str, object] = field(default_factory=dict)
    """Options changed for this run: on screen they are changes not yet saved."""
    offline: bool = False
    functions: tuple[str, ...] = ()
    """Only these functions; empty for all."""


class OpenWorkbench(Protocol):
    """Opens the screens; given to the command line from outside, for neither front end knows the other."""

    def __call__(self, opening: Opening, *, notice: str | None = None, sets_up: bool = False) -> int:
        """Run until the user leaves; the exit status.

        ``notice`` is said once, when they open; ``sets_up`` begins with guided setup.
        """
