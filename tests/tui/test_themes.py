"""Text can be read on everything it stands on, in both themes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.color import Color

from pyreq_tui.tui.text import MUTED
from pyreq_tui.tui.themes import DARK, LIGHT

if TYPE_CHECKING:
    from textual.theme import Theme

LEAST_CONTRAST = 4.5
"""For text, by WCAG 2.2, 1.4.3: https://www.w3.org/TR/WCAG22/#contrast-minimum"""


def luminance(colour: Color) -> float:
    """The relative luminance of WCAG."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in colour.normalized
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Color, other: Color) -> float:
    """The contrast ratio of WCAG: 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=lambda theme: theme.name)
@pytest.mark.parametrize("ground", ["background", "surface", "panel", "cursor", "blurred cursor"])
def test_text_stands_out(theme: Theme, ground: str) -> None:
    grounds = {
        "background": theme.background,
        "surface": theme.surface,
        "panel": theme.panel,
        "cursor": theme.variables["block-cursor-background"],
        "blurred cursor": theme.variables["block-cursor-blurred-background"],
    }
    below = Color.parse(grounds[ground] or "")
    text = Color.parse(theme.foreground or "")
    muted = text.with_alpha(float(MUTED.removeprefix("$foreground ").removesuffix("%")) / 100)
    texts = {"text": text, "muted": below + muted}
    for role in ("primary", "success", "warning", "error"):
        texts[role] = Color.parse(getattr(theme, role))
    faint = {role: round(contrast(colour, below), 1) for role, colour in texts.items()}
    assert {role: ratio for role, ratio in faint.items() if ratio < LEAST_CONTRAST} == {}
