"""What becomes of an artifact when something is changed, in a line. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from pyreq_tui.aws import facts
from pyreq_tui.tui.text import MUTED, megabytes, printable

if TYPE_CHECKING:
    from pyreq_tui.build import Outcome


def outcome_line(outcome: Outcome, *, is_changed: bool) -> Content:
    """``report.zip   254.6 → 190.1 of 250 MB ✓ 59.9 MB left``; the size before only where ``is_changed``."""
    limit = facts().limits.unzipped_bytes
    is_changed &= outcome.before_bytes != outcome.after_bytes
    before = f"{megabytes(outcome.before_bytes)} → " if is_changed else ""
    sizes = f"{before}{megabytes(outcome.after_bytes)} of {limit // 2**20} MB"
    if outcome.excess_bytes:
        verdict = (f" ✗ {megabytes(outcome.excess_bytes)} MB over", "$error")
    else:
        verdict = (f" ✓ {megabytes(limit - outcome.after_bytes)} MB left", "$success")
    guess = "" if outcome.is_exact else "  (≈ until built)"
    return Content.assemble((printable(outcome.filename), "bold"), f"   {sizes}", verdict, (guess, MUTED))
