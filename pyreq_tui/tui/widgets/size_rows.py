"""The rows of the size tree: what each stands for, how they are sorted, how wide their columns are."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pyreq_tui.bundle import SizeNode

SortKey = Literal["unzipped", "zipped", "files", "name"]
SORT_KEYS: tuple[SortKey, ...] = ("unzipped", "zipped", "files", "name")
SIZE_WIDTH = 9
BAR_WIDTH = 8
PERCENT_WIDTH = 5
NARROWEST_NAME = 18


@dataclass(frozen=True)
class SizeRow:
    """What a node of the tree stands for: a package, folder or file, or the rest of a long list."""

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

    @property
    def children(self) -> Sequence[SizeNode]:
        """What opening it shows."""
        return self.rest if self.node is None else self.node.children

    @property
    def package(self) -> str:
        """The package it belongs to; empty for a row that stands for several."""
        return "" if self.is_rest and len(self.key) == 1 else self.key[0]

    @property
    def is_package(self) -> bool:
        """Whether it stands for a whole package."""
        return len(self.key) == 1 and not self.is_rest


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

    def amount(self, node: SizeNode | SizeRow) -> int:
        """What is compared, and drawn as a share: bytes, or files."""
        match self.key:
            case "zipped":
                return node.zipped_bytes
            case "files":
                return node.files
            case _:
                return node.unzipped_bytes

    def sort(self, nodes: Iterable[SizeNode]) -> list[SizeNode]:
        """Largest first, or A to Z; flipped when asked."""
        if self.key == "name":
            return sorted(nodes, key=lambda node: node.name.lower(), reverse=self.is_reversed)
        return sorted(nodes, key=lambda node: (-self.amount(node), node.name), reverse=self.is_reversed)


@dataclass(frozen=True)
class Columns:
    """The widths of the columns; the bar gives way first."""

    name: int
    bar: int

    @classmethod
    def of(cls, width: int) -> Columns:
        """Divide ``width`` cells."""
        figures = 2 * SIZE_WIDTH + PERCENT_WIDTH
        bar_width = BAR_WIDTH if width - figures - BAR_WIDTH >= NARROWEST_NAME else 0
        if width > 70:
            bar_width = BAR_WIDTH * 2
        return cls(name=max(8, width - figures - bar_width), bar=bar_width)
