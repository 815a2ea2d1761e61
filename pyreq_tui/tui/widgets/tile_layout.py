"""Where the tiles of the map lie: the rows of a place, and in the large ones a glimpse of theirs. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyreq_tui.tui.squarified import Tile, tiles

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyreq_tui.tui.widgets.size_rows import Order, Shipping, SizeRow

SMALLEST = 8
"""Cells: what would get fewer shares one tile with the others that small."""
SMALLEST_INSIDE = 10
HEAD = 2
"""Lines of a tile that are its own where it shows what is in it."""
ROOM_WIDTH, ROOM_HEIGHT = 16, 6
"""A tile this large shows what is in it."""
NEARLY_ALL = 0.7


@dataclass(frozen=True)
class Placed:
    """A row and where it is drawn."""

    row: SizeRow
    tile: Tile
    inside: tuple[Placed, ...] = ()

    @property
    def all(self) -> Iterator[Placed]:
        """It and what is drawn in it."""
        yield self
        yield from self.inside


def lay_out(
    shipping: Shipping, place: SizeRow | None, order: Order, width: int, height: int
) -> tuple[Placed, ...]:
    """The rows in ``place`` (the packages, where it is ``None``) on an area of cells, largest first."""
    area = Tile(0, 0, width, height)
    rows = shipping.biggest_inside(place, order, SMALLEST / (width * height))
    return tuple(
        Placed(row, tile, _inside(shipping, row, order, tile))
        for row, tile in _divide(rows, order, area, SMALLEST)
    )


def _inside(shipping: Shipping, row: SizeRow, order: Order, tile: Tile) -> tuple[Placed, ...]:
    """What is in a tile, where it has the room and there are several.

    Of a folder that is nearly all of it, what is in that stands in its place: every package has such a one.
    """
    if not row.can_open or tile.width < ROOM_WIDTH or tile.height < ROOM_HEIGHT:
        return ()
    area = Tile(tile.left + 1, tile.top + HEAD, tile.right - 2, tile.bottom - 1)
    share = SMALLEST_INSIDE / (area.width * area.height)
    rows = shipping.biggest_inside(row, order, share)
    total = order.amount(row)
    while rows and rows[0].can_open and order.amount(rows[0]) > NEARLY_ALL * total:
        rows = [*shipping.biggest_inside(rows[0], order, share), *rows[1:]]
    laid = _divide(rows, order, area, SMALLEST_INSIDE)
    return tuple(Placed(*each) for each in laid) if len(laid) > 1 else ()


def _divide(rows: Sequence[SizeRow], order: Order, area: Tile, smallest: int) -> list[tuple[SizeRow, Tile]]:
    weighed = [(order.amount(row), row) for row in rows]
    least = sum(amount for amount, _ in weighed) * smallest // (area.width * area.height)
    # What stands for several is drawn large enough to be gone into.
    ranked = [(max(amount, least) if row.is_rest else amount, row) for amount, row in weighed]
    ranked.sort(key=lambda pair: -pair[0])
    laid = tiles([weight for weight, _ in ranked], area.width, area.height)
    return [
        (row, tile.moved(area.left, area.top))
        for (_, row), tile in zip(ranked, laid, strict=True)
        if tile.width and tile.height
    ]
