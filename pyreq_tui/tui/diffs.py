"""Diffs as they are shown: signs carry the meaning, colours repeat it."""

from __future__ import annotations

from textual.content import Content

from pyreq_tui.redact import redact
from pyreq_tui.tui.text import MUTED, printable

_NEW_FILE = "@@ -0,0 "
"""A place in a file that there is not yet."""
_ROLES = {"+": "$success", "-": "$error", "@": MUTED}


def changed_lines(diff: str) -> int:
    """How many lines a diff adds or removes."""
    return sum(line.startswith(("+", "-")) for line in _body(diff))


def coloured(diff: str) -> Content:
    """The diff of one file, without the lines that name it, and with secrets masked."""
    return Content("\n").join(
        Content.styled(printable(redact(line)), _ROLES.get(line[:1], ""))
        for line in _body(diff)
        if not line.startswith(_NEW_FILE)
    )


def _body(diff: str) -> list[str]:
    """The lines after a diff's own head."""
    return diff.splitlines()[2:]
