"""The size tree under its column heads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from pyreq_tui.tui.text import count, printable
from pyreq_tui.tui.widgets.size_tree import PERCENT_WIDTH, SIZE_WIDTH, Columns, Order, SizeTree, SortKey

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.events import Click

    from pyreq_tui.build import PlannedArtifact
    from pyreq_tui.bundle import SizeNode


class ColumnHeads(Widget):
    """Names of the columns, an arrow at the one that sorts; a click sorts by it."""

    DEFAULT_CSS = """
    ColumnHeads {
        height: 1;
        color: $text-muted;
        pointer: pointer;
    }
    """

    order: reactive[Order] = reactive(Order())
    columns: reactive[Columns] = reactive(Columns(20, 0))

    def render(self) -> Content:
        return Content.assemble(
            self._head("name", "package", self.columns.name, at_right=False),
            self._head("unzipped", "unzipped", SIZE_WIDTH),
            self._head("zipped", "zipped", SIZE_WIDTH),
            " " * self.columns.bar,
            "share".rjust(PERCENT_WIDTH),
        )

    def _head(self, key: SortKey, label: str, width: int, *, at_right: bool = True) -> Content:
        is_sorting = self.order.key == key
        is_upward = self.order.is_reversed != (key == "name")
        text = f"{label}{'▴' if is_upward else '▾'}" if is_sorting else label
        text = text.rjust(width) if at_right else f"  {text}".ljust(width)
        return Content.styled(text, "bold $foreground" if is_sorting else "")

    def on_click(self, event: Click) -> None:
        """Sort by the column under the pointer."""
        tree = self.screen.query_one(SizeTree)
        if event.x < self.columns.name:
            tree.action_sort("name")
        elif event.x < self.columns.name + SIZE_WIDTH:
            tree.action_sort("unzipped")
        elif event.x < self.columns.name + 2 * SIZE_WIDTH:
            tree.action_sort("zipped")


class SizePane(Vertical):
    """What ships: heads and tree, or why there is nothing."""

    DEFAULT_CSS = """
    SizePane {
        & > .empty {
            display: none;
            height: 1fr;
            content-align: center middle;
            text-align: center;
            color: $text-muted;
        }
        &.-empty > .empty { display: block; }
        &.-empty > SizeTree, &.-empty > ColumnHeads { display: none; }
    }
    """

    def compose(self) -> ComposeResult:
        yield ColumnHeads()
        yield SizeTree(id="sizes")
        yield Static("", classes="empty", markup=False)

    def on_mount(self) -> None:
        """Keep the heads in step with the tree."""
        tree, heads = self.query_one(SizeTree), self.query_one(ColumnHeads)
        self.watch(tree, "order", lambda order: setattr(heads, "order", order))
        self.watch(tree, "columns", lambda columns: setattr(heads, "columns", columns))

    def show(self, artifact: PlannedArtifact, sizes: SizeNode) -> None:
        """Put an artifact on show."""
        packages = sum(1 for package in artifact.packages if not package.name.startswith("("))
        files = len(artifact.bundle.entries)
        self.border_title = Content.styled(printable(artifact.filename), "bold")
        self.border_subtitle = Content(f"{count(packages, 'package')}, {count(files, 'file')}")
        self.set_class(not artifact.bundle.entries, "-empty")
        if artifact.bundle.entries:
            versions = {package.name: package.version for package in artifact.packages}
            self.query_one(SizeTree).show(sizes, versions, is_over_limit=artifact.is_over_limit)
        else:
            self.say_empty("Nothing ships.\n\nNo requirements, and package.patterns\nselects no files.")

    def say_empty(self, why: str) -> None:
        """Say why there is nothing to show, and what to do."""
        self.add_class("-empty")
        self.query_one(".empty", Static).update(why)
