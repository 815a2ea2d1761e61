"""Everything a Plan is composed of, gathered once: locks, contents of wheels, the user's own files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from pyreq_tui.build.events import Report
    from pyreq_tui.processes import Cancel
    from pyreq_tui.service import Service


@dataclass(frozen=True, eq=False)
class Materials:
    """What ``gather`` found; good for every Service that differs only in options which need nothing new."""

    def answers(self, service: Service) -> bool:
        """Whether ``plan(service, self)`` can be made without gathering again."""
        raise NotImplementedError


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

    Raises PyreqError (input), BuildError (tools, network) or Cancelled.
    """
    raise NotImplementedError
