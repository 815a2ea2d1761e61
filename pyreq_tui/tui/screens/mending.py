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
    from collections.abc import Iterator
    from pathlib import Path

    from textual.app import ComposeResult

    from pyreq_tui.findings import Fixes


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
            height: auto;
            max-height: 1fr;
            border-top: solid $border-blurred;
            border-bottom: solid $border-blurred;
        }
        #mend-diff Static { width: auto; }
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
            frame.border_title = "Mend"
            said = (
                f"Mends {made} in {files}; the rest stays byte for byte."
                if self._fixes.edits
                else "Nothing to write."
            )
            yield Static(Content(said), classes="note")
            with VerticalScroll(id="mend-diff"):
                yield Static(Content("\n").join(self._lines()))
            yield Static("", id="mend-failure", markup=False)
            with Horizontal(classes="buttons"):
                yield Button(
                    "Save  enter", id="save", compact=True, variant="primary", disabled=not self._fixes.edits
                )
                yield Button("Copy  y", id="copy", compact=True)
                yield Button("Back  esc", id="close", compact=True)

    def _lines(self) -> Iterator[Content]:
        for edit in self._fixes.edits:
            yield Content.styled(printable(relative(edit.path, self._root)), "bold")
            yield coloured(edit.diff())
        for unfixed in self._fixes.left:
            yield Content.assemble(
                ("– ", MUTED), printable(unfixed.finding.code), (f": {printable(unfixed.reason)}", MUTED)
            )

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
        self.app.copy_to_clipboard("".join(edit.diff() for edit in self._fixes.edits))
        self.notify("Diff copied.", markup=False)

    @on(Button.Pressed, "#close")
    def _close(self) -> None:
        self.action_close()
