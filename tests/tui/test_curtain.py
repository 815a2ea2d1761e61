"""Before anything heavy is loaded the terminal shows what is being opened; a failure leaves it as it was."""

from __future__ import annotations

import os
import pty
import sys

import pytest

from pyreq_tui.tui.curtain import drawn

OPENING = """
import sys
from pyreq_tui.tui.curtain import curtain
with curtain("shop-service"):
    print("heavy", [name for name in ("textual", "rich", "yaml", "pyreq_tui.build") if name in sys.modules])
    {then}
"""


def on_a_terminal(program: str) -> str:
    """What a program writes to a terminal."""
    child, terminal = pty.fork()
    if child == 0:
        os.execv(sys.executable, [sys.executable, "-c", program])
    written = b""
    try:
        while more := os.read(terminal, 4096):
            written += more
    except OSError:  # Linux's way to say that the other end is closed
        pass
    os.waitpid(child, 0)
    os.close(terminal)
    return written.decode()


def test_the_curtain_is_there_before_anything_heavy() -> None:
    written = on_a_terminal(OPENING.format(then="pass"))
    assert written.index("\x1b[?1049h") < written.index("shop-service") < written.index("heavy []")
    assert "\x1b[?1049l" not in written, "the screens take over from here"


def test_a_failure_is_read_on_the_terminal_as_it_was() -> None:
    written = on_a_terminal(OPENING.format(then="raise SystemExit('it failed')"))
    assert written.index("\x1b[?1049l") < written.index("it failed")


@pytest.mark.parametrize("width", [20, 80, 200])
def test_no_line_is_longer_than_the_terminal_and_no_name_steers_it(width: int) -> None:
    frame = drawn("shop" * 30, width).replace("\x1b[1m", "").replace("\x1b[0m", "")
    assert all(len(line) <= max(width, 28) for line in frame.split("\r\n"))
    assert "\x1b[31m" not in drawn("evil\x1b[31m", width)
