"""What to know before deploying: grouped by severity, filtered, opened at its line, mended with one key."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import SuspendNotSupported
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static

from pyreq_tui.errors import PyreqError
from pyreq_tui.tui.editor import editing, editor_of
from pyreq_tui.tui.failures import place
from pyreq_tui.tui.finding_rows import (
    as_text,
    matching,
    pending,
    signed_tally,
)
from pyreq_tui.tui.screens.failure import FailureScreen
from pyreq_tui.tui.screens.mending import MendScreen
from pyreq_tui.tui.text import MUTED, count, printable, spread
from pyreq_tui.tui.widgets.finding_list import FindingList
from pyreq_tui.tui.widgets.key_line import KeyLine
from pyreq_tui.tui.widgets.search_bar import SearchBar
from pyreq_tui.tui.widgets.title_line import TitleLine

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from textual.app import ComposeResult

    from pyreq_tui.errors import Finding
    from pyreq_tui.tui.screens.estimating import Estimating
    from pyreq_tui.tui.workspace import Workspace

WIDEST = 140
"""Cells that findings take at most, as in the style: a place far from its words is not read with them."""
NOTHING = (
    "Nothing was found: what would ship looks right.\n\n"
    "A build looks into the binaries too; i tries the imports of the handlers."
)


class FindingsScreen(Screen[None]):
    """Follows the workbench: what a fix changes shows at once."""

    TITLE = "Findings"
    CSS_PATH = "findings.tcss"
    AUTO_FOCUS = "FindingList"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f", "fix", "Fix", tooltip="Mend the marked finding", id="findings.fix"),
        Binding(
            "F",
            "fix_all",
            "Fix all",
            key_display="F",
            tooltip="Mend all that can be mended",
            id="findings.fix-all",
        ),
        Binding(
            "e,enter",
            "edit",
            "Editor",
            key_display="e",
            tooltip="Open the place in your editor",
            id="findings.edit",
        ),
        Binding(
            "slash",
            "filter",
            "Filter",
            key_display="/",
            tooltip="Show some of the findings only",
            id="findings.filter",
        ),
        Binding(
            "c,y", "copy", "Copy", key_display="c", tooltip="Copy the marked finding", id="findings.copy"
        ),
        Binding(
            "i",
            "imports",
            "Try imports",
            tooltip="Import each handler from what is built: this runs your code, and says so first",
            id="findings.imports",
        ),
        Binding("u", "undo", "Undo", tooltip="Take the last change back", id="findings.undo"),
        Binding("escape", "show_all", "Show all", tooltip="Take the filter away", id="findings.show-all"),
        Binding("escape", "back", "Back", tooltip="Back to the workbench", id="findings.back"),
        Binding("q,d", "back", "Back", show=False, tooltip="Back to the workbench", id="findings.leave"),
    ]

    HELP = """
## Findings

