"""How lists are said in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.sizes import format_size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyreq_tui.build import Outcome

MOST_NAMED = 5
"""Names in a sentence; of the others is said how many there are."""


def listed(names: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and 7 more``."""
    shown = list(names[:MOST_NAMED])
    if len(names) > MOST_NAMED:
        shown.append(f"{len(names) - MOST_NAMED} more")
    return " and ".join([", ".join(shown[:-1]), shown[-1]]) if len(shown) > 1 else "".join(shown)


def told(outcome: Outcome) -> str:
    """``report.zip: 265.3 MB → 190.1 MB, fits``."""
    guess = "" if outcome.is_exact else "about "
    before, after = format_size(outcome.before_bytes), f"{guess}{format_size(outcome.after_bytes)}"
    sizes = after if outcome.before_bytes == outcome.after_bytes else f"{before} → {after}"
    verdict = f"{format_size(outcome.excess_bytes)} too large" if outcome.excess_bytes else "fits"
    return f"{outcome.filename}: {sizes}, {verdict}"
