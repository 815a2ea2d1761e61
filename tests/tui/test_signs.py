"""Terminals without our signs: everything is drawn in ASCII, in the same cells."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from pyreq_tui.opening import Opening
from pyreq_tui.tui.app import Workshop
from pyreq_tui.tui.signs import plain, shows_unicode
from tests.tui.driving import SMALL, press, settle
from tests.tui.fake_engine import ROOT, FakeEngine

if TYPE_CHECKING:
    from pathlib import Path


@given(st.text())
def test_every_text_keeps_its_cells(text: str) -> None:
    shown = plain(text)
    assert shown.isascii()
    assert cell_len(shown) == cell_len(text)


def test_signs_have_a_likeness() -> None:
    assert plain("✗ report  ▏██▌ ▕ 43 %") == "x report  |### | 43 %"
    assert plain("╭─ Größe ─╮") == "+- Gr??e -+"
    assert plain("日本") == "????"


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, True),
        ({"LANG": "en_US.UTF-8"}, True),
        ({"LANG": "C.utf8", "TERM": "xterm"}, True),
        ({"LANG": "C"}, True),
        ({"LANG": "de_DE"}, True),
        ({"LANG": "de_DE.ISO-8859-15@euro"}, False),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "C"}, False),
        ({"LANG": "ja_JP.eucJP", "LC_CTYPE": "ja_JP.UTF-8"}, True),
        ({"LANG": "en_US.UTF-8", "TERM": "linux"}, False),
    ],
)
def test_the_terminal_says_what_it_has(environment: dict[str, str], *, expected: bool) -> None:
    assert shows_unicode(environment) is expected


async def test_the_screens_are_drawn_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.ISO-8859-1")
    app = Workshop(Opening(ROOT), FakeEngine())
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert foreign(app) == ""
        assert "x 3.3 MB over" in drawn(app)
        await press(pilot, "f")
        assert foreign(app) == ""


async def test_a_user_may_want_it_so(tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    app = Workshop(Opening(ROOT), FakeEngine(), settings_at=settings)
    async with app.run_test(size=SMALL) as pilot:
        await settle(pilot)
        assert "▸" in foreign(app)
        await press(pilot, "P", *["down"] * 6, "space", "escape")
        assert foreign(app) == ""
    assert settings.read_text() == "ascii = true\n"


def drawn(app: Workshop) -> str:
    """What stands on the screen."""
    texts = re.findall(r"<text[^>]*>(.*?)</text>", app.export_screenshot(title=""), re.DOTALL)
    return unescape("\n".join(texts)).replace("\xa0", " ")


def foreign(app: Workshop) -> str:
    """The signs on the screen that are not ASCII."""
    return "".join(sorted({sign for sign in drawn(app) if not sign.isascii()}))