What would fail only once it is deployed, found in the Plan and, after a build, in the artifacts themselves.
**i** tries the imports of the handlers too, which runs your code.
"""

    def __init__(self, bench: Estimating, try_imports: Callable[[], None]) -> None:
        super().__init__()
        self._bench = bench
        self._try_imports = try_imports

    def compose(self) -> ComposeResult:
        yield TitleLine()
        yield Static("", id="findings-tally", markup=False)
        yield SearchBar("code, package, file or any word")
        yield FindingList()
        yield Static("", id="findings-empty", markup=False)
        yield KeyLine(("findings.undo", "findings.copy"))

    def on_mount(self) -> None:
        """Show what is known, and what becomes known."""
        self.watch(self._bench, "workspace", self._show)

    @property
    def _root(self) -> Path | None:
        service = self._bench.workspace.service
        return service.root if service else None

    def _show(self, workspace: Workspace) -> None:
        self.query_one(TitleLine).name_service(workspace.service)
        if workspace.phase != "ready":  # what is known now is about to be known better
            if not self.query_one(FindingList).option_count:
                self.add_class("-empty")
                self._say_empty("Nothing is known yet: the estimate is not there.")
            return
        findings = workspace.known
        shown = matching(findings, self.query_one(SearchBar).text, self._root)
        self.query_one(FindingList).show(shown, self._root)
        self._say(findings, shown)
        self.refresh_bindings()

    def _say(self, findings: Sequence[Finding], shown: Sequence[Finding]) -> None:
        self.set_class(not shown, "-empty")
        if findings:
            self._say_empty(f"None of {count(len(findings), 'finding')} has that word. esc shows them all.")
        else:
            self._say_empty(NOTHING)
        mendable = sum(bool(finding.fix) for finding in findings)
        self.query_one("#findings-tally", Static).update(
            spread(
                min(self.size.width, WIDEST) - 2,
                signed_tally(findings) if findings else Content.styled("✓ no findings", "bold $success"),
                Content.styled(f"{mendable} can be mended here" if mendable else "", MUTED),
            )
        )
        is_filtered = len(shown) < len(findings)
        found = Content.styled(f"{len(shown)} of {len(findings)}", "bold" if shown else "bold $warning")
        self.query_one(SearchBar).say(found if is_filtered else Content(""))

    def _say_empty(self, text: str) -> None:
        self.query_one("#findings-empty", Static).update(Content(text))

    @on(SearchBar.Typed)
    def filter(self, message: SearchBar.Typed) -> None:
        """Show the findings with these words."""
        message.stop()
        self._show(self._bench.workspace)

    @on(SearchBar.Left)
    def leave_filter(self, message: SearchBar.Left) -> None:
        """Go to what was found."""
        message.stop()
        self.query_one(FindingList).focus()

    @on(OptionList.OptionHighlighted)
    def offer(self) -> None:
        """Offer what the marked finding allows."""
        self.refresh_bindings()

    def action_filter(self) -> None:
        """Type what to look for."""
        self.query_one(SearchBar).open()

    def action_show_all(self) -> None:
        """Take the filter away."""
        self.query_one(SearchBar).clear()
        self.query_one(FindingList).focus()

    def action_back(self) -> None:
        """Back to the workbench."""
        self.dismiss(None)

    def action_copy(self) -> None:
        """Copy the marked finding."""
        if finding := self.query_one(FindingList).marked:
            self.app.copy_to_clipboard(as_text(finding, self._root))
            self.notify("Finding copied.", markup=False)

    def action_imports(self) -> None:
        """Try the imports of the handlers, once the user has read what that does."""
        self._try_imports()

    def action_undo(self) -> None:
        """Take the last change back."""
        self._bench.undo()

    # Mending.

    def action_fix(self) -> None:
        """Mend the marked finding: by options that change at once, or by edits that are shown first."""
        finding = self.query_one(FindingList).marked
        if finding is None:
            return
        if not finding.fix:
            self.notify(finding.hint or "There is no mechanical fix.", title="Not by a key", markup=False)
        elif (changes := pending(finding)) is not None:
            if self._bench.change_together(changes):
                said = ", ".join(changes)
                self.notify(f"Changed, not saved: {printable(said)}. u undoes it.", markup=False)
        else:
            self._mend([finding])

    def action_fix_all(self) -> None:
        """Mend all that can be mended, once the edits were seen."""
        self._mend([finding for finding in self._bench.workspace.known if finding.fix])

    def _mend(self, findings: Sequence[Finding]) -> None:
        saved = self._bench.workspace.saved
        if saved is None:
            return
        try:
            fixes = self._bench.engine.fix(saved, findings)
        except PyreqError as failure:
            self.app.push_screen(FailureScreen(failure, self._root))
            return
        self.app.push_screen(MendScreen(fixes, self._root), self._after_mending)

    def _after_mending(self, is_written: bool | None) -> None:
        if is_written:
            self.notify("Saved. Everything is read again.", markup=False)
            self._bench.reread()

    # The editor.

    def action_edit(self) -> None:
        """Open the place in the user's editor, and read everything again afterwards."""
        finding = self.query_one(FindingList).marked
        if finding is None:
            return
        if finding.where is None:
            self.notify("This finding is about no single place.", severity="warning", markup=False)
            return
        command = editor_of(os.environ)
        if command is None:
            self.app.copy_to_clipboard(str(finding.where))
            self.notify(
                "Name one in $VISUAL or $EDITOR, as in: export EDITOR=vim. "
                f"Copied meanwhile: {place(finding.where, self._root)}",
                title="No editor is set",
                severity="warning",
                markup=False,
            )
            return
        try:
            with self.app.suspend():
                subprocess.run(editing(command, finding.where), check=False)
        except (OSError, ValueError) as error:
            failure = PyreqError(
                f"{command} can't be started: {error}.", hint="Set $VISUAL or $EDITOR to your editor."
            )
            self.app.push_screen(FailureScreen(failure))
        except SuspendNotSupported:
            self.notify("This terminal can't lend its screen to an editor.", severity="warning", markup=False)
        else:
            self._bench.reread()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Grey what the marked finding does not allow."""
        if not self.is_mounted:
            return True
        marked = self.query_one(FindingList).marked
        match action:
            case "fix":
                return True if marked is not None and marked.fix else None
            case "fix_all":
                return True if any(finding.fix for finding in self._bench.workspace.known) else None
            case "edit":
                return True if marked is not None and marked.where is not None else None
            case "copy":
                return True if marked is not None else None
            case "undo":
                return bool(self._bench.workspace.past)
            case "show_all":
                return bool(self.query_one(SearchBar).text)
            case "imports":
                return True if self._bench.workspace.phase == "ready" else None
            case "filter" if self._bench.workspace.known:
                return not self.query_one(SearchBar).is_typing
            case "filter":
                return None
        return True

    def why_not(self, action: str) -> str:
        """Completes "not now: …" for what is greyed."""
        if action == "imports":
            return "the estimate is not there yet"
        if self.query_one(FindingList).marked is None:
            return "no finding is marked"
        return {
            "fix": "this finding has no mechanical fix",
            "fix_all": "no finding has a mechanical fix",
            "edit": "this finding is about no single place",
        }.get(action, "")
