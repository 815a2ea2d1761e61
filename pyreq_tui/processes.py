"""Runs other people's programs: output streamed line by line and redacted, cancelled with everything they started."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path


class Cancel(Protocol):
    """What tells running work to stop; a ``threading.Event`` is one."""

    def is_set(self) -> bool:
        """Whether to stop."""


def run(
    command: Sequence[str],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    on_line: Callable[[str], None] | None = None,
    cancel: Cancel | None = None,
) -> str:
    raise NotImplementedError
