"""A report as GitHub's workflow commands: each finding is an annotation at its line.

Source: GitHub's documentation, "Workflow commands for GitHub Actions"; what has to be escaped is what its
toolkit escapes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.cli.reports.checked import path_in_repository

if TYPE_CHECKING:
    from pyreq_tui.cli.reports.checked import Checked
    from pyreq_tui.errors import Finding

_COMMANDS = {"error": "error", "warning": "warning", "info": "notice"}


def as_annotations(checked: Checked) -> str:
    """One line for each finding, and the verdict, which is no command."""
    verdict = "ok: ready to deploy" if checked.ok else "failed"
    budgets = [f"budget {_escaped(str(use))}" for use in checked.budgets]
    return "\n".join([*map(_annotation, checked.findings), *budgets, verdict])


def _annotation(finding: Finding) -> str:
    properties = {"title": finding.code}
    if finding.where is not None:
        properties["file"] = path_in_repository(finding.where.file).as_posix()
        if finding.where.line is not None:
            properties["line"] = str(finding.where.line)
    named = ",".join(f"{name}={_escaped(value, ':,')}" for name, value in properties.items())
    text = "\n".join(filter(None, (finding.message, finding.hint)))
    return f"::{_COMMANDS[finding.severity]} {named}::{_escaped(text)}"


def _escaped(text: str, more: str = "") -> str:
    """What would end the line, or the property, as its code behind a percent sign."""
    for character in f"%\r\n{more}":
        text = text.replace(character, f"%{ord(character):02X}")
    return text
