"""The map: the same rows as the tree's, each a tile whose area is its share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import on, work
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.strip import Strip

from pyreq_tui.bundle import main_kind
from pyreq_tui.tui.squarified import Tile, neighbour
from pyreq_tui.tui.text import cut, printable
from pyreq_tui.tui.widgets.row_keys import RowKeys
from pyreq_tui.tui.widgets.tile_label import tile_lines
from pyreq_tui.tui.widgets.tile_layout import HEAD as LINES
from pyreq_tui.tui.widgets.tile_layout import lay_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from textual.events import Click

    from pyreq_tui.tui.widgets.size_rows import Shipping, SizeRow
    from pyreq_tui.tui.widgets.tile_layout import Placed

HEAD = 1
"""Lines above the tiles: the way that was gone."""
BOLD = Style(bold=True)
Kind = tuple[str, float]
"""What a row is mostly made of, and that kind's share of it."""


class Treemap(RowKeys, can_focus=True):
    """Tiles to walk among with the arrows; enter goes into one, backspace out of it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "treemap--way",
        "treemap--gap",
        "treemap--cursor",
        "treemap--code",
        "treemap--so",
        "treemap--data",
        "treemap--tests",
        "treemap--frame",
        "treemap--little",
    }
    DEFAULT_CSS = """
    Treemap {
        height: 1fr;
        pointer: pointer;
        & > .treemap--way { color: $text-muted; }
        & > .treemap--gap { color: $background; }
        & > .treemap--cursor { background: $primary 45%; color: $foreground; text-style: bold; }
        &:ansi > .treemap--cursor {
            background: $block-cursor-background;
            color: $block-cursor-foreground;
            text-style: none;
        }
        & > .treemap--code { background: $primary 24%; color: $foreground; }
        & > .treemap--so { background: $secondary 30%; color: $foreground; }
        & > .treemap--data { background: $accent 26%; color: $foreground; }
        & > .treemap--tests { background: $success 26%; color: $foreground; }
        & > .treemap--frame { background: $foreground 9%; color: $foreground; }
        & > .treemap--little { background: $foreground 14%; color: $foreground; }
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("h,left", "walk(-1, 0)", "Left", show=False, id="map.left"),
        Binding("l,right", "walk(1, 0)", "Right", show=False, id="map.right"),
        Binding("k,up", "walk(0, -1)", "Up", show=False, id="map.up"),
        Binding("j,down", "walk(0, 1)", "Down", show=False, id="map.down"),
        Binding("home", "walk_to(0)", "Largest", show=False, id="map.first"),
        Binding("end", "walk_to(-1)", "Smallest", show=False, id="map.last"),
        Binding("enter,space", "go_in", "Go in", show=False, tooltip="Go into this tile", id="map.in"),
        Binding("backspace", "go_out", "Go out", show=False, tooltip="Go out again", id="map.out"),
    ]
    HELP = """
## Map

Every tile is a package, a folder or a file; its area is its share, its colour what it is mostly made of.
**enter** goes into one, **backspace** out of it; **o**, **x** and **w** do what they do in the tree.
"""

    @dataclass
    class KindsTold(Message):
        """What the tiles are made of is known."""

        shipping: Shipping
        kinds: Mapping[tuple[str, ...], Kind]

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self._shipping: Shipping | None = None
        self._way: list[SizeRow] = []
        """The rows that were gone into, from the package down."""
        self._marked: SizeRow | None = None
        self._kinds: dict[tuple[str, ...], Kind] = {}
        self.placed: tuple[Placed, ...] = ()
        """What is drawn, largest first."""

    @property
    def marked(self) -> SizeRow | None:
        """The row of the tile under the cursor."""
        return self._marked

    @property
    def is_inside(self) -> bool:
        """Whether a tile was gone into."""
        return bool(self._way)

    # What is shown.

    def show(self, shipping: Shipping) -> None:
        """Put another artifact, or another Plan of it, on show; the place and the marked tile stay."""
        self._shipping = shipping
        self._kinds = {}
        self._stand(self._way[-1].key if self._way else (), self._marked.key if self._marked else ())

    def go_to(self, key: tuple[str, ...]) -> None:
        """Mark the tile of ``key``, in the tile that holds it; or of what of it there is."""
        self._stand(key[:-1], key)

    def watch_order(self) -> None:
        """Divide by another amount."""
        self._lay_out()

    def on_resize(self) -> None:
        """Divide the new area."""
        self._lay_out()

    def _stand(self, place: tuple[str, ...], marked: tuple[str, ...]) -> None:
        if self._shipping is None:
            return
        way = self._shipping.way_to(marked or place, self.order)
        is_there = bool(marked and way and way[-1].key == marked)
        self._marked = way.pop() if is_there else None
        self._way = [row for row in way if row.can_open]
        self._lay_out()

    def _lay_out(self) -> None:
        width, height = self.size.width, self.size.height - HEAD
        if self._shipping is None or width < 1 or height < 1:
            return
        place = self._way[-1] if self._way else None
        self.placed = lay_out(self._shipping, place, self.order, width, height)
        marked = self._marked.key if self._marked else ()
        shown = [placed.row for placed in self.placed]
        self._marked = next((row for row in shown if row.key == marked), shown[0] if shown else None)
        self.refresh()
        self.post_message(self.Refilled())
        drawn = [each.row for placed in self.placed for each in placed.all]
        if untold := [row for row in drawn if row.node is not None and row.key not in self._kinds]:
            self.call_after_refresh(self.tell_kinds, self._shipping, untold)

    @work(thread=True, description="tell kinds", group="kinds", exclusive=True, exit_on_error=False)
    def tell_kinds(self, shipping: Shipping, rows: Sequence[SizeRow]) -> None:
        """Find what each tile is mostly made of: that takes a look at every path."""
        kinds = {row.key: main_kind(row.node.entries) for row in rows if row.node is not None}
        self.post_message(self.KindsTold(shipping, kinds))

    @on(KindsTold)
    def colour(self, message: KindsTold) -> None:
        """Colour the tiles."""
        message.stop()
        if message.shipping is self._shipping:
            self._kinds |= message.kinds
            self.refresh()

    # Drawing.

    def render_line(self, y: int) -> Strip:
        if y < HEAD:
            return self._head()
        whole = Tile(0, 0, self.size.width, self.size.height - HEAD)
        return Strip(self._draw_all(self.placed, y - HEAD, whole), self.size.width)

    def _head(self) -> Strip:
        shipping = self._shipping
        style = self.get_component_rich_style("treemap--way")
        names = [shipping.whole.name if shipping else "", *(row.name for row in self._way)]
        text = " / ".join(printable(name) for name in names)
        hint = "  backspace goes out" if self._way else "  enter goes in"
        return Strip([Segment(cut(text + hint, self.size.width), style)]).adjust_cell_length(
            self.size.width, style
        )

    def _draw_all(self, tiles: Iterable[Placed], y: int, within: Tile) -> Iterator[Segment]:
        crossed = [placed for placed in tiles if placed.tile.top <= y < placed.tile.bottom]
        for placed in sorted(crossed, key=lambda placed: placed.tile.left):
            yield from self._draw(placed, y, within)

    def _draw(self, placed: Placed, y: int, within: Tile) -> Iterator[Segment]:
        """One line of a tile: its text or what is in it, and the gap that parts it from its neighbours."""
        tile, fill = placed.tile, self._fill_style(placed)
        gap = fill + self._gap
        is_parted = tile.right < within.right and tile.width > 1
        width = tile.width - is_parted
        inside = [each for each in placed.inside if each.tile.top <= y < each.tile.bottom]
        if y == tile.bottom - 1 and tile.height > 1 and tile.bottom < within.bottom:
            yield Segment("▁" * width, gap)
        elif inside:
            area = Tile(
                tile.left + 1, tile.top, max(each.tile.right for each in placed.inside), tile.bottom - 1
            )
            yield Segment(" ", fill)
            yield from self._draw_all(inside, y, area)
            yield Segment(" " * (width - 1 - (area.right - area.left)), fill)
        else:
            lines = self._lines(placed, width)
            text = lines[y - tile.top] if y - tile.top < len(lines) else ""
            yield Segment(
                text.ljust(width - cell_len(text) + len(text)), fill + BOLD if y == tile.top else fill
            )
        if is_parted:
            yield Segment("▕", gap)

    @property
    def _gap(self) -> Style:
        return Style.from_color(self.get_component_rich_style("treemap--gap").color)

    def _lines(self, placed: Placed, width: int) -> Sequence[str]:
        row, height = placed.row, placed.tile.height
        if self._shipping is None:
            return ()
        return tile_lines(
            row,
            self.order,
            self._shipping.share(row, self.order),
            self._kinds.get(row.key),
            width=width,
            height=LINES if placed.inside else height - (height > 1),
            is_marked=row is self._marked,
        )

    def _fill_style(self, placed: Placed) -> Style:
        row = placed.row
        if row is self._marked and self.has_focus:
            return self.get_component_rich_style("treemap--cursor")
        if placed.inside:
            return self.get_component_rich_style("treemap--frame")
        kind = self._kinds.get(row.key, ("", 0.0))[0].lstrip(".")
        known = f"treemap--{kind}"
        return self.get_component_rich_style(known if known in self.COMPONENT_CLASSES else "treemap--little")

    # What the keys and the mouse do.

    def _mark(self, row: SizeRow) -> None:
        self._marked = row
        self.refresh()
        self.post_message(self.Marked())

    def action_walk(self, columns: int, lines: int) -> None:
        """Mark the next tile in a direction."""
        rows = {placed.tile: placed.row for placed in self.placed}
        here = next((tile for tile, row in rows.items() if row is self._marked), None)
        there = neighbour(here, list(rows), columns, lines) if here else None
        if there is not None:
            self._mark(rows[there])

    def action_walk_to(self, index: int) -> None:
        """Mark the largest tile, or the smallest."""
        if self.placed:
            self._mark(self.placed[index].row)

    def action_go_in(self) -> None:
        """Show what is in the marked tile."""
        if self._marked is not None and self._marked.can_open:
            self._way.append(self._marked)
            self._marked = None
            self._lay_out()

    def action_go_out(self) -> None:
        """Show what the tiles lie in."""
        if self._way:
            self._marked = self._way.pop()
            self._lay_out()

    def on_click(self, event: Click) -> None:
        """Mark a tile, go into the one that is marked; a click on the way goes out."""
        if event.y < HEAD:
            self.action_go_out()
            return
        for placed in self.placed:
            if placed.tile.holds(event.x, event.y - HEAD):
                if placed.row is self._marked:
                    self.action_go_in()
                else:
                    self._mark(placed.row)
