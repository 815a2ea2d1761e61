"""Text for the screens: safe to show, cut to a width, aligned, and drawn as bars."""

from __future__ import annotations

import unicodedata
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from pyreq_tui.sizes import count as count
from pyreq_tui.sizes import percent as percent

if TYPE_CHECKING:
    from collections.abc import Sequence

MUTED = "$foreground 72%"
"""The style of what is read second (``$text-muted`` is ``auto``, which a part of a line can't be)."""
FAINT = "$foreground 56%"
"""The style of what can't be used now, and of frames: fainter than text that has something to say may be."""

_EIGHTHS = ("", "▏", "▎", "▍", "▌", "▋", "▊", "▉")
_MEGABYTE = 2**20


def printable(text: str) -> str:
    """``text`` with what could steer a terminal or turn the reading direction made visible as ``�``.

    Names, paths and log lines come from archives and other people's programs.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(_harmless(character) for character in text)


def _harmless(character: str) -> str:
    if character == "\t":
        return "    "
    return "�" if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Zl", "Zp"} else character


def cut(text: str, width: int) -> str:
    """``text`` in at most ``width`` cells, its end replaced by ``…`` where it is longer."""
    if cell_len(text) <= width:
        return text
    return set_cell_size(text, width - 1).rstrip() + "…" if width > 0 else ""


def cut_middle(text: str, width: int) -> str:
    """``text`` in at most ``width`` cells, its middle replaced: the ends of a path tell most."""
    if cell_len(text) <= width:
        return text
    if width < 5:
        return cut(text, width)
    head = (width - 1) // 3
    tail = text[-(width - 1 - head) :]
    while cell_len(tail) > width - 1 - head:
        tail = tail[1:]
    return f"{set_cell_size(text, head).rstrip()}…{tail}"


def spread(width: int, left: Content, right: Content) -> Content:
    """One line with ``left`` at its start and ``right`` at its end; ``left`` gives way."""
    room = width - right.cell_length - 1
    if room < 1:
        return right.truncate(width, ellipsis=True)
    left = left.truncate(room, ellipsis=True)
    return Content.assemble(left, " " * (width - left.cell_length - right.cell_length), right)


def bar(fraction: float, width: int) -> str:
    """A bar of ``fraction`` of ``width`` cells, drawn to an eighth of a cell."""
    eighths = round(max(0.0, min(1.0, fraction)) * width * 8)
    return "█" * (eighths // 8) + _EIGHTHS[eighths % 8]


def megabytes(size_bytes: int) -> str:
    """``254.6``: for sentences that name the unit once."""
    return f"{size_bytes / _MEGABYTE:.1f}"


def seconds(duration_seconds: float) -> str:
    """``0.4 s``, ``2 min 05 s``."""
    if duration_seconds < 60:
        return f"{duration_seconds:.1f} s"
    minutes, rest = divmod(round(duration_seconds), 60)
    return f"{minutes} min {rest:02d} s"


def at_home(path: Path) -> str:
    """``~/.cache/pyreq-tui`` for what lies in the user's home."""
    home = Path.home()
    return f"~/{path.relative_to(home).as_posix()}" if path.is_relative_to(home) else str(path)


def day(time: float | None) -> str:
    """``2026-11-22`` where the user is, for seconds since 1970."""
    return "" if time is None else datetime.fromtimestamp(time).astimezone().date().isoformat()


def listed(names: Sequence[str], most: int) -> str:
    """``numpy, scipy and 3 more``: at most ``most`` names, safe to show."""
    shown = ", ".join(printable(name) for name in names[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown
