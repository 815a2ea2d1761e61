"""What stands in a tile of the map: name, size and share, what it is made of, as far as there is room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len

from pyreq_tui.sizes import format_size
from pyreq_tui.tui.text import count, cut, cut_middle, percent, printable

if TYPE_CHECKING:
    from pyreq_tui.tui.widgets.size_rows import Order, SizeRow

NARROWEST = 3
"""Cells: below this a tile has no text."""
ALL_OF_IT = 0.9
"""From this share on a tile is said to be of a kind, not mostly."""
KIND_WORDS = {".so": "libraries", "stubs": "type stubs", "dist-info": "metadata"}
"""Where the word that finds a kind is not the one to read."""


def tile_lines(
    row: SizeRow,
    order: Order,
    share: float,
    kind: tuple[str, float] | None,
    *,
    width: int,
    height: int,
    is_marked: bool,
) -> list[str]:
    """The lines of a tile of ``width`` by ``height`` cells; in one line the size stands beside the name."""
    room = width - 1
    if room < NARROWEST or height < 1:
        return ["▸" if is_marked and width and height else ""]
    lead = "▸" if is_marked else " "
    name = printable(row.name)
    figure = count(row.files, "file") if order.key == "files" else format_size(order.amount(row))
    title = (cut if len(row.key) == 1 else cut_middle)(name, room)
    if row.is_rest and title != name:
        title = cut(f"+{len(row.rest)}", room)
    if height == 1:
        beside = f" {figure}"
        return [lead + (title + beside if cell_len(title + beside) <= room else title)]
    version = f" {printable(row.version)}" if row.version else ""
    if cell_len(name + version) <= room:
        title = name + version
    with_share = f"{figure} · {percent(share)}"
    second = with_share if len(with_share) <= room else figure if len(figure) <= room else percent(share)
    lines = [lead + title, " " + second if len(second) <= room else ""]
    if kind is not None:
        word = KIND_WORDS.get(kind[0], kind[0])
        told = word if kind[1] >= ALL_OF_IT else f"mostly {word}"
        lines.append(" " + told if len(told) <= room else " " + word if len(word) <= room else "")
    return lines[:height]
