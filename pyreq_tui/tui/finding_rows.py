"""Findings as rows: what each says, where it stands, what mends it. Pure."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from textual.content import Content

from pyreq_tui.errors import OptionChange
from pyreq_tui.tui.failures import place
from pyreq_tui.tui.text import MUTED, count, cut, printable, spread

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pyreq_tui.errors import Finding, Severity

SIGNS: dict[Severity, tuple[str, str]] = {
    "error": ("✗", "$error"),
    "warning": ("⚠", "$warning"),
    "info": ("·", "$primary"),
}
NAMES: dict[Severity, str] = {"error": "error", "warning": "warning", "info": "hint"}
LONGEST_CODE = 28
ROOMY, VERY_ROOMY = 70, 100
"""From these widths on codes stand in a column of their own, short ones and long ones."""


def tally(findings: Sequence[Finding]) -> str:
    """``1 error · 2 warnings``."""
    return " · ".join(count(number, NAMES[severity]) for severity, number in numbers(findings).items())


def signed_tally(findings: Sequence[Finding], *, is_short: bool = False) -> Content:
    """``✗ 1 error   ⚠ 2 warnings``, each in its colour; in short ``✗ 1   ⚠ 2``."""
    parts = [
        Content.styled(
            f"{SIGNS[severity][0]} {number if is_short else count(number, NAMES[severity])}",
            f"bold {SIGNS[severity][1]}",
        )
        for severity, number in numbers(findings).items()
    ]
    return Content("   ").join(parts)


def numbers(findings: Sequence[Finding]) -> dict[Severity, int]:
    """How many there are of each severity, the gravest first; none that has none."""
    found = {severity: sum(finding.severity == severity for finding in findings) for severity in NAMES}
    return {severity: number for severity, number in found.items() if number}


def matching(findings: Sequence[Finding], text: str, root: Path | None) -> list[Finding]:
    """The findings in which every word of ``text`` stands somewhere."""
    wanted = text.lower().split()
    return [finding for finding in findings if all(word in _searched(finding, root) for word in wanted)]


def code_width(findings: Sequence[Finding], width: int) -> int:
    """How wide the column of codes is; 2, which is no column, where there is no room for the longest code."""
    longest = max((len(finding.code) for finding in findings), default=0)
    most = LONGEST_CODE if width >= VERY_ROOMY else LONGEST_CODE - 10
    return longest + 4 if width >= ROOMY and longest <= most else 2


def finding_row(finding: Finding, root: Path | None, width: int, indent: int) -> Content:
    """One finding: code and message, then the way out, then what ``f`` would do and where it stands.

    All but the code stands ``indent`` cells in.
    """
    sign, role = SIGNS[finding.severity]
    code = printable(finding.code)
    room = max(20, width - indent)
    message = wrap(printable(finding.message), room) or [""]
    if len(code) <= indent - 4:
        head = Content.assemble((f"{sign} ", role), (code.ljust(indent - 2), f"bold {role}"), message.pop(0))
    else:
        head = Content.styled(f"{sign} {code}", f"bold {role}")
    lines = [head, *(Content(" " * indent + line) for line in message)]
    lines += [
        Content.styled(" " * indent + line, MUTED) for line in wrap(printable(finding.hint or ""), room - 2)
    ]
    if finding.fix:
        lines.append(Content.assemble(" " * indent, _offer(finding, room)))
    if finding.where is not None:
        where = Content.styled(place(finding.where, root), MUTED)
        has_room = lines[-1].cell_length + where.cell_length < width
        lines.append(spread(width, lines.pop() if has_room else Content(""), where))
    return Content("\n").join(lines)


def _offer(finding: Finding, room: int) -> Content:
    from pyreq_tui.findings import change_text  # when there is something to offer: findings load much

    does = cut(printable("; ".join(change_text(change) for change in finding.fix)), room - 2)
    return Content.assemble(("f", "bold $success"), (f" {does}", "$success"))


def pending(finding: Finding) -> dict[str, object] | None:
    """The options that mend it, where options alone do: they can be tried before they are saved."""
    changes = [change for change in finding.fix if isinstance(change, OptionChange) and not change.is_unset]
    if not changes or len(changes) < len(finding.fix):
        return None
    return {change.key: change.value for change in changes}


def as_text(finding: Finding, root: Path | None) -> str:
    """For the clipboard."""
    parts = [f"{finding.severity}: {finding.code}: {finding.message}"]
    if finding.where:
        parts.append(place(finding.where, root))
    if finding.hint:
        parts.append(finding.hint)
    return "\n".join(parts)


def _searched(finding: Finding, root: Path | None) -> str:
    where = place(finding.where, root) if finding.where else ""
    said = (NAMES[finding.severity], finding.code, finding.message, finding.hint, finding.package, where)
    return " ".join(filter(None, said)).lower()
