"""The size tree under its column heads."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from pyreq_tui.bundle import Bundle, size_tree
from pyreq_tui.tui.filtering import Listing, words
from pyreq_tui.tui.text import count, printable
from pyreq_tui.tui.widgets.filter_bar import FilterBar
from pyreq_tui.tui.widgets.size_rows import PERCENT_WIDTH, SIZE_WIDTH, Columns, Order, SortKey
from pyreq_tui.tui.widgets.size_tree import SizeTree

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.events import Click

    from pyreq_tui.build import PlannedArtifact
    from pyreq_tui.bundle import SizeNode


ROOMY = 70
"""From this width on, two lines say what narrower panes need three for."""


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
            self._head(self._second, self._second, SIZE_WIDTH),
            " " * self.columns.bar,
            "share".rjust(PERCENT_WIDTH),
        )

    @property
    def _second(self) -> SortKey:
        """Beside the unzipped size stands the zipped one, or the number of files when that sorts."""
        return "files" if self.order.key == "files" else "zipped"

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
            tree.action_sort(self._second)


class SizePane(Vertical):
    """What ships: filter, heads, tree and what is to be said of the marked row; or why there is nothing."""

    DEFAULT_CSS = """
    SizePane {
        & > #row-detail {
            height: 3;
            text-wrap: nowrap;
            text-overflow: ellipsis;
        }
        & > .empty {
            display: none;
            height: 1fr;
            content-align: center middle;
            text-align: center;
            color: $text-muted;
        }
        &.-empty > .empty { display: block; }
        &.-empty > SizeTree, &.-empty > ColumnHeads, &.-empty > #row-detail { display: none; }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "slash",
            "filter",
            "Filter",
            key_display="/",
            tooltip="Show some of the files only",
            id="tree.filter",
        ),
        Binding("escape", "clear_filter", "Clear filter", show=False, id="tree.clear-filter"),
    ]

    def __init__(
        self,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._artifact: PlannedArtifact | None = None
        self._sizes: SizeNode | None = None
        self._listing = Listing(())

    def compose(self) -> ComposeResult:
        yield FilterBar()
        yield ColumnHeads()
        yield SizeTree(id="sizes")
        yield Static("", id="row-detail")
        yield Static("", classes="empty", markup=False)

    def on_mount(self) -> None:
        """Keep the heads in step with the tree."""
        tree, heads = self.query_one(SizeTree), self.query_one(ColumnHeads)
        self.watch(tree, "order", lambda order: setattr(heads, "order", order))
        self.watch(tree, "columns", lambda columns: setattr(heads, "columns", columns))

    def show(self, artifact: PlannedArtifact, sizes: SizeNode) -> None:
        """Put an artifact on show."""
        self._artifact, self._sizes, self._listing = artifact, sizes, Listing(sizes.entries)
        packages = sum(1 for package in artifact.packages if not package.name.startswith("("))
        files = len(artifact.bundle.entries)
        self.border_title = Content.styled(printable(artifact.filename), "bold")
        self.border_subtitle = Content(f"{count(packages, 'package')}, {count(files, 'file')}")
        self.set_class(not artifact.bundle.entries, "-empty")
        if artifact.bundle.entries:
            self._fill()
        else:
            self.say_empty("Nothing ships.\n\nNo requirements, and package.patterns\nselects no files.")

    def _fill(self) -> None:
        """Fill the tree with what the filter leaves."""
        if self._artifact is None or self._sizes is None:
            return
        bar = self.query_one(FilterBar)
        whole = self._sizes
        found = None
        if words(bar.text):
            found = size_tree(Bundle(self._listing.matching(bar.text)), whole.name)
        bar.say_files(found, whole)
        self.query_one(SizeTree).show(
            whole if found is None else found,
            {package.name: package.version for package in self._artifact.packages},
            is_over_limit=self._artifact.is_over_limit,
            whole=None if found is None else whole,
        )

    def explain(self, detail: tuple[Content, ...]) -> None:
        """Say what is to be said of the marked row; a wide pane has room for two lines' words in one."""
        first, *rest = detail or (Content(""),)
        is_wide = self.content_size.width >= ROOMY
        lines = [first, Content("").join(rest)] if is_wide else [first, *rest]
        self.query_one("#row-detail", Static).update(Content("\n").join(lines))

    def say_empty(self, why: str) -> None:
        """Say why there is nothing to show, and what to do."""
        self.add_class("-empty")
        self.query_one(".empty", Static).update(why)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """While a filter is typed, its key is a letter like any other."""
        return not (action == "filter" and self.query_one(FilterBar).is_typing)

    def action_filter(self) -> None:
        """Type what to show."""
        if not self.has_class("-empty"):
            self.query_one(FilterBar).open()

    def action_clear_filter(self) -> None:
        """Show everything again."""
        self.query_one(FilterBar).clear()

    @on(FilterBar.Typed)
    def _filter(self) -> None:
        self._fill()

    @on(FilterBar.Left)
    def _leave_filter(self) -> None:
        self.query_one(SizeTree).focus()
