"""Where containers are put to work, and for whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from pyreq_tui.build.steps import Steps
    from pyreq_tui.service import Service
    from pyreq_tui.wheels import Store


@dataclass(frozen=True)
class Site:
    """A build, as far as a container is concerned."""

    service: Service
    store: Store
    cache: Path
    """The folder of all caches."""
    steps: Steps
