"""The middle pane: what ships, largest first, package → folder → file."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from rich.style import Style
from rich.text import Text
from textual.binding import Binding, BindingType
from textual.reactive import reactive
from textual.widgets import Tree

from pyreq_tui.tui.widgets.columns import Columns
from pyreq_tui.tui.widgets.row_keys import RowKeys
from pyreq_tui.tui.widgets.size_label import LabelStyles, Shares, draw
from pyreq_tui.tui.widgets.size_rows import SizeRow

if TYPE_CHECKING:
    from collections.abc import Iterable

    from textual.widgets.tree import TreeNode

    from pyreq_tui.tui.widgets.size_rows import Shipping

UNFOLDED_FILES = 30
"""What a filter leaves is opened down to the files where there are no more of them."""


ROOM_TO_OPEN = 6
"""Lines that stay free where no package is folded away: to open one, and for what is left out."""


class SizeTree(Tree[SizeRow], RowKeys):  # in this order: Textual takes styles from the first base alone
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
        & > .size-tree--muted { color: $foreground 72%; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", "Down", show=False, id="tree.down"),
        Binding("k", "cursor_up", "Up", show=False, id="tree.up"),
        Binding("enter,space", "toggle_row", "Open or close", show=False, id="tree.toggle"),
        Binding("l,right", "open_row", "Open", show=False, id="tree.open"),
        Binding("h,left", "close_row", "Close", show=False, id="tree.close"),
    ]

    HELP = """
## What ships

Packages, largest first. **enter** opens one, **w** says why it is here, **o** leaves it out (`noDeploy`),
**x** leaves out a file, a folder or a kind (`slimPatterns`). **/** filters, **,** sorts by the next column.
"""

    columns: reactive[Columns] = reactive(Columns(20, 0))

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        super().__init__("", id=id)
        self.show_root = False
        self.show_guides = False
        self.guide_depth = 2
        self._shipping: Shipping | None = None
        self._room = 0
        """Up to so many packages are shown without folding the small ones."""
        self._largest = 1.0
        """The share of the largest package: it fills the bar."""

    def show(self, shipping: Shipping) -> None:
        """Put another artifact, or another Plan of it, on show; what was open and marked stays so."""
        self._shipping = shipping
        self._refill()
        if shipping.is_filtered and shipping.root.files <= UNFOLDED_FILES:
            self._unfold(self.root)

    def go_to(self, key: tuple[str, ...]) -> None:
        """Mark the row of ``key``, opening what it lies in; or what of it there is."""
        if self._shipping is None:
            return
        node = self.root
        for row in self._shipping.way_to(key, self.order, self._room):
            self._fill(node)
            if node is not self.root:
                node.expand()
            node = next(child for child in node.children if child.data and child.data.key == row.key)
        if node is not self.root and self.last_line >= 0:
            self.move_cursor(node)

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
        if self._shipping is None:
            return
        opened = {node.data.key for node in self._walk(self.root) if node.is_expanded and node.data}
        marked = self.cursor_node.data.key if self.cursor_node and self.cursor_node.data else None
        line = max(0, self.cursor_line)
        self.clear()
        self.root.expand()
        self._fill(self.root)
        shares = [self._shipping.share(package, self.order) for package in self._shipping.root.children]
        self._largest = max(shares, default=0.0) or 1.0
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

    def _fill(self, node: TreeNode[SizeRow]) -> None:
        if self._shipping is None or node.children:
            return
        if node is self.root:
            rows = self._shipping.all(self.order, self._room)
        elif node.data is not None:
            rows = self._shipping.inside(node.data, self.order)
        else:
            return
        for row in rows:
            node.add(Text("·"), row, allow_expand=row.can_open)

    def on_tree_node_expanded(self, event: Tree.NodeExpanded[SizeRow]) -> None:
        """Make the children of a node when it is opened for the first time."""
        self._fill(event.node)

    @property
    def marked(self) -> SizeRow | None:
        """The row under the cursor."""
        # Where a filter leaves nothing, Textual's cursor stays on a row that is gone.
        return self.cursor_node.data if self.cursor_node and self.root.children else None

    def on_tree_node_highlighted(self, event: Tree.NodeHighlighted[SizeRow]) -> None:
        """Another row is marked."""
        event.stop()
        self.post_message(self.Marked())

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
        """Divide the new width; where the height folds or unfolds what is small, show that."""
        packages = len(self._shipping.root.children) if self._shipping else 0
        was_folded, self._room = packages > self._room, max(0, self.size.height - ROOM_TO_OPEN)
        if was_folded != (packages > self._room):
            self._refill()
        self.columns = Columns.of(self.scrollable_content_region.width - 1)

    def get_label_width(self, node: TreeNode[SizeRow]) -> int:
        """All labels end at the pane's edge, so there is nothing to measure."""
        return max(1, self.scrollable_content_region.width - self._indent(node))

    def _indent(self, node: TreeNode[SizeRow]) -> int:
        depth = len(node.data.key) - 1 if node.data else 0
        return depth * self.guide_depth

    def render_label(self, node: TreeNode[SizeRow], base_style: Style, style: Style) -> Text:  # noqa: ARG002 - Textual's
        row = node.data
        if row is None or self._shipping is None:
            return Text("")
        # Under the cursor colours are the cursor's, or a theme may hide the text in it.
        is_marked = node is self.cursor_node
        # Its colour alone, which is blended with what it stands on: partial styles leave transparency out.
        muted_colour = self.get_component_rich_style("size-tree--muted").color
        muted = Style() if is_marked else Style.from_color(muted_colour)
        is_culprit = (
            node is self.root.children[0] and self._shipping.is_over_limit and not self._shipping.is_filtered
        )
        part = "size-tree--culprit" if is_culprit else "size-tree--bar"
        # Where the cursor is shown by reversing, a bar in a colour of its own would be a hole in it.
        emphasis = Style() if style.reverse else self.get_component_rich_style(part, partial=True)
        icon = self.ICON_NODE_EXPANDED if node.is_expanded else self.ICON_NODE
        return draw(
            row,
            Shares(self._shipping.share(row, self.order), self._largest),
            icon if node.allow_expand else "  ",
            self._indent(node),
            self.columns,
            self.order.key,
            LabelStyles(style, muted, emphasis, is_culprit),
        )
