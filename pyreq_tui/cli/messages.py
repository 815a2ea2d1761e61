"""The one place that writes stderr: errors, findings and progress."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from pyreq_tui.cli.streams import without_controls, write
from pyreq_tui.redact import redact

if TYPE_CHECKING:
    from pyreq_tui.errors import Finding, PyreqError

_MARKS = {"error": "✗", "warning": "!", "info": "·"}


def say(line: str) -> None:
    """One line to stderr, redacted, with control characters shown as ``?``.

    Where nobody listens any more (a full disk, a pager that was left) the work goes on in silence.
    """
    try:
        write(sys.stderr, without_controls(redact(line)) + "\n")
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def show_error(error: PyreqError) -> None:
    """What happened, where, what to do."""
    say(f"error: {error.message}")
    if error.where:
        say(f"  at {error.where}")
    if error.hint:
        say(f"  {error.hint}")


def finding_lines(finding: Finding) -> list[str]:
    """A finding as text: its mark, code and message, then where and what to do.

    Each is one line whatever a name in it holds: in a CI's log, a line can be a command.
    """
    lines = [f"{_MARKS[finding.severity]} {finding.severity:<7} {finding.code}: {finding.message}"]
    if finding.where:
        lines.append(f"    at {finding.where}")
    if finding.hint:
        lines.append(f"    {finding.hint}")
    return [" ".join(line.splitlines()) for line in lines]
