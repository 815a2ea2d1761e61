"""Text that fits, is safe, and is aligned."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.content import Content

from pyreq_tui.tui.text import bar, cut, cut_middle, listed, percent, printable, seconds, spread


@given(st.text())
def test_printable_text_can_not_steer_a_terminal(text: str) -> None:
    steering = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert not steering & {unicodedata.category(character) for character in printable(text)}


@given(st.text(), st.integers(1, 60))
def test_cut_text_fits(text: str, width: int) -> None:
    shown = printable(text)
    assert cell_len(cut(shown, width)) <= width
    assert cell_len(cut_middle(shown, width)) <= width


@given(st.text(max_size=30), st.text(max_size=30), st.integers(1, 80))
def test_a_spread_line_never_overflows(left: str, right: str, width: int) -> None:
    line = spread(width, Content(printable(left)), Content(printable(right)))
    assert line.cell_length <= width


@given(st.floats(0, 1), st.integers(1, 40))
def test_a_bar_stays_in_its_cells(fraction: float, width: int) -> None:
    assert abs(len(bar(fraction, width)) - fraction * width) < 1.1
    assert len(bar(fraction, width)) <= width


@pytest.mark.parametrize(("fraction", "shown"), [(0, "0 %"), (0.004, "<1 %"), (0.42, "42 %"), (1, "100 %")])
def test_percent(fraction: float, shown: str) -> None:
    assert percent(fraction) == shown


@pytest.mark.parametrize(("duration", "shown"), [(0.04, "0.0 s"), (59.9, "59.9 s"), (125, "2 min 05 s")])
def test_seconds(duration: float, shown: str) -> None:
    assert seconds(duration) == shown


def test_long_lists_of_names_end_in_a_number() -> None:
    assert listed(["a", "b\x1b"], 2) == "a, b�"
    assert listed(["a", "b", "c"], 1) == "a and 2 more"
