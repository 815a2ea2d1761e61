"""The one way sizes, shares and counts are written: binary megabytes called MB, as AWS counts its limits."""

from __future__ import annotations

import re

from humanize import naturalsize

_UNITS = {"": 1, "B": 1, "K": 1024, "M": 1024**2, "G": 1024**3}
_SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([KMG]?)i?B?\s*", re.IGNORECASE)


def format_size(size_bytes: int) -> str:
    """``262144000`` -> ``250.0 MB``. A megabyte is 2**20 bytes, which is what AWS's "250 MB" means.

    At most eight cells wide: what would be ``1016.3 KB`` is ``1.0 MB``.
    """
    for power in (2, 3):
        if 999.95 * 1024 ** (power - 1) <= size_bytes < 1024**power:
            size_bytes = 1024**power
    text = str(naturalsize(size_bytes, binary=True, format="%.1f"))
    return text.replace("iB", "B").replace("Bytes", "B").replace("Byte", "B")


def format_change(change_bytes: int) -> str:
    """A difference with its sign: ``−24.1 MB``, ``+0.9 KB``, ``±0``."""
    if change_bytes == 0:
        return "±0"
    return f"{'+' if change_bytes > 0 else '−'}{format_size(abs(change_bytes))}"


def count(number: int, noun: str, plural: str | None = None) -> str:
    """``1 file``, ``7,535 files``."""
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"


def percent(fraction: float) -> str:
    """``42 %``; ``<1 %`` for what is little but not nothing."""
    if 0 < fraction < 0.01:
        return "<1 %"
    return f"{fraction:.0%}".replace("%", " %")


def parse_size(text: str) -> int:
    """``200MB`` -> ``209715200`` bytes. Raises ValueError for what is not a size."""
    match = _SIZE.fullmatch(text)
    if match is None:
        raise ValueError(f"{text!r} is not a size; write it as 200MB, 50.5 MB or 262144000")
    return int(float(match[1]) * _UNITS[match[2].upper()])
