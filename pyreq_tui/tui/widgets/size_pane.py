"""The middle pane: what ships, as a tree under column heads or as a map, and what a filter leaves of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from pyreq_tui.bundle import Bundle, group, size_tree, unfold, weigh_kinds
from pyreq_tui.tui.collector import collecting_nothing
from pyreq_tui.tui.filtering import Listing, words
from pyreq_tui.tui.text import count, printable
from pyreq_tui.tui.widgets.columns import ColumnHeads
from pyreq_tui.tui.widgets.filter_bar import FilterBar
from pyreq_tui.tui.widgets.size_rows import LEFT_OUT, Shipping
from pyreq_tui.tui.widgets.size_tree import SizeTree
from pyreq_tui.tui.widgets.treemap import Treemap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from pyreq_tui.build import LeftOut, PlannedArtifact
    from pyreq_tui.bundle import Entry, SizeNode
    from pyreq_tui.tui.widgets.size_rows import SizeRow

ROOMY = 70
"""From this width on, two lines say what narrower panes need three for."""

MANY_FILES = 2_000
"""To count out the files of a folder with more of them is a worker's task."""


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
        &.-empty > .empty { display: block; hatch: right $panel; }
        &.-waiting > SizeTree { hatch: right $panel; }
        & > Treemap { display: none; }
        &.-map > Treemap { display: block; }
        &.-map > SizeTree, &.-map > ColumnHeads { display: none; }
        &.-empty > SizeTree, &.-empty > Treemap { display: none; }
        &.-empty > ColumnHeads, &.-empty > #row-detail { display: none; }
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
        Binding("t", "switch_view", "Treemap", tooltip="As a map, or as a tree again", id="tree.map"),
        Binding("escape", "back", "Back", show=False, id="tree.clear-filter"),
    ]

    @dataclass
    class Prepared(Message):
        """What is to be shown is counted out."""

        artifact: PlannedArtifact
        text: str
        listing: Listing
        shipping: Shipping

    class Shown(Message):
        """It is on show."""

    def __init__(
        self,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=f"{classes or ''} -waiting")
        self._artifact: PlannedArtifact | None = None
        self._listing = Listing(())
        self._shipping: Shipping | None = None
        self._left_out: SizeNode | None = None
        self.is_preparing = False
        """Whether what is to be shown is being counted out."""

    def compose(self) -> ComposeResult:
        yield FilterBar()
        yield ColumnHeads()
        yield SizeTree(id="sizes")
        yield Treemap(id="map")
        yield Static("", id="row-detail")
        yield Static("", classes="empty", markup=False)

    def on_mount(self) -> None:
        """Keep heads, tree and map in step."""
        tree, heads, treemap = self.query_one(SizeTree), self.query_one(ColumnHeads), self.query_one(Treemap)
        self.watch(tree, "columns", lambda columns: setattr(heads, "columns", columns))
        self.watch(tree, "order", lambda order: setattr(heads, "order", order))
        self.watch(tree, "order", lambda order: setattr(treemap, "order", order))
        self.watch(treemap, "order", lambda order: setattr(tree, "order", order))

    @property
    def rows(self) -> SizeTree | Treemap:
        """The view that is on show."""
        return self.query_one(Treemap) if self.has_class("-map") else self.query_one(SizeTree)

    @property
    def marked(self) -> SizeRow | None:
        """The row under the cursor."""
        return self.rows.marked

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Every file of the artifact on show, whatever a filter hides."""
        return self._shipping.whole.entries if self._shipping else ()

    def show(self, artifact: PlannedArtifact) -> None:
        """Put an artifact on show."""
        if self._artifact is None or self._artifact.filename != artifact.filename:
            self._left_out = None
        self._artifact = artifact
        packages = sum(1 for package in artifact.packages if not package.name.startswith("("))
        files = len(artifact.bundle.entries)
        self.border_title = Content.styled(printable(artifact.filename), "bold")
        self.border_subtitle = Content(f"{count(packages, 'package')}, {count(files, 'file')}")
        self.set_class(not artifact.bundle.entries, "-empty")
        if artifact.bundle.entries:
            self._prepare()
        else:
            self.say_empty("Nothing ships.\n\nNo requirements, and package.patterns\nselects no files.")

    def _prepare(self) -> None:
        """Have it counted out, one thing at a time: what was asked for meanwhile comes next."""
        if self._artifact is not None and not self.is_preparing:
            self.is_preparing = True
            self.call_after_refresh(self._begin_to_prepare)

    def _begin_to_prepare(self) -> None:
        if self._artifact is not None:
            listing = self._listing if self._listing.of is self._artifact.bundle else None
            self.prepare(self._artifact, self.query_one(FilterBar).text, listing)

    @work(thread=True, description="count rows", group="rows", exit_on_error=False)
    def prepare(self, artifact: PlannedArtifact, text: str, listing: Listing | None) -> None:
        """Count out the packages, and what the filter leaves of them: fifty thousand files take a while."""
        with collecting_nothing():
            whole = size_tree(artifact.bundle, artifact.name)
            listing = listing or Listing(whole.entries, artifact.bundle)
            root = size_tree(Bundle(listing.matching(text)), whole.name) if words(text) else whole
            for sizes in (whole, root):  # what is asked now takes no time on the screen
                weigh_kinds(sizes.entries)
                unfold(sizes, MANY_FILES)
            versions = {package.name: package.version for package in artifact.packages}
            shipping = Shipping(root, whole, versions, artifact.is_over_limit)
        self.post_message(self.Prepared(artifact, text, listing, shipping))

    @on(Prepared)
    def take_rows(self, message: Prepared) -> None:
        """Show what was counted out, where it is still asked for."""
        message.stop()
        self.is_preparing = False
        bar = self.query_one(FilterBar)
        self._listing = message.listing
        if message.artifact is not self._artifact or words(message.text) != words(bar.text):
            self._prepare()
            return
        self._shipping = shipping = replace(message.shipping, left_out=self._left_out)
        self.remove_class("-waiting")
        bar.say_files(shipping.root if shipping.is_filtered else None, shipping.whole)
        self.rows.show(shipping)
        self.post_message(self.Shown())

    def show_left_out(self, left_out: Sequence[LeftOut]) -> None:
        """Show what does not ship, under the option that sees to that."""
        nodes = [size_tree(each.bundle, each.title) for each in left_out]
        self._left_out = group(LEFT_OUT, nodes) if nodes else None
        if self._shipping is not None and not self.is_preparing:
            self._shipping = replace(self._shipping, left_out=self._left_out)
            self.query_one(SizeTree).show(self._shipping)

    def explain(self, detail: tuple[Content, ...]) -> None:
        """Say what is to be said of the marked row; a wide pane has room for two lines' words in one."""
        shipping = self._shipping
        is_unfound = shipping is not None and shipping.is_filtered and not shipping.root.files
        nothing = Content.styled("No file is called that, or is of that kind. esc shows all.", "$warning")
        first, *rest = detail or (nothing if is_unfound else Content(""),)
        is_wide = self.content_size.width >= ROOMY
        lines = [first, Content("").join(rest)] if is_wide else [first, *rest]
        self.query_one("#row-detail", Static).update(Content("\n").join(lines), layout=False)

    def say_empty(self, why: str) -> None:
        """Say why there is nothing to show, and what to do."""
        self.add_class("-empty")
        self.query_one(".empty", Static).update(why)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """While a filter is typed, these keys are letters like any other."""
        return not (action in {"filter", "switch_view"} and self.query_one(FilterBar).is_typing)

    def action_filter(self) -> None:
        """Type what to show."""
        if not self.has_class("-empty"):
            self.query_one(FilterBar).open()

    def action_switch_view(self) -> None:
        """Show the map instead of the tree, or the tree again; the marked row stays marked."""
        if self._shipping is None:
            return
        marked = self.marked
        self.toggle_class("-map")
        self.rows.show(self._shipping)
        if marked is not None:
            self.rows.go_to(marked.key)
            if marked.is_rest and self.marked is not None and self.marked.key != marked.key:
                # What stands here for several is a row each there: the first of them is marked.
                self.rows.go_to((*marked.key[:-1], marked.rest[0].name))
        self.rows.focus()

    def action_back(self) -> None:
        """Out of a tile, else show everything again, else back to the tree."""
        treemap = self.query_one(Treemap)
        if self.rows is treemap and treemap.is_inside:
            treemap.action_go_out()
        elif self.query_one(FilterBar).text:
            self.query_one(FilterBar).clear()
        elif self.rows is treemap:
            self.action_switch_view()

    @on(FilterBar.Typed)
    def _filter(self) -> None:
        self._prepare()

    @on(FilterBar.Left)
    def _leave_filter(self) -> None:
        self.rows.focus()

    @on(ColumnHeads.Pressed)
    def _sort(self, message: ColumnHeads.Pressed) -> None:
        self.rows.action_sort(message.key)
