"""One line of the table: our figure, the other, and their ratio."""

from __future__ import annotations


def row(name: str, ours: float, other: float, unit: str) -> dict[str, object]:
    """One line of the table."""
    return {
        "name": name,
        "ours": round(ours, 4),
        "other": round(other, 4),
        "unit": unit,
        "ratio": ours / other,
    }
