"""What is wrong with a lockfile, whichever tool wrote it: one message for each cause."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyreq_tui.errors import PyreqError, Where
from pyreq_tui.redact import redact

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pyreq_tui.sources.model import SourceKind

LOCK_COMMANDS: Mapping[SourceKind, str] = {
    "pipenv": "pipenv lock",
    "poetry": "poetry lock",
    "uv": "uv lock",
    "pylock": "uv pip compile --format pylock.toml",
    "pdm": "pdm lock",
}
"""What makes the lock of each kind of source anew."""
_SHOWN_LENGTH = 300
"""Of what a lock holds instead of something sensible, in characters."""
_CONFLICT = re.compile(r"^(?:<{7}|>{7})(?: .*)?$", re.MULTILINE)
_MAJOR = re.compile(r"\d{1,9}")


def refused(file: Path, reason: object, *, line: int | None = None, hint: str) -> PyreqError:
    """The error of a lock that can't be read."""
    # Cut twice: so as not to search all of it for secrets, and not to cut one in two that is shown.
    first = redact(str(reason)[: 10 * _SHOWN_LENGTH].partition("\n")[0].rstrip("."))
    shown = first if len(first) <= _SHOWN_LENGTH else f"{first[:_SHOWN_LENGTH]}…"
    return PyreqError(f"{file.name} can't be read: {shown}.", hint=hint, where=Where(file, line))


def conflict(file: Path, text: str) -> PyreqError | None:
    """The error of a file with the marks that git leaves where two changes meet; ``None`` without any."""
    if (mark := _CONFLICT.search(text)) is None:
        return None
    return PyreqError(
        f"{file.name} holds the marks of a merge conflict.",
        hint="Settle it; a lockfile is best taken whole from one side, and locked again.",
        where=Where(file, text.count("\n", 0, mark.start()) + 1),
    )


def newer_format(file: Path, version: object, *, newest: int, tool: str) -> PyreqError | None:
    """The error of a lock whose format has a first number above ``newest``; ``None`` for any other."""
    found = _MAJOR.match(str(version)) if isinstance(version, str | int) else None
    if found is None or int(found[0]) <= newest:
        return None
    return PyreqError(
        f"{file.name} has the format {found[0]}, which a newer {tool} writes; {newest} is known.",
        hint=f"Update pyreq-tui, or lock with a {tool} that writes the older format.",
        where=Where(file),
    )
