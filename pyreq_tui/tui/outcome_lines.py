"""What becomes of an artifact when something is changed, in a line. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from pyreq_tui.aws import facts
from pyreq_tui.tui.text import MUTED, cut_middle, megabytes, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyreq_tui.build import Outcome


LONGEST_NAME = 32


def outcome_lines(outcomes: Sequence[Outcome], *, is_changed: bool) -> list[Content]:
    """``outcome_line`` of each, names and figures in columns."""
    width = min(LONGEST_NAME, max((len(printable(outcome.filename)) for outcome in outcomes), default=0))
    figure = max((len(megabytes(max(each.before_bytes, each.after_bytes))) for each in outcomes), default=0)
    return [
        outcome_line(outcome, is_changed=is_changed, name_width=width, figure_width=figure)
        for outcome in outcomes
    ]


def outcome_line(
    outcome: Outcome, *, is_changed: bool, name_width: int = 0, figure_width: int = 0
) -> Content:
    """``report.zip   254.6 → 190.1 of 250 MB ✓ 59.9 MB left``; the size before only where ``is_changed``.

    The widths are those of columns, for names that are longer are cut; 0 is as much as it takes.
    """
    limit = facts().limits.unzipped_bytes
    after = megabytes(outcome.after_bytes).rjust(figure_width)
    sizes = f"{after} of {limit // 2**20} MB"
    if is_changed and outcome.before_bytes != outcome.after_bytes:
        sizes = f"{megabytes(outcome.before_bytes).rjust(figure_width)} → {sizes}"
    elif is_changed and figure_width:
        sizes = f"{' ' * (figure_width + 3)}{sizes}"
    name = cut_middle(printable(outcome.filename), name_width or LONGEST_NAME).ljust(name_width)
    if outcome.excess_bytes:
        verdict = (f" ✗ {megabytes(outcome.excess_bytes)} MB over", "$error")
    else:
        verdict = (f" ✓ {megabytes(limit - outcome.after_bytes)} MB left", "$success")
    guess = "" if outcome.is_exact else "  (≈ until built)"
    return Content.assemble((name, "bold"), f"   {sizes}", verdict, (guess, MUTED))
