"""One line of what a program prints, made fit to show."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyreq_tui.redact import redact

if TYPE_CHECKING:
    from collections.abc import Collection

_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    r"|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c|$)"  # OSC: titles, links
    r"|\x1b[PX^_][^\x1b]*(?:\x1b\\|$)"  # DCS, SOS, PM, APC
    r"|\x1b[ -/]*[0-~]?"
)
# C0 and C1 controls but the tab, and what reorders or breaks a line in Unicode.
_CONTROLS = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]")


def clean_line(text: str, secrets: Collection[str] = ()) -> str:
    """One line of a program's output, fit to show and to keep: no terminal escapes, no controls, no secrets.

    Of a line that overwrites itself with carriage returns the last state is kept.
    """
    text = text.rstrip("\r\n").rsplit("\r", 1)[-1]
    text = _CONTROLS.sub("", _ESCAPES.sub("", text))
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "***")
    return redact(text)
