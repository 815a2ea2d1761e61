"""What every test of the screens runs under."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def short_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the app for idle after 5 ms in which it did nothing: Pilot waits for 20, twice for every key."""
    monkeypatch.setattr("textual._wait.SLEEP_GRANULARITY", 1 / 200)
    monkeypatch.setattr("textual._wait.SLEEP_IDLE", 1 / 200 / 20)


@pytest.fixture(autouse=True)
def nothing_set_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let closed apps be collected: what each sets aside for good would slow down all tests after it."""
    monkeypatch.setattr("gc.freeze", lambda: None)


@pytest.fixture(autouse=True)
def terminal_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Show what a modern terminal shows, wherever the tests run."""
    for name in ("LC_ALL", "LC_CTYPE", "COLORFGBG", "NO_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("TERM", "xterm-256color")
