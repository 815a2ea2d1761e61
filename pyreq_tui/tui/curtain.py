"""What stands on the terminal until the screens are there: loading them takes longer than a person likes.

It knows nothing but the terminal: importing Textual alone would take most of the time it is to bridge.
"""

from __future__ import annotations

import os
import shutil
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from pyreq_tui.tui.signs import plain, shows_unicode

if TYPE_CHECKING:
    from collections.abc import Iterator

_ENTER = "\x1b[?1049h\x1b[?25l\x1b[H\x1b[2J"
"""The alternate screen, no cursor, empty (xterm control sequences); Textual enters it again."""
_LEAVE = "\x1b[?25h\x1b[?1049l"
LABELS = ("unzipped", "zipped")


@contextmanager
def curtain(name: str) -> Iterator[None]:
    """Show that the service called ``name`` is being opened; taken away again where that fails."""
    terminal = sys.__stderr__  # where Textual draws too
    if terminal is None or not terminal.isatty():
        yield
        return
    frame = drawn(name, shutil.get_terminal_size().columns)
    terminal.write(_ENTER + (frame if shows_unicode(os.environ) else plain(frame)))
    terminal.flush()
    try:
        yield
    except BaseException:
        terminal.write(_LEAVE)
        terminal.flush()
        raise


def drawn(name: str, width: int) -> str:
    """The frame of the workbench, without figures: title and gauges."""
    title = name if name.isprintable() else "pyreq-tui"
    state = "reading serverless.yml…"
    room = max(0, width - len(state) - 3)
    lines = [f" \x1b[1m{title[:room]:<{room}}\x1b[0m {state} "]
    lines += [f" {label:<9}▕{'·' * max(0, width - 26)}▏" for label in LABELS]
    return "\r\n".join(line for line in lines)
