"""The rows of what ships: what each stands for, how they are sorted. Tree and map show the same."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field, replace
from operator import attrgetter
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pyreq_tui.bundle import SizeNode

SortKey = Literal["unzipped", "zipped", "files", "name"]
SORT_KEYS: tuple[SortKey, ...] = ("unzipped", "zipped", "files", "name")
SMALL_SHARE = 0.01
"""Packages below this share fold into one row, where there are several."""
ALIKE = 99
"""Packages below that share which stand by themselves all the same, where no package is above it."""
LEFT_OUT = "left out"
"""The last row of all: what does not ship."""
UNREAD = ("package.patterns", "always")
"""How the names of such parts of it begin."""
PAGE = 200
"""Rows shown at once of a wide folder; the rest waits behind a row that says how many there are."""

AMOUNTS: Mapping[SortKey, Callable[[SizeNode | SizeRow], int]] = {
    "unzipped": attrgetter("unzipped_bytes"),
    "zipped": attrgetter("zipped_bytes"),
    "files": attrgetter("files"),
    "name": attrgetter("unzipped_bytes"),
}
"""What rows are compared by; those sorted by name still have shares."""


@dataclass(frozen=True)
class SizeRow:
    """What a row stands for: a package, folder or file, or the rest of a long list."""

    key: tuple[str, ...]
    """The names from the package down; the same after a new Plan, so that the cursor stays."""
    name: str
    unzipped_bytes: int
    zipped_bytes: int
    files: int
    node: SizeNode | None
    rest: tuple[SizeNode, ...] = ()
    """For a row that stands for several: what they are, in order."""
    version: str = ""

    @property
    def is_rest(self) -> bool:
        """Whether it stands for the rest of a list."""
        return self.node is None

    def stands_for(self, name: str) -> bool:
        """Whether it stands for several, one of them called ``name``."""
        return any(node.name == name for node in self.rest)

    @property
    def can_open(self) -> bool:
        """Whether there is something in it."""
        return self.node is None or not self.node.is_file

    @property
    def children(self) -> Sequence[SizeNode]:
        """What opening it shows."""
        return self.rest if self.node is None else self.node.children

    @property
    def is_left_out(self) -> bool:
        """Whether it does not ship."""
        return self.key[0] == LEFT_OUT

    @property
    def is_read(self) -> bool:
        """Whether its zipped size is known: the user's files that don't ship are never deflated."""
        return not (self.is_left_out and self.key[-1:] != (LEFT_OUT,) and self.key[1].startswith(UNREAD))

    @property
    def package(self) -> str:
        """The package it belongs to; empty for a row that stands for several, or for what does not ship."""
        return "" if (self.is_rest and len(self.key) == 1) or self.is_left_out else self.key[0]

    @property
    def is_package(self) -> bool:
        """Whether it stands for a whole package."""
        return len(self.key) == 1 and not self.is_rest and not self.is_left_out


@dataclass(frozen=True)
class Order:
    """How siblings are sorted."""

    key: SortKey = "unzipped"
    is_reversed: bool = False

    def pressed(self, key: SortKey) -> Order:
        """After its column was pressed: another column, or the same one flipped."""
        return self.flipped if key == self.key else Order(key)

    @property
    def flipped(self) -> Order:
        """The other way round."""
        return replace(self, is_reversed=not self.is_reversed)

    @property
    def next(self) -> Order:
        """By the next column."""
        return Order(SORT_KEYS[(SORT_KEYS.index(self.key) + 1) % len(SORT_KEYS)])

    @property
    def amount(self) -> Callable[[SizeNode | SizeRow], int]:
        """What is compared, and drawn as a share: bytes, or files."""
        return AMOUNTS[self.key]

    def sort(self, nodes: Iterable[SizeNode]) -> list[SizeNode]:
        """Largest first, or A to Z; flipped when asked. Equals stay in the order they come in."""
        if self.key == "name":
            return sorted(nodes, key=lambda node: node.name.lower(), reverse=self.is_reversed)
        return sorted(nodes, key=self.amount, reverse=not self.is_reversed)


@dataclass(frozen=True, eq=False)
class Shipping:
    """What is on show: an artifact's packages, or what a filter left of them."""

    root: SizeNode
    whole: SizeNode
    """What shares are of; the same as ``root`` where nothing is filtered."""
    versions: Mapping[str, str] = field(default_factory=dict)
    """By package."""
    is_over_limit: bool = False
    left_out: SizeNode | None = None
    """What does not ship, by option; ``None`` where it is not known yet, or nothing."""

    @property
    def is_filtered(self) -> bool:
        """Whether some files are hidden."""
        return self.root is not self.whole

    def share(self, part: SizeNode | SizeRow, order: Order) -> float:
        """Its share of the whole artifact, in what is sorted by."""
        return order.amount(part) / max(1, order.amount(self.whole))

    def all(self, order: Order, room: int = 0) -> list[SizeRow]:
        """The packages, and last what does not ship; a filter looks for what ships."""
        rows = self.packages(order, room)
        if self.left_out is None or self.is_filtered:
            return rows
        return [*rows, *self._rows((), [self.left_out])]

    def packages(self, order: Order, room: int = 0) -> list[SizeRow]:
        """The topmost rows: the packages, those of less than a hundredth in one row at the end.

        Where there are no more than ``room`` of them, each has its own.
        """
        shown = order.sort(self.root.children)
        if order.key == "name" or self.is_filtered or len(shown) <= room:
            return list(self._rows((), shown))
        least = SMALL_SHARE * order.amount(self.whole)
        large: list[SizeNode] = []
        small: list[SizeNode] = []
        for node in shown:
            is_small = order.amount(node) < least and not node.name.startswith("(")
            (small if is_small else large).append(node)
        if not large:
            large, small = small[:ALIKE], small[ALIKE:]
        if len(small) < 2:
            return list(self._rows((), shown))
        return [*self._rows((), large), _rest((), small, "under 1 %")]

    def biggest_inside(self, row: SizeRow | None, order: Order, least_share: float) -> list[SizeRow]:
        """The rows in ``row``, or the topmost; those below a share of it are one row at the end.

        Of ten thousands of files those that are shown are looked at, and no other.
        """
        if row is None and not self.is_filtered:
            return self.packages(replace(order, key="unzipped") if order.key == "name" else order)
        path = () if row is None else row.key[:-1] if row.is_rest else row.key
        within = row or self.root
        shown = within.children
        if order.amount is not AMOUNTS["unzipped"] or (within is row and row.is_rest):
            shown = sorted(shown, key=order.amount, reverse=True)
        least = least_share * order.amount(within)
        shown_files = bisect_right(shown, -least, key=lambda node: -order.amount(node))
        if not shown_files:  # all alike: as many as there is room for stand by themselves
            shown_files = max(1, int(1 / least_share) - 1)
        if len(shown) - shown_files < 2:
            return list(self._rows(path, shown))
        large, small = shown[:shown_files], shown[shown_files:]
        return [*self._rows(path, large), _rest(path, small, "smaller", (row, large) if row else None)]

    def inside(self, row: SizeRow, order: Order) -> list[SizeRow]:
        """The rows in a row: what it holds, a page of it at once."""
        path = row.key[:-1] if row.is_rest else row.key
        children = row.children if row.is_rest else order.sort(row.children)
        rows = list(self._rows(path, children[:PAGE]))
        rest = children[PAGE:]
        return [*rows, _rest(path, rest, "more", (row, children[:PAGE]))] if rest else rows

    def way_to(self, key: tuple[str, ...], order: Order, room: int = 0) -> list[SizeRow]:
        """The rows to open one after the other, and last the row of ``key``; or as far as there are any."""
        way: list[SizeRow] = []
        rows = self.all(order, room)
        while rows and key:
            wanted = key[: len(way[-1].key) + 1 - way[-1].is_rest] if way else key[:1]
            found = next((row for row in rows if row.key == wanted), None)
            found = found or next((row for row in rows if row.stands_for(wanted[-1])), None)
            if found is None:
                break
            way.append(found)
            if found.key == key:
                break
            rows = self.inside(found, order) if found.can_open else []
        return way

    def _rows(self, path: tuple[str, ...], children: Sequence[SizeNode]) -> Iterator[SizeRow]:
        for child in children:
            yield SizeRow(
                key=(*path, child.name),
                name=child.name,
                unzipped_bytes=child.unzipped_bytes,
                zipped_bytes=child.zipped_bytes,
                files=child.files,
                node=child,
                version="" if path else self.versions.get(child.name, ""),
            )


def _rest(
    path: tuple[str, ...],
    rest: Sequence[SizeNode],
    label: str,
    apart: tuple[SizeNode | SizeRow, Sequence[SizeNode]] | None = None,
) -> SizeRow:
    """The row of ``rest``; ``apart`` is what it is the rest of, and those that stand by themselves.

    A folder or package is the sum of what it holds; a zip has its directory's end besides.
    """
    counted = apart[1] if apart else rest
    unzipped_bytes = sum([node.unzipped_bytes for node in counted])
    zipped_bytes = sum([node.zipped_bytes for node in counted])
    files = sum([node.files for node in counted])
    if apart:
        unzipped_bytes = apart[0].unzipped_bytes - unzipped_bytes
        zipped_bytes = apart[0].zipped_bytes - zipped_bytes
        files = apart[0].files - files
    title = f"{len(rest):,} {label}"
    return SizeRow((*path, f"…{title}"), f"… {title}", unzipped_bytes, zipped_bytes, files, None, tuple(rest))
