"""What to know before deploying, as a list."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from pyreq_tui.tui.screens.dialog import Dialog
from pyreq_tui.tui.text import MUTED, count, printable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from textual.app import ComposeResult

    from pyreq_tui.errors import Finding, Where

SIGNS = {"error": ("✗", "$error"), "warning": ("⚠", "$warning"), "info": ("·", "$primary")}
_ORDER = ("error", "warning", "info")


class FindingsScreen(Dialog[None]):
    """Findings, the gravest first, each with its place and its way out."""

    DEFAULT_CSS = """
    FindingsScreen {
        .finding { height: auto; margin-bottom: 1; }
        .message, .hint { padding-left: 2; }
        .hint { color: $success; }
    }
    """

    def __init__(self, findings: Sequence[Finding], root: Path | None) -> None:
        super().__init__()
        self._findings = sorted(findings, key=lambda finding: _ORDER.index(finding.severity))
        self._root = root

    def compose(self) -> ComposeResult:
        with VerticalScroll(classes="frame") as frame:
            frame.border_title = tally(self._findings) or "Findings"
            frame.border_subtitle = "esc back"
            if not self._findings:
                yield Static(Content("Nothing to say: what ships looks right."))
            for finding in self._findings:
                with Vertical(classes="finding"):
                    yield Static(self._head(finding))
                    yield Static(Content(printable(finding.message)), classes="message")
                    if finding.hint:
                        yield Static(Content(f"→ {printable(finding.hint)}"), classes="hint")

    def _head(self, finding: Finding) -> Content:
        sign, role = SIGNS[finding.severity]
        where = f"   {place(finding.where, self._root)}" if finding.where else ""
        return Content.assemble((f"{sign} {printable(finding.code)}", f"bold {role}"), (where, MUTED))


def tally(findings: Sequence[Finding]) -> str:
    """``1 error · 2 warnings``."""
    names = {"error": "error", "warning": "warning", "info": "hint"}
    numbers = {severity: sum(finding.severity == severity for finding in findings) for severity in _ORDER}
    return " · ".join(count(number, names[severity]) for severity, number in numbers.items() if number)


def place(where: Where, root: Path | None) -> str:
    """``serverless.yml:14``, relative to the service."""
    if root is not None and where.file.is_relative_to(root):
        name = where.file.relative_to(root).as_posix()
        return printable(f"{name}:{where.line}" if where.line else name)
    return printable(str(where))
