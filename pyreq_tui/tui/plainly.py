"""Draws every widget in ASCII, where the terminal has nothing else or the user wants it so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.filter import LineFilter

from pyreq_tui.tui.signs import plain

if TYPE_CHECKING:
    from textual.color import Color


class Plainly(LineFilter):
    """What Textual passes every line through on its way to the terminal."""

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:  # noqa: ARG002 - Textual's
        """The same cells, in ASCII."""
        return [Segment(plain(text), style, control) for text, style, control in segments]
