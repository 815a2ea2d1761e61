"""Divides a rectangle among weights, each part as near to a square as may be. Pure.

The squarified layout of Bruls, Huizing and van Wijk ("Squarified Treemaps", 2000).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

CELL_HEIGHT = 2.0
"""A terminal's cell is about twice as high as it is wide: a square is twice as many columns as rows."""


class Box(NamedTuple):
    """A rectangle by its edges; right and bottom are the first that are not in it."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def area(self) -> float:
        return self.width * self.height


class Tile(NamedTuple):
    """A rectangle of whole cells by its edges; right and bottom are the first that are not in it."""

    left: int
    top: int
    right: int
    bottom: int

    @property
    def width(self) -> int:
        return self.right - self.left

    @property
    def height(self) -> int:
        return self.bottom - self.top

    def moved(self, columns: int, lines: int) -> Tile:
        """The same, further right and down."""
        return Tile(self.left + columns, self.top + lines, self.right + columns, self.bottom + lines)

    def holds(self, x: int, y: int) -> bool:
        """Whether a cell is in it."""
        return self.left <= x < self.right and self.top <= y < self.bottom


def tiles(weights: Sequence[int], width: int, height: int) -> list[Tile]:
    """``width`` by ``height`` cells divided in proportion to ``weights``, in their order.

    Every cell is in exactly one tile; each edge lies within half a cell of where the exact layout has it, so
    what is much smaller than a cell has none. Weights are given largest first, none below 0.
    """
    boxes = divide(weights, Box(0.0, 0.0, float(width), height * CELL_HEIGHT))
    return [
        Tile(round(box.left), round(box.top / CELL_HEIGHT), round(box.right), round(box.bottom / CELL_HEIGHT))
        for box in boxes
    ]


def divide(weights: Sequence[int], within: Box) -> list[Box]:
    """``within`` divided in proportion to ``weights``: edges that meet are the same number."""
    boxes: list[Box] = []
    left = within
    rest = sum(weights)
    start = 0
    while start < len(weights):
        if rest <= 0 or not left.area:
            nothing = Box(left.right, left.bottom, left.right, left.bottom)
            return [*boxes, *[nothing] * (len(weights) - start)]
        end = _end_of_strip(weights, start, left, rest)
        strip = weights[start:end]
        taken = sum(strip)
        is_column = left.width >= left.height
        line, left = _cut_off(left, taken / rest, is_column=is_column)
        boxes += _share_out(strip, line, is_column=is_column)
        rest -= taken
        start = end
    return boxes


def _end_of_strip(weights: Sequence[int], start: int, within: Box, rest: int) -> int:
    """How many to lay along the shorter edge: more, as long as that makes the worst of them squarer."""
    side = min(within.width, within.height)
    scale = within.area / rest
    best = float("inf")
    taken = 0.0
    for end in range(start + 1, len(weights) + 1):
        largest, smallest = weights[start] * scale, weights[end - 1] * scale
        if not smallest:
            return end - 1
        taken += smallest
        worst = max(side * side * largest / (taken * taken), taken * taken / (side * side * smallest))
        if worst > best:
            return end - 1
        best = worst
    return len(weights)


def _cut_off(within: Box, share: float, *, is_column: bool) -> tuple[Box, Box]:
    """A strip with ``share`` of the area, and what is left."""
    if is_column:
        edge = within.right if share == 1 else within.left + within.width * share
        return within._replace(right=edge), within._replace(left=edge)
    edge = within.bottom if share == 1 else within.top + within.height * share
    return within._replace(bottom=edge), within._replace(top=edge)


def _share_out(weights: Sequence[int], strip: Box, *, is_column: bool) -> list[Box]:
    """The strip divided along its length."""
    total = sum(weights)
    boxes = []
    left, done = strip, 0
    for weight in weights:
        share = weight / (total - done)
        box, left = _cut_off(left, share, is_column=not is_column)
        boxes.append(box)
        done += weight
    return boxes


def neighbour(here: Tile, others: Sequence[Tile], columns: int, lines: int) -> Tile | None:
    """The tile next to ``here`` in a direction, the one that faces most of it; ``None`` at the edge.

    Of a direction one of ``columns`` and ``lines`` is 0, the other 1 or -1.
    """
    if columns:
        beside = [
            (min(here.bottom, other.bottom) - max(here.top, other.top), other)
            for other in others
            if (other.left == here.right if columns > 0 else other.right == here.left)
        ]
    else:
        beside = [
            (min(here.right, other.right) - max(here.left, other.left), other)
            for other in others
            if (other.top == here.bottom if lines > 0 else other.bottom == here.top)
        ]
    facing = [pair for pair in beside if pair[0] > 0]
    return max(facing, key=lambda pair: (pair[0], -pair[1].top, -pair[1].left))[1] if facing else None
