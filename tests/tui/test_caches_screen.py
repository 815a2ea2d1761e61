"""The caches on screen: seen, pruned and verified with consent, stopped, failing."""

from __future__ import annotations

import threading
from typing import get_args

import pytest
from textual.widgets import DataTable, Input

from pyreq_tui.build import CacheKind, CacheListing
from pyreq_tui.errors import BuildError
from pyreq_tui.tui.screens.caches import MEANINGS, CachesScreen
from pyreq_tui.tui.screens.confirm import ConfirmScreen
from pyreq_tui.tui.screens.failure import FailureScreen
from tests.tui.driving import SMALL, bench, opened, press, shown_text
from tests.tui.fake_engine import FakeEngine, fitting_engine


async def test_caches_are_seen_and_pruned_once_agreed_to() -> None:
    engine = fitting_engine()
    async with opened(engine, SMALL) as pilot:
        await press(pilot, "C")
        screen = pilot.app.screen
        assert isinstance(screen, CachesScreen)
        assert "1.9 GB in /srv/shop-service/cache" in shown_text(screen.query_one("#caches-place"))
        rows = [line.split() for line in shown_text(screen.query_one(DataTable)).splitlines()]
        assert [row[0] for row in rows[1:] if row] == ["uv", "wheels", "contents", "stripped"]
        assert rows[2][:4] == ["wheels", "214", "640.0", "MB"]
        assert "made anew on 2025-11-22: slim changed" in shown_text(screen.query_one("#caches-build"))
        await press(pilot, "p")
        assert isinstance(pilot.app.screen, ConfirmScreen)
        await press(pilot, "escape")
        assert engine.pruned_days == []
        await press(pilot, "p")
        pilot.app.screen.query_one(Input).value = "7"
        await press(pilot, "enter")
        assert engine.pruned_days == [7]
        assert [note.message for note in pilot.app._notifications][-1] == "Removed 3 files, 40.0 MB."
        engine.listings = (CacheListing("wheels", 0, 0, None),)
        await press(pilot, "r", "p")
        assert "Nothing is kept yet" in shown_text(screen.query_one("#caches-empty"))
        assert pilot.app.screen is screen, "there is nothing to prune"
        await press(pilot, "escape")
        assert pilot.app.screen is bench(pilot)


@pytest.mark.slow
async def test_verifying_can_be_stopped_and_a_failure_is_explained() -> None:
    engine = FakeEngine(gate=threading.Event())
    async with opened(engine, SMALL) as pilot:
        await press(pilot, "C", "v")
        await pilot.press("enter")
        screen = pilot.app.screen
        assert isinstance(screen, CachesScreen)
        while not engine.running.is_set():
            await pilot.pause()
        await pilot.press("escape")
        while screen.doing:
            await pilot.pause()
        assert [note.message for note in pilot.app._notifications][-1] == "Stopped. What is whole stays."
        engine.gate = None
        await press(pilot, "v", "enter")
        assert [note.message for note in pilot.app._notifications][-1] == "Everything kept is whole."
        engine.verify_failure = BuildError("/srv/cache could not be read.", hint="Check its permissions.")
        await press(pilot, "v", "enter")
        assert isinstance(pilot.app.screen, FailureScreen)


def test_every_kind_that_is_kept_is_explained() -> None:
    assert set(get_args(CacheKind)) <= set(MEANINGS)
