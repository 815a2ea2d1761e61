"""What the terminal around the screens is and can show: its background, progress in its tab, a bell."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LONG_SECONDS = 10.0
"""Who builds for longer looks elsewhere meanwhile: the bell rings at the end."""
_VTE_WITH_PROGRESS = 7900
"""GNOME's terminals show it from VTE 0.79 on."""


def shows_progress(environment: Mapping[str, str]) -> bool:
    """Whether the terminal takes OSC 9;4 as progress.

    Others take OSC 9 as a notification and would pop up its text, so only those known to show it count:
    https://learn.microsoft.com/windows/terminal/tutorials/progress-bar-sequences
    """
    if "TMUX" in environment or environment.get("TERM", "").startswith("screen"):
        return False
    vte = environment.get("VTE_VERSION", "")
    return (
        "WT_SESSION" in environment
        or environment.get("ConEmuANSI") == "ON"
        or environment.get("TERM_PROGRAM") in {"ghostty", "WezTerm"}
        or (vte.isdecimal() and int(vte) >= _VTE_WITH_PROGRESS)
    )


def is_light(environment: Mapping[str, str]) -> bool:
    """Whether the terminal says that its background is light: the last colour of COLORFGBG."""
    return environment.get("COLORFGBG", "").rpartition(";")[2] in {"7", "15"}


def progress_sequence(percent: int | None) -> str:
    """The sequence that shows how far something is; ``None`` takes the progress away."""
    return "\x1b]9;4;0;\x07" if percent is None else f"\x1b]9;4;1;{percent}\x07"
