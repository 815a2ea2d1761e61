"""The keys that act on the marked row, the same in the tree and in the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from pyreq_tui.tui.widgets.size_rows import Order

if TYPE_CHECKING:
    from pyreq_tui.tui.widgets.size_rows import SizeRow, SortKey


class RowKeys(Widget):
    """Says what is asked of the marked row; who shows it answers."""

    BINDINGS: ClassVar[list[BindingType]] = [
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
            key_display=".",
            tooltip="Sort the other way round",
            id="tree.flip",
        ),
    ]

    order: reactive[Order] = reactive(Order())

    class Refilled(Message):
        """Other rows are on show, or the same ones with other sizes."""

    class Marked(Message):
        """Another row is marked."""

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

    class PutBackAsked(Message):
        """What does not ship is to ship."""

        def __init__(self, row: SizeRow) -> None:
            super().__init__()
            self.row = row

    class WhyAsked(Message):
        """A person wants to know why a package is here."""

        def __init__(self, package: str) -> None:
            super().__init__()
            self.package = package

    @property
    def marked(self) -> SizeRow | None:
        """The row under the cursor."""
        raise NotImplementedError

    def action_omit(self) -> None:
        """Leave out the marked package, or put back what is left out."""
        if self.marked is not None and self.marked.is_left_out:
            self.post_message(self.PutBackAsked(self.marked))
        elif self.marked is not None and self.marked.package:
            self.post_message(self.OmitAsked(self.marked.package))

    def action_exclude(self, only_this: bool = False) -> None:
        """Leave out the marked file or folder, or everything of its kind; or put back what is left out."""
        if self.marked is not None and self.marked.is_left_out:
            self.post_message(self.PutBackAsked(self.marked))
        elif self.marked is not None:
            self.post_message(self.ExcludeAsked(self.marked, only_this=only_this))

    def action_why(self) -> None:
        """Say why the marked package is here."""
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
