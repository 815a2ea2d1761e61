"""While nobody presses a key, the screens that were not opened yet are loaded with their styles."""

from __future__ import annotations

from pathlib import Path

from pyreq_tui.opening import Opening
from pyreq_tui.tui import screens
from pyreq_tui.tui.app import Workshop
from pyreq_tui.tui.collector import PAUSE_SECONDS
from pyreq_tui.tui.idle import Pauses
from tests.tui.fake_engine import FakeEngine

STYLES = sorted(Path(screens.__path__[0]).glob("*.tcss"))


def test_pauses_are_used_for_what_would_hold_up_a_key(tmp_path: Path) -> None:
    stylesheet = Workshop(Opening(tmp_path), FakeEngine()).stylesheet
    pauses = Pauses(stylesheet)

    def loaded() -> list[Path]:
        return [path for path in STYLES if stylesheet.has_source(str(path))]

    pauses.use(PAUSE_SECONDS / 2, is_busy=False)
    assert not loaded(), "somebody is at work"
    pauses.use(PAUSE_SECONDS, is_busy=True)
    assert not loaded(), "workers are"
    for _ in range(200):
        pauses.use(PAUSE_SECONDS, is_busy=False)
    assert loaded() == STYLES
    assert len(STYLES) > 3
