"""The middle pane: what ships, largest first, package → folder → file."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Tree

from pyreq_tui.tui.widgets.size_label import LabelStyles, Shares, draw
from pyreq_tui.tui.widgets.size_rows import Columns, Order, SizeRow, SortKey

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from textual.widgets.tree import TreeNode

    from pyreq_tui.bundle import SizeNode

SMALL_SHARE = 0.01
"""Packages below this share fold into one row, where there are several."""
PAGE = 200
"""Rows added at once in a wide folder; the rest waits behind a row that says how many there are."""
UNFOLDED_FILES = 30
"""What a filter leaves is opened down to the files where there are no more of them."""


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
        Binding("enter,space", "toggle_row", "Open or close", show=False, id="tree.toggle"),
        Binding("l,right", "open_row", "Open", show=False, id="tree.open"),
        Binding("h,left", "close_row", "Close", show=False, id="tree.close"),
        Binding("o", "omit", "Omit", tooltip="Leave this package out (noDeploy)", id="tree.omit"),
        Binding(
            "x",
            "exclude",
            "Exclude",
            tooltip="Leave out this file, folder or kind (slimPatterns)",
            id="tree.exclude",
        ),
        Binding(
            "X",
            "exclude(True)",
            "Exclude only this",
            show=False,
            key_display="X",
            tooltip="Leave out exactly this file or folder",
            id="tree.exclude-only",
        ),
        Binding("w", "why", "Why", tooltip="Why this package is here, what leaves with it", id="tree.why"),
        Binding(
            "comma",
            "sort_next",
            "Sort",
            key_display=",",
            tooltip="Sort by the next column: unzipped, zipped, files, name",
            id="tree.sort",
        ),
        Binding(
            "full_stop",
            "flip",
            "Flip",
            show=False,
            key_display=".",
            tooltip="Sort the other way round",
            id="tree.flip",
        ),
    ]

    HELP = """
## What ships

Packages, largest first. **enter** opens one, **w** says why it is here, **o** leaves it out (`noDeploy`),
**x** leaves out a file, a folder or a kind (`slimPatterns`). **/** filters, **,** sorts by the next column.
"""

    order: reactive[Order] = reactive(Order())
    columns: reactive[Columns] = reactive(Columns(20, 0))

    class Refilled(Message):
        """Other rows are on show, or the same ones with other sizes."""

    class OmitAsked(Message):
        """A package is to be left out, or put back."""

        def __init__(self, package: str) -> None:
            super().__init__()
            self.package = package

    class ExcludeAsked(Message):
        """A file or folder is to be left out, or everything of its kind."""

        def __init__(self, row: SizeRow, *, only_this: bool) -> None:
            super().__init__()
            self.row = row
            self.only_this = only_this

    class WhyAsked(Message):
        """A person wants to know why a package is here."""

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
        self._whole: SizeNode | None = None
        self._is_filtered = False
        self._is_over_limit = False

    def show(
        self,
        root: SizeNode,
        versions: Mapping[str, str],
        *,
        is_over_limit: bool,
        whole: SizeNode | None = None,
    ) -> None:
        """Put another artifact, or another Plan of it, on show; what was open and marked stays so.

        ``whole`` is what shares are of, where ``root`` holds only what a filter left of it.
        """
        self._packages = root.children
        self._versions = versions
        self._whole = whole or root
        self._is_filtered = whole is not None
        self._is_over_limit = is_over_limit
        self._refill()
        if self._is_filtered and root.files <= UNFOLDED_FILES:
            self._unfold(self.root)

    def _unfold(self, node: TreeNode[SizeRow]) -> None:
        for child in node.children:
            if child.allow_expand:
                self._fill(child)
                child.expand()
                self._unfold(child)

    def watch_order(self) -> None:
        """Sort again."""
        self._refill()

    def _refill(self) -> None:
        opened = {node.data.key for node in self._walk(self.root) if node.is_expanded and node.data}
        marked = self.cursor_node.data.key if self.cursor_node and self.cursor_node.data else None
        line = max(0, self.cursor_line)
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
            # Where the marked row is gone, the one that took its place is marked.
            self.move_cursor(found or self.get_node_at_line(min(line, self.last_line)))
        self.refresh()
        self.post_message(self.Refilled())

    def _walk(self, node: TreeNode[SizeRow]) -> Iterable[TreeNode[SizeRow]]:
        for child in node.children:
            yield child
            yield from self._walk(child)

    def _fill_packages(self) -> None:
        shown = self.order.sort(self._packages)
        small = [
            package
            for package in shown
            if self._share(package) < SMALL_SHARE and not package.name.startswith("(")
        ]
        if self.order.key == "name" or self._is_filtered or len(small) < 2:
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
                files=child.files,
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
            files=sum(child.files for child in rest),
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

    def action_exclude(self, only_this: bool = False) -> None:
        """Leave out the file or folder under the cursor, or everything of its kind."""
        if self.marked is not None:
            self.post_message(self.ExcludeAsked(self.marked, only_this=only_this))

    def action_why(self) -> None:
        """Say why the package under the cursor is here."""
        if self.marked is not None and self.marked.package:
            self.post_message(self.WhyAsked(self.marked.package))

    def action_sort(self, key: SortKey) -> None:
        """Sort by a column; the second time the other way round."""
        self.order = self.order.pressed(key)

    def action_sort_next(self) -> None:
        """Sort by the next column."""
        self.order = self.order.next

    def action_flip(self) -> None:
        """Sort the other way round."""
        self.order = self.order.flipped

    def action_toggle_row(self) -> None:
        """Open or close the row; what is in it is there when the next key comes, however fast that is."""
        if self.cursor_node is not None and self.cursor_node.allow_expand:
            self._fill(self.cursor_node)
            self.cursor_node.toggle()

    def action_open_row(self) -> None:
        """Open the row, or go down into it."""
        node = self.cursor_node
        if node is None:
            return
        if node.allow_expand and not node.is_expanded:
            self._fill(node)
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
        # Under the cursor colours are the cursor's, or a theme may hide the text in it.
        is_marked = node is self.cursor_node
        muted = Style() if is_marked else self.get_component_rich_style("size-tree--muted", partial=True)
        is_first = bool(self.root.children) and node is self.root.children[0]
        is_culprit = is_first and self._is_over_limit and not self._is_filtered
        part = "size-tree--culprit" if is_culprit else "size-tree--bar"
        emphasis = self.get_component_rich_style(part, partial=True)
        icon = self.ICON_NODE_EXPANDED if node.is_expanded else self.ICON_NODE
        largest = max((self._share(package) for package in self._packages), default=1.0) or 1.0
        return draw(
            row,
            Shares(self._share(row), largest),
            icon if node.allow_expand else "  ",
            self._indent(node),
            self.columns,
            self.order.key,
            LabelStyles(base_style, style, muted, emphasis, is_culprit),
        )

    def _share(self, part: SizeNode | SizeRow) -> float:
        """Its share of the whole artifact, in what is sorted by."""
        if self._whole is None:
            return 0.0
        return self.order.amount(part) / max(1, self.order.amount(self._whole))
