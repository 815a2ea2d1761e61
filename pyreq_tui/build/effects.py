"""What each option would change, found by planning with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyreq_tui.build.materials import Materials
    from pyreq_tui.service import Service


@dataclass(frozen=True)
class Effect:
    """The difference that flipping one option would make, in bytes, over all artifacts (or one)."""

    key: str
    value: object
    """The value tried, as YAML would give it."""
    unzipped_change_bytes: int | None
    """``None`` where it can't be told without gathering again."""
    zipped_change_bytes: int | None
    note: str = ""
    """Why there is no figure, or why the option is not available: ``needs Docker``."""


def effects(service: Service, materials: Materials, artifact: str | None = None) -> Mapping[str, Effect]:
    """For every option that can be flipped, what flipping it would change; by option key.

    ``artifact`` limits the sums to the artifact of that filename (with layers its functions name).
    """
    raise NotImplementedError
