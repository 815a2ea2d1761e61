"""What lies below a dialog, in fainter colours."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rich.segment import Segment
from textual.renderables.background_screen import BackgroundScreen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.style import Style
    from textual.color import Color


class Dimmed(BackgroundScreen):
    """Textual's own, but that each style is dimmed once: a screen has a thousand segments of fifty styles."""

    @classmethod
    def process_segments(cls, segments: Iterable[Segment], color: Color) -> Iterable[Segment]:
        """``segments`` tinted with ``color``."""
        for text, style, control in segments:
            yield Segment(text, style if control else _dimmed(style, color), control)


@lru_cache(maxsize=4096)
def _dimmed(style: Style | None, color: Color) -> Style | None:
    [segment] = BackgroundScreen.process_segments([Segment("", style)], color)
    return segment.style
