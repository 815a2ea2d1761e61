"""How a Workspace comes to be known: what is asked of workers when, and what they say taken in."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from textual import on
from textual.reactive import reactive
from textual.worker import Worker, WorkerState

from pyreq_tui.errors import PyreqError
from pyreq_tui.sizes import format_change
from pyreq_tui.tui.screens.bug import BugScreen
from pyreq_tui.tui.screens.computing import GATHERING, READING, Computing
from pyreq_tui.tui.screens.failure import FailureScreen
from pyreq_tui.tui.text import printable
from pyreq_tui.tui.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyreq_tui.build import PlannedArtifact
    from pyreq_tui.opening import Opening
    from pyreq_tui.tui.engine import Engine


class Estimating(Computing):
    """Holds the Workspace and keeps it up to date; what it looks like is its subclass's business."""

    workspace: reactive[Workspace] = reactive(Workspace, always_update=True)

    def __init__(self, opening: Opening, engine: Engine) -> None:
        super().__init__(opening, engine)
        self._cancel = threading.Event()
        self._given_up = threading.Event()
        self._is_planning = False
        self._is_weighing = False
        self._saying: tuple[str, PlannedArtifact | None] | None = None
        """What to say of the last change once its Plan is there, and the artifact before it."""
        self.set_reactive(Estimating.workspace, Workspace(changes=dict(opening.overrides)))

    @property
    def is_settled(self) -> bool:
        """Whether nothing is under way: everything is known, or something failed."""
        return self.workspace.phase in {"ready", "failed"} and not (self._is_weighing or self._is_planning)

    def change(self, key: str, value: object) -> bool:
        """Change an option, and show what comes of it; whether that could be done."""
        return self.change_together({key: value})

    def change_together(self, values: Mapping[str, object], *, saying: str = "") -> bool:
        """Change several options in one step; ``saying`` is said once it is known what that changed."""
        before = self.workspace.artifact
        try:
            self.workspace = self.workspace.changed_together(values)
        except PyreqError as failure:
            self.app.push_screen(FailureScreen(failure))
            return False
        self._saying = (saying, before) if saying else None
        self._gather_or_plan()
        return True

    def undo(self) -> None:
        """Take the last step back."""
        if self.workspace.past:
            self.workspace = self.workspace.undone()
            self._gather_or_plan()

    def discard(self) -> None:
        """Take all changes back."""
        if self.workspace.changes:
            self.workspace = self.workspace.discarded()
            self._gather_or_plan()

    def show_artifact(self, filename: str) -> None:
        """Show another artifact; the effects are summed for the one on show."""
        self.workspace = self.workspace.showing(filename)
        self._given_up.set()
        self._weigh()

    def reread(self) -> None:
        """Read everything again; changes stay."""
        self.activity = READING
        self.workspace = self.workspace.reloading()
        self.scan(self.workspace.ticket)

    def on_unmount(self) -> None:
        """Stop what still runs when the app is left: a thread would hold up the exit."""
        self._cancel.set()
        self._given_up.set()

    # What workers found, taken in.

    @on(Computing.Scanned)
    def take_service(self, message: Computing.Scanned) -> None:
        """The file was read: gather what its Plan needs."""
        if message.ticket != self.workspace.ticket:
            return
        try:
            self.workspace = self.workspace.opened(message.service, self.workspace.changes)
        except PyreqError as failure:
            self.workspace = self.workspace.failed(failure)
        else:
            self._gather_or_plan()

    @on(Computing.Gathered)
    def take_materials(self, message: Computing.Gathered) -> None:
        """Everything is there: plan."""
        if message.ticket == self.workspace.ticket:
            self.workspace = self.workspace.gathered(message.materials, message.sources)
            self._plan()

    @on(Computing.Planned)
    def take_plan(self, message: Computing.Planned) -> None:
        """Show what a build would write; where the options have changed since, plan again."""
        self._is_planning = False
        if message.ticket == self.workspace.ticket:
            self.workspace = self.workspace.planned(message.plan)
            self._say_change()
            self._weigh()
        elif self.workspace.phase == "planning":
            self._plan()

    def _say_change(self) -> None:
        """Say what was changed, and what became of the artifact: `` report.zip: −28.4 MB``."""
        if self._saying is None:
            return
        (said, before), after = self._saying, self.workspace.artifact
        self._saying = None
        if before is not None and after is not None and after.filename == before.filename:
            change = format_change(after.unzipped_bytes - before.unzipped_bytes)
            said = f"{said} {printable(after.filename)}: {change}."
        self.notify(said, markup=False)

    @on(Computing.Weighed)
    def take_effects(self, message: Computing.Weighed) -> None:
        """The figures beside the options are there; where they came too late, find the newer ones."""
        self._is_weighing = False
        if message.ticket == self.workspace.ticket:
            self.workspace = self.workspace.weighed(
                message.effects, message.findings, message.left_out, message.block
            )
        else:
            self._weigh()

    @on(Computing.GivenUp)
    def weigh_again(self) -> None:
        """Find the newer figures."""
        self._is_weighing = False
        self._weigh()

    @on(Computing.Failed)
    def take_failure(self, message: Computing.Failed) -> None:
        """Show what failed."""
        self._is_planning &= message.work != "plan"
        self._is_weighing &= message.work != "weigh"
        if message.ticket == self.workspace.ticket:
            self.workspace = self.workspace.failed(message.failure)
        elif self.workspace.phase == "planning":
            self._plan()
        else:
            self._weigh()

    @on(Worker.StateChanged)
    def show_bug(self, event: Worker.StateChanged) -> None:
        """An exception nobody foresaw is shown whole."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self._is_planning = self._is_weighing = False
            self.workspace = self.workspace.failed(
                PyreqError("A bug in pyreq-tui stopped this.", hint="Press r to try again.")
            )
            self.app.push_screen(BugScreen(event.worker.error))

    def _gather_or_plan(self) -> None:
        workspace = self.workspace
        if workspace.service is None:
            return
        self._cancel.set()
        self._given_up.set()
        if workspace.materials is None or not self.engine.answers(workspace.materials, workspace.service):
            self._cancel = threading.Event()
            self.activity = GATHERING
            self.workspace = workspace.gathering()
            self.gather(workspace.ticket, workspace.service, self._cancel)
        else:
            self._plan()

    def _plan(self) -> None:
        self.workspace = self.workspace.planning()
        if not self._is_planning:
            self._is_planning = True
            self.call_after_refresh(self._begin_plan)

    def _begin_plan(self) -> None:
        workspace = self.workspace
        if workspace.phase == "planning" and workspace.service and workspace.materials:
            self.make_plan(workspace.ticket, workspace.service, workspace.materials)
        else:
            self._is_planning = False  # everything is read, or gathered, again; a Plan comes after that

    def _weigh(self) -> None:
        if self.workspace.phase == "ready" and not self._is_weighing:
            self._is_weighing = True
            self.call_after_refresh(self.begin_to_weigh)

    def begin_to_weigh(self) -> None:
        """Have it found what each option would change, where that is still asked for."""
        self._is_weighing = self.workspace.phase == "ready"
        if self._is_weighing:
            self._given_up = threading.Event()
            self.weigh(self.workspace, self._given_up)
