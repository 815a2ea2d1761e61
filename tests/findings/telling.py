"""What the tests of findings ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.findings import findings_of

if TYPE_CHECKING:
    from pyreq_tui.build import Plan
    from pyreq_tui.errors import Finding


def told(plan: Plan, code: str) -> list[Finding]:
    """The findings of ``plan`` with ``code``."""
    return [finding for finding in findings_of(plan) if finding.code == code]


def is_told(plan: Plan, code: str) -> bool:
    """Whether ``plan`` has a finding with ``code``."""
    return bool(told(plan, code))
