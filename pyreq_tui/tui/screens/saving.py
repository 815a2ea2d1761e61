"""What a person asks of the changes: to save them, to take a save back, to leave with or without them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on

from pyreq_tui.errors import PyreqError
from pyreq_tui.tui.failures import relative
from pyreq_tui.tui.screens.exploring import Exploring
from pyreq_tui.tui.screens.failure import FailureScreen
from pyreq_tui.tui.text import printable
from pyreq_tui.tui.widgets.yaml_line import YamlLine

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pyreq_tui.service import Edit, Service
    from pyreq_tui.tui.screens.save import Saved

NOT_TAKEN_BACK = "The save stays, with what was written since: take it back by hand, or with git."


class Saving(Exploring):
    """Answers save, undo, the hand-over and leaving.

    What edits files, and the screens that ask, are imported when they are asked for: they would hold up the
    first paint.
    """

    @on(YamlLine.Clicked)
    def action_save(self) -> None:
        """Show the diff of the changes; read the file again once it is saved."""
        if self.workspace.saved is None:
            return
        if self.workspace.changes:
            self._ask(frozenset(self.workspace.changes))
        else:
            self.notify("Nothing to save: no option was changed.", markup=False)

    def action_hand_over(self) -> None:
        """Show the diff that has the Framework deploy what is built here, or no more."""
        from pyreq_tui.tui.offer import HANDOVER

        self._ask(frozenset({*self.workspace.changes, HANDOVER}))

    def _ask(self, chosen: frozenset[str]) -> None:
        from pyreq_tui.service import code_file

        service = self.workspace.saved
        if service is None:
            return
        code = code_file(service.root)
        if code is None:
            self._offer(service, chosen)
        else:
            self._show_snippet(service, code)

    def _offer(self, service: Service, chosen: frozenset[str]) -> None:
        from pyreq_tui.tui.offer import Offer
        from pyreq_tui.tui.screens.save import SaveScreen

        offer = Offer(service, self.workspace.changes, chosen)
        self.app.push_screen(SaveScreen(self.engine, self.opening, offer), self._take_save)

    def _show_snippet(self, service: Service, code: Path) -> None:
        from pyreq_tui.service import render_code, written_options
        from pyreq_tui.tui.screens.snippet import SnippetScreen

        try:
            snippet = render_code(written_options(service, self.workspace.option_changes))
        except PyreqError as failure:
            self.app.push_screen(FailureScreen(failure, service.root))
        else:
            self.app.push_screen(SnippetScreen(code, service.config_file.name, snippet))

    def _take_save(self, saved: Saved | None) -> None:
        if saved is not None:
            self.notify(f"Saved: {self._names(saved.edits)}. u takes it back.", markup=False)
            self.workspace = self.workspace.written(saved.edits, saved.offer.chosen)
            self.scan(self.workspace.ticket)

    def action_undo(self) -> None:
        """Take the last step back, and be it the last save."""
        from pyreq_tui.service import StaleEditError, write_all

        save = self.workspace.last_save
        if self.workspace.past or save is None:
            super().action_undo()
            return
        try:
            write_all([edit.reverted for edit in save.edits])
        except PyreqError as failure:
            if isinstance(failure, StaleEditError):
                self.workspace = self.workspace.kept()
                failure = PyreqError(failure.message, hint=NOT_TAKEN_BACK, where=failure.where)
            self.app.push_screen(FailureScreen(failure, self._root))
            return
        self.notify(f"Taken back: {self._names(save.edits)}. The changes wait to be saved.", markup=False)
        self.workspace = self.workspace.unwritten()
        self.scan(self.workspace.ticket)

    def action_leave(self) -> None:
        """Leave, asking first where changes are not saved."""
        self.leave()

    def leave(self) -> None:
        """Leave, asking first where changes are not saved."""
        from pyreq_tui.tui.screens.leave import LeaveScreen

        if self.workspace.changes and self.workspace.saved is not None:
            self.app.push_screen(LeaveScreen(tuple(self.workspace.changes)), self._after_asking)
        else:
            self.app.exit(return_code=0)

    def _after_asking(self, choice: str | None) -> None:
        if choice == "save":
            self.action_save()
        elif choice == "discard":
            self.app.exit(return_code=0)

    @property
    def _root(self) -> Path | None:
        return self.workspace.saved.root if self.workspace.saved else None

    def _names(self, edits: Sequence[Edit]) -> str:
        return ", ".join(printable(relative(edit.path, self._root)) for edit in edits)
