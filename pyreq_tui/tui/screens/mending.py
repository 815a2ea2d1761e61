"""Shows the edits that mend findings, and makes them once the user agrees."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from pyreq_tui.errors import PyreqError
from pyreq_tui.service import write_all
from pyreq_tui.tui.diffs import coloured
from pyreq_tui.tui.failures import explained, relative
from pyreq_tui.tui.screens.dialog import Dialog
from pyreq_tui.tui.text import MUTED, count, printable

if TYPE_CHECKING:
    from pathlib import Path

    from textual.app import ComposeResult

    from pyreq_tui.findings import Fixes, Unfixed
    from pyreq_tui.service import Edit


class MendScreen(Dialog[bool | None]):
    """The diffs, file by file, and what is not mended; closes with True once they are saved."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "save", "Save", tooltip="Make these edits", id="mend.save"),
        Binding("y", "copy", "Copy", tooltip="Copy the diff", id="mend.copy"),
    ]
    DEFAULT_CSS = """
    MendScreen {
        .note { color: $text-muted; }
        #mend-diff {
            border-top: solid $border-blurred;
            border-bottom: solid $border-blurred;
            &:focus { border-top: solid $border; border-bottom: solid $border; }
        }
        #mend-diff Static { width: auto; }
        #mend-left { max-height: 4; overflow-y: auto; }
        #mend-failure { display: none; &.-shown { display: block; } }
    }
    """

    def __init__(self, fixes: Fixes, root: Path | None) -> None:
        super().__init__()
        self._fixes = fixes
        self._root = root

    def compose(self) -> ComposeResult:
        made = count(len(self._fixes.made), "finding")
        files = count(len(self._fixes.edits), "file")
        with Vertical(classes="frame") as frame:
            frame.border_title = "Fix"
            said = (
                f"Fixes {made} in {files}; the rest stays byte for byte."
                if self._fixes.edits
                else "Nothing to write."
            )
            yield Static(Content(said), classes="note")
            if self._fixes.edits:
                with VerticalScroll(id="mend-diff", classes="body"):
                    yield Static(Content("\n\n").join(map(self._diff, self._fixes.edits)))
            if self._fixes.left:
                yield Static(Content("\n").join(map(_left, self._fixes.left)), id="mend-left")
            yield Static("", id="mend-failure", markup=False)
            with Horizontal(classes="buttons"):
                yield Button(
                    "Save  enter", id="save", compact=True, variant="primary", disabled=not self._fixes.edits
                )
                yield Button("Copy  y", id="copy", compact=True, disabled=not self._fixes.edits)
                yield Button("Back  esc", id="close", compact=True)

    def _diff(self, edit: Edit) -> Content:
        name = printable(relative(edit.path, self._root))
        return Content.assemble((f"{name}\n", "bold"), coloured(edit.diff()))

    def on_mount(self) -> None:
        """Let enter save, wherever the focus would have gone."""
        self.query_one("#save" if self._fixes.edits else "#close", Button).focus()

    @on(Button.Pressed, "#save")
    def action_save(self) -> None:
        """Make the edits, all or none; where that fails, say why and stay."""
        if not self._fixes.edits:
            return
        try:
            write_all(self._fixes.edits)
        except PyreqError as failure:
            said = self.query_one("#mend-failure", Static)
            said.update(explained(failure, self._root))
            said.add_class("-shown")
        else:
            self.dismiss(True)

    @on(Button.Pressed, "#copy")
    def action_copy(self) -> None:
        """Copy the diff."""
        if not self._fixes.edits:
            return
        self.app.copy_to_clipboard("".join(edit.diff() for edit in self._fixes.edits))
        self.notify("Diff copied.", markup=False)

    @on(Button.Pressed, "#close")
    def _close(self) -> None:
        self.action_close()


def _left(unfixed: Unfixed) -> Content:
    return Content.assemble(
        ("– ", MUTED), printable(unfixed.finding.code), (f": {printable(unfixed.reason)}", MUTED)
    )
