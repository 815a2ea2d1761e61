"""The screens' signs on a terminal that lacks them: each by one of ASCII as wide, so that columns stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

_SIGNS = {
    "✓": "+", "✗": "x", "⚠": "!", "·": ".", "•": "*", "…": "~", "–": "-", "—": "-", "−": "-",
    "●": "*", "○": "o", "☑": "x", "☐": "_", "▸": ">", "▾": "v", "▴": "^", "▼": "v", "▲": "^", "▶": ">",
    "→": ">", "←": "<", "↑": "^", "↓": "v", "≈": "~", "±": "~", "≤": "<", "≥": ">", "°": "o",
    "▔": "-", "▁": "_", "▂": "_", "▃": "_", "▄": "=", "▅": "=", "▆": "#", "▇": "#", "█": "#", "▀": "=",
    "▉": "#", "▊": "#", "▋": "#", "▌": "#", "▍": "|", "▎": "|", "▏": "|", "▕": "|", "▐": "#",
    "░": ".", "▒": ":", "▓": "%", "╸": "-", "╺": "-", "━": "=", "─": "-", "═": "=", "│": "|", "┃": "|",
}  # fmt: skip
_FRAMES = range(0x2500, 0x2580)
"""Box drawing: what is neither a line across nor down is a corner or a crossing."""


def shows_unicode(environment: Mapping[str, str]) -> bool:
    """Whether the terminal is taken to show more than ASCII: it is, unless something says otherwise.

    Another character set in the first of the locale's variables that is set (POSIX, "Internationalization
    Variables") says so, and ``LC_ALL=C``; ``LANG=C`` is what is there where nobody chose (PEP 538). Linux's
    own console has few of the signs.
    """
    if environment.get("TERM", "") in {"linux", "vt100", "vt220"}:
        return False
    names = (environment.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    locale = next((name for name in names if name), "").partition("@")[0]
    charset = locale.partition(".")[2].lower().replace("-", "")
    return environment.get("LC_ALL") not in {"C", "POSIX"} and charset in {"", "utf8"}


def plain(text: str) -> str:
    """``text`` in ASCII; what has no likeness there is ``?``, twice where it is two cells wide."""
    return text if text.isascii() else "".join(map(_plain, text))


def _plain(sign: str) -> str:
    if sign.isascii() or sign in _SIGNS:
        return _SIGNS.get(sign, sign)
    if ord(sign) in _FRAMES:
        return "+"
    from rich.cells import cell_len  # not for the curtain, which has none of these

    return "?" * cell_len(sign)
