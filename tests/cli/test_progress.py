"""What shows that a command is at work, on a terminal."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.build import LineLogged, StepAdvanced, StepFinished, StepStarted
from pyreq_tui.cli.progress import reporter

if TYPE_CHECKING:
    from pyreq_tui.build import Event

COLOUR = re.compile(r"\x1b\[(?:\d+;)*3\d")
WORK: tuple[Event, ...] = (
    StepStarted("fetch", 100, "bytes"),
    StepAdvanced("fetch", 40),
    LineLogged("fetch", "[red]no markup[/red]"),
    StepFinished("fetch", 1.2, "12 wheels"),
)


@pytest.mark.parametrize("color", [True, False])
def test_bars_are_coloured_unless_that_is_not_wanted(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *, color: bool
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")  # as on a terminal
    monkeypatch.setenv("TERM", "xterm-256color")
    with reporter(quiet=False, verbose=True, color=color, on_terminal=True) as report:
        for event in WORK:
            report(event)
    shown = capsys.readouterr()
    assert "fetch" in shown.err
    assert "[red]no markup[/red]" in re.sub(r"\x1b\[[\d;]*m", "", shown.err)
    assert bool(COLOUR.search(shown.err)) is color
    assert not shown.out
