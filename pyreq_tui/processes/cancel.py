"""How running work is told to stop."""

from __future__ import annotations

from typing import Protocol

POLL_SECONDS = 0.05
"""How long a cancel may go unseen."""


class Cancel(Protocol):
    """What tells running work to stop; a ``threading.Event`` is one."""

    def is_set(self) -> bool:
        """Whether to stop."""
