"""The middle pane: what ships, largest first, package → folder → file."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar, Literal

from rich.cells import cell_len
from rich.style import Style
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Tree

from pyreq_tui.sizes import format_size
from pyreq_tui.tui.text import bar, cut, cut_middle, percent, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from textual.widgets.tree import TreeNode

    from pyreq_tui.bundle import SizeNode

SortKey = Literal["unzipped", "zipped", "name"]

SMALL_SHARE = 0.01
"""Packages below this share fold into one row, where there are several."""
PAGE = 200
"""Rows added at once in a wide folder; the rest waits behind a row that says how many there are."""
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


@dataclass(frozen=True)
class Order:
    """How siblings are sorted."""

    key: SortKey = "unzipped"
    is_reversed: bool = False

    def pressed(self, key: SortKey) -> Order:
        """After its key was pressed: another column, or the same one flipped."""
        return replace(self, is_reversed=not self.is_reversed) if key == self.key else Order(key)

    def sort(self, nodes: Iterable[SizeNode]) -> list[SizeNode]:
        """Largest first, or A to Z; flipped when asked."""
        if self.key == "name":
            return sorted(nodes, key=lambda node: node.name.lower(), reverse=self.is_reversed)
        is_zipped = self.key == "zipped"
        return sorted(
            nodes,
            key=lambda node: (-(node.zipped_bytes if is_zipped else node.unzipped_bytes), node.name),
            reverse=self.is_reversed,
        )


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


class SizeTree(Tree[SizeRow]):
    """A Tree whose labels are aligned columns; children are made when a node is opened."""

    ICON_NODE = "▸ "
    ICON_NODE_EXPANDED = "▾ "

    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "size-tree--bar",
        "size-tree--culprit",
        "size-tree--muted",
    }

    DEFAULT_CSS = """
    SizeTree {
        background: transparent;
        scrollbar-gutter: stable;
        overflow-x: hidden;
        & > .size-tree--bar { color: $primary; }
        & > .size-tree--culprit { color: $error; }
        & > .size-tree--muted { color: $foreground 60%; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", "Down", show=False, id="tree.down"),
        Binding("k", "cursor_up", "Up", show=False, id="tree.up"),
        Binding("l,right", "open_row", "Open", show=False, id="tree.open"),
        Binding("h,left", "close_row", "Close", show=False, id="tree.close"),
        Binding("o", "omit", "Omit", tooltip="Leave this package out (noDeploy)", id="tree.omit"),
        Binding(
            "u",
            "sort('unzipped')",
            "Sort",
            key_display="u/z/n",
            tooltip="Sort by unzipped size, zipped size, name; again to flip",
            id="tree.sort-unzipped",
        ),
        Binding("z", "sort('zipped')", "Sort by zipped", show=False, id="tree.sort-zipped"),
        Binding("n", "sort('name')", "Sort by name", show=False, id="tree.sort-name"),
    ]

    HELP = """
## What ships

Packages, largest first. **enter** opens one; **o** leaves the package out (`noDeploy`);
**u**, **z** and **n** sort by unzipped size, zipped size and name, a second press flips.
"""

    order: reactive[Order] = reactive(Order())
    columns: reactive[Columns] = reactive(Columns(20, 0))

    class OmitAsked(Message):
        """A package is to be left out, or put back."""

        def __init__(self, package: str) -> None:
            super().__init__()
            self.package = package

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        super().__init__("", id=id)
        self.show_root = False
        self.show_guides = False
        self.guide_depth = 2
        self._packages: tuple[SizeNode, ...] = ()
        self._versions: Mapping[str, str] = {}
        self._total_bytes = 1
        self._total_zipped_bytes = 1
        self._is_over_limit = False

    def show(self, root: SizeNode, versions: Mapping[str, str], *, is_over_limit: bool) -> None:
        """Put another artifact, or another Plan of it, on show; what was open and marked stays so."""
        self._packages = root.children
        self._versions = versions
        self._total_bytes = max(1, root.unzipped_bytes)
        self._total_zipped_bytes = max(1, root.zipped_bytes)
        self._is_over_limit = is_over_limit
        self._refill()

    def watch_order(self) -> None:
        """Sort again."""
        self._refill()

    def _refill(self) -> None:
        opened = {node.data.key for node in self._walk(self.root) if node.is_expanded and node.data}
        marked = self.cursor_node.data.key if self.cursor_node and self.cursor_node.data else None
        self.clear()
        self.root.expand()
        self._fill_packages()
        found: TreeNode[SizeRow] | None = None
        for node in self._walk(self.root):
            if node.data is None:
                continue
            if node.data.key in opened and not node.is_expanded:
                self._fill(node)
                node.expand()
            if node.data.key == marked:
                found = node
        if self.last_line >= 0:  # asking counts the lines, without which no node knows where it stands
            self.move_cursor(found or self.root.children[0])
        self.refresh()

    def _walk(self, node: TreeNode[SizeRow]) -> Iterable[TreeNode[SizeRow]]:
        for child in node.children:
            yield child
            yield from self._walk(child)

    def _fill_packages(self) -> None:
        shown = self.order.sort(self._packages)
        small = [
            package
            for package in shown
            if package.unzipped_bytes < self._total_bytes * SMALL_SHARE and not package.name.startswith("(")
        ]
        if self.order.key == "name" or len(small) < 2:
            small = []
        folded = {package.name for package in small}
        self._add_rows(self.root, (), [package for package in shown if package.name not in folded])
        if small:
            self._add_rest(self.root, (), small, f"{len(small)} under 1 %")

    def _fill(self, node: TreeNode[SizeRow]) -> None:
        row = node.data
        if row is None or node.children:
            return
        path = row.key[:-1] if row.is_rest else row.key
        children = row.children if row.is_rest else self.order.sort(row.children)
        self._add_rows(node, path, children[:PAGE])
        if rest := children[PAGE:]:
            self._add_rest(node, path, rest, f"{len(rest):,} more")

    def _add_rows(
        self, parent: TreeNode[SizeRow], path: tuple[str, ...], children: Sequence[SizeNode]
    ) -> None:
        for child in children:
            row = SizeRow(
                key=(*path, child.name),
                name=child.name,
                unzipped_bytes=child.unzipped_bytes,
                zipped_bytes=child.zipped_bytes,
                node=child,
                version="" if path else self._versions.get(child.name, ""),
            )
            parent.add(Text("·"), row, allow_expand=not child.is_file)

    def _add_rest(
        self, parent: TreeNode[SizeRow], path: tuple[str, ...], rest: Sequence[SizeNode], label: str
    ) -> None:
        row = SizeRow(
            key=(*path, f"…{label}"),
            name=f"… {label}",
            unzipped_bytes=sum(child.unzipped_bytes for child in rest),
            zipped_bytes=sum(child.zipped_bytes for child in rest),
            node=None,
            rest=tuple(rest),
        )
        parent.add(Text("…"), row, allow_expand=True)

    def on_tree_node_expanded(self, event: Tree.NodeExpanded[SizeRow]) -> None:
        """Make the children of a node when it is opened for the first time."""
        self._fill(event.node)

    @property
    def marked(self) -> SizeRow | None:
        """The row under the cursor."""
        return self.cursor_node.data if self.cursor_node else None

    def action_omit(self) -> None:
        """Leave out the package under the cursor."""
        if self.marked is not None and self.marked.package:
            self.post_message(self.OmitAsked(self.marked.package))

    def action_sort(self, key: SortKey) -> None:
        """Sort by a column; the second time the other way round."""
        self.order = self.order.pressed(key)

    def action_open_row(self) -> None:
        """Open the row, or go down into it."""
        node = self.cursor_node
        if node is None:
            return
        if node.allow_expand and not node.is_expanded:
            node.expand()
        elif node.children:
            self.action_cursor_down()

    def action_close_row(self) -> None:
        """Close the row, or go up to the one that holds it."""
        node = self.cursor_node
        if node is None:
            return
        if node.is_expanded:
            node.collapse()
        elif node.parent is not None and node.parent is not self.root:
            self.move_cursor(node.parent)

    def on_resize(self) -> None:
        """Divide the new width."""
        self.columns = Columns.of(self.scrollable_content_region.width)

    def get_label_width(self, node: TreeNode[SizeRow]) -> int:
        """All labels end at the pane's edge, so there is nothing to measure."""
        return max(1, self.scrollable_content_region.width - self._indent(node))

    def _indent(self, node: TreeNode[SizeRow]) -> int:
        depth = len(node.data.key) - 1 if node.data else 0
        return depth * self.guide_depth

    def render_label(self, node: TreeNode[SizeRow], base_style: Style, style: Style) -> Text:
        row = node.data
        if row is None:
            return Text("")
        columns = self.columns
        is_marked = (
            node is self.cursor_node
        )  # its colours are the cursor's, or a theme may hide the text in it
        muted = Style() if is_marked else self.get_component_rich_style("size-tree--muted", partial=True)
        is_top = node.parent is self.root
        is_culprit = is_top and self._is_over_limit and node is self.root.children[0]
        emphasis = self.get_component_rich_style(
            "size-tree--culprit" if is_culprit else "size-tree--bar", partial=True
        )
        icon = (
            (self.ICON_NODE_EXPANDED if node.is_expanded else self.ICON_NODE) if node.allow_expand else "  "
        )
        room = columns.name - self._indent(node) - len(icon)
        name = (cut if is_top else cut_middle)(printable(row.name), room)
        share = row.unzipped_bytes / self._total_bytes
        if self.order.key == "zipped":
            share = row.zipped_bytes / self._total_zipped_bytes
        largest = max((self._share(package) for package in self._packages), default=1.0) or 1.0
        label = Text(no_wrap=True, end="")
        label.append(icon, base_style + muted + Style(meta={"toggle": True}))
        label.append(name, style + muted if row.is_rest else style + Style(bold=is_top and share >= 0.1))
        version = cut(printable(row.version), room - cell_len(name) - 1) if row.version else ""
        label.append(f" {version}" if version else "", style + muted)
        label.append(" " * max(0, room - cell_len(name) - (len(version) + 1 if version else 0)), style)
        label.append(format_size(row.unzipped_bytes).rjust(SIZE_WIDTH), style)
        label.append(format_size(row.zipped_bytes).rjust(SIZE_WIDTH), style + muted)
        if columns.bar:
            drawn = bar(share / largest, columns.bar - 2)
            label.append(" ", style)
            label.append(drawn.ljust(columns.bar - 1), style + emphasis)
        label.append(percent(share).rjust(PERCENT_WIDTH), style + (emphasis if is_culprit else muted))
        return label

    def _share(self, node: SizeNode) -> float:
        if self.order.key == "zipped":
            return node.zipped_bytes / self._total_zipped_bytes
        return node.unzipped_bytes / self._total_bytes
