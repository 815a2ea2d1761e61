"""The map's layout: areas in proportion, every cell in exactly one tile, tiles near to squares."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyreq_tui.tui.squarified import CELL_HEIGHT, Box, divide, tiles

WEIGHTS = st.lists(st.integers(0, 300_000_000), min_size=1, max_size=60).map(
    lambda weights: sorted(weights, reverse=True)
)
WIDTHS, HEIGHTS = st.integers(1, 200), st.integers(1, 60)


@given(WEIGHTS, WIDTHS, HEIGHTS)
def test_areas_are_in_proportion_to_weights(weights: list[int], width: int, height: int) -> None:
    boxes = divide(weights, Box(0, 0, width, height))
    total = sum(weights)
    for weight, box in zip(weights, boxes, strict=True):
        share = weight / total if total else 0
        assert box.area == pytest.approx(share * width * height, rel=1e-6, abs=1e-6)


@given(WEIGHTS.filter(any), WIDTHS, HEIGHTS)
def test_every_cell_is_in_exactly_one_tile(weights: list[int], width: int, height: int) -> None:
    laid = tiles(weights, width, height)
    painted = [0] * (width * height)
    for tile in laid:
        for y in range(tile.top, tile.bottom):
            for x in range(tile.left, tile.right):
                painted[y * width + x] += 1
    assert painted == [1] * (width * height)


@given(WEIGHTS.filter(any), WIDTHS, HEIGHTS)
def test_edges_lie_within_half_a_cell_of_the_exact_layout(
    weights: list[int], width: int, height: int
) -> None:
    exact = divide(weights, Box(0, 0, width, height * CELL_HEIGHT))
    for box, tile in zip(exact, tiles(weights, width, height), strict=True):
        assert abs(tile.left - box.left) <= 0.5
        assert abs(tile.right - box.right) <= 0.5
        assert abs(tile.top - box.top / CELL_HEIGHT) <= 0.5
        assert abs(tile.bottom - box.bottom / CELL_HEIGHT) <= 0.5


def test_the_example_of_the_paper() -> None:
    boxes = divide([6, 6, 4, 3, 2, 2, 1], Box(0, 0, 6, 4))
    assert boxes[:2] == [Box(0, 0, 3, 2), Box(0, 2, 3, 4)]
    assert max(max(box.width / box.height, box.height / box.width) for box in boxes) < 3
    assert all(larger.area >= smaller.area - 1e-9 for larger, smaller in pairwise(boxes))


def test_nothing_at_all_has_no_tile_that_can_be_seen() -> None:
    assert [tile.width * tile.height for tile in tiles([0, 0], 10, 5)] == [0, 0]
