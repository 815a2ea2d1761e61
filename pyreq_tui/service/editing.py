"""Writes option changes into the user's text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pyreq_tui.errors import OptionChange
    from pyreq_tui.service.model import Service


@dataclass(frozen=True)
class Edit:
    """One file's text before and after."""

    path: Path
    before: str
    after: str

    @property
    def changed(self) -> bool:
        """Whether writing would change anything."""
        return self.before != self.after

    def diff(self) -> str:
        """The change as a unified diff, empty where there is none."""
        raise NotImplementedError

    def write(self) -> None:
        """Save ``after``, if the file still holds ``before``. Raises PyreqError."""
        raise NotImplementedError


def edit_options(service: Service, changes: Sequence[OptionChange]) -> Edit:
    """What ``changes`` would make of the file that holds ``custom.pythonRequirements``."""
    raise NotImplementedError


def render_block(service: Service, changes: Sequence[OptionChange]) -> str:
    """The block that would result, as YAML to show or to copy."""
    raise NotImplementedError
