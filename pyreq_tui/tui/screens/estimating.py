"""How a Workspace comes to be known: workers compute and post, handlers take in what they say. No widgets."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from textual import on, work
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from pyreq_tui.build import StepAdvanced, StepFinished, StepStarted
from pyreq_tui.errors import Cancelled, PyreqError
from pyreq_tui.sizes import format_change
from pyreq_tui.tui.collector import collecting_nothing, give_way
from pyreq_tui.tui.screens.bug import BugScreen
from pyreq_tui.tui.screens.failure import FailureScreen
from pyreq_tui.tui.text import printable
from pyreq_tui.tui.workspace import Workspace

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyreq_tui.build import Effect, Event, LeftOut, Materials, Plan, PlannedArtifact
    from pyreq_tui.errors import Finding
    from pyreq_tui.opening import Opening
    from pyreq_tui.service import Service
    from pyreq_tui.sources import Source
    from pyreq_tui.tui.engine import Engine


READING = "reading serverless.yml"
"""What is going on at first."""


class Estimating(Screen[None]):
    """Holds the Workspace and keeps it up to date; what it looks like is its subclass's business."""

    workspace: reactive[Workspace] = reactive(Workspace, always_update=True)

    @dataclass
    class Scanned(Message):
        """The file was read."""

        ticket: int
        service: Service

    @dataclass
    class Gathered(Message):
        """Everything a Plan needs is there."""

        ticket: int
        materials: Materials
        sources: tuple[Source, ...]

    @dataclass
    class Planned(Message):
        """The Plan is made."""

        ticket: int
        plan: Plan

    @dataclass
    class Weighed(Message):
        """What each option would change is known."""

        ticket: int
        effects: Mapping[str, Effect]
        findings: tuple[Finding, ...]
        left_out: tuple[LeftOut, ...]
        block: str

    @dataclass
    class GivenUp(Message):
        """Nobody waits any more for what each option would change."""

    @dataclass
    class Failed(Message):
        """Something failed that the user can mend."""

        ticket: int
        failure: PyreqError
        work: Literal["scan", "gather", "plan", "weigh"]

    def __init__(self, opening: Opening, engine: Engine) -> None:
        super().__init__()
        give_way()
        self.opening = opening
        self.engine = engine
        self.activity = READING
        """What is going on while the estimate is not there."""
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

    # Workers: they compute and post, nothing else. They begin once what is known is drawn, for a worker takes
    # every other millisecond from the screen. Each has a description: Textual would make one from the repr of
    # all arguments, which is every file of a Plan, 60 ms for 8,000 of them.

    @work(thread=True, description="read serverless.yml", group="scan", exclusive=True, exit_on_error=False)
    def scan(self, ticket: int) -> None:
        """Read serverless.yml."""
        try:
            self.post_message(self.Scanned(ticket, self.engine.load(self.opening)))
        except PyreqError as failure:
            self.post_message(self.Failed(ticket, failure, "scan"))

    @work(thread=True, description="gather", group="gather", exclusive=True, exit_on_error=False)
    def gather(self, ticket: int, service: Service, cancel: threading.Event) -> None:
        """Resolve, and read the directories of wheels."""
        try:
            with collecting_nothing():
                materials = self.engine.gather(
                    service, self.opening, report=self._note_activity, cancel=cancel
                )
            self.post_message(self.Gathered(ticket, materials, self.engine.sources(materials)))
        except PyreqError as failure:
            self.post_message(self.Failed(ticket, failure, "gather"))
        except Cancelled:
            return

    @work(thread=True, description="plan", group="plan", exit_on_error=False)
    def make_plan(self, ticket: int, service: Service, materials: Materials) -> None:
        """Find what a build would write: a few milliseconds, but for fifty thousand files."""
        try:
            with collecting_nothing():
                plan = self.engine.plan(service, materials)
                for artifact in plan.artifacts:  # sums, made when first asked for: here, not on the screen
                    artifact.unzipped_bytes, artifact.zipped_bytes, artifact.is_exact  # noqa: B018
            self.post_message(self.Planned(ticket, plan))
        except PyreqError as failure:
            self.post_message(self.Failed(ticket, failure, "plan"))

    @work(thread=True, description="weigh", group="weigh", exit_on_error=False)
    def weigh(self, workspace: Workspace, given_up: threading.Event) -> None:
        """Find what each option would change, and what to know before deploying."""
        service, materials, plan, artifact = (
            workspace.service,
            workspace.materials,
            workspace.plan,
            workspace.artifact,
        )
        if service is None or materials is None or plan is None:
            return
        try:
            with collecting_nothing():
                filename = artifact.filename if artifact else None
                effects = self.engine.effects(service, materials, filename, given_up)
                findings = self.engine.findings(plan)
                left_out = self.engine.left_out(plan, materials, artifact.filename) if artifact else ()
                block = self.engine.block(service, workspace.option_changes)
        except Cancelled:
            self.post_message(self.GivenUp())
        except PyreqError as failure:
            self.post_message(self.Failed(workspace.ticket, failure, "weigh"))
        else:
            self.post_message(self.Weighed(workspace.ticket, effects, findings, left_out, block))

    # What workers found, taken in.

    @on(Scanned)
    def take_service(self, message: Scanned) -> None:
        """The file was read: gather what its Plan needs."""
        if message.ticket != self.workspace.ticket:
            return
        try:
            self.workspace = self.workspace.opened(message.service, self.workspace.changes)
        except PyreqError as failure:
            self.workspace = self.workspace.failed(failure)
        else:
            self._gather_or_plan()

    @on(Gathered)
    def take_materials(self, message: Gathered) -> None:
        """Everything is there: plan."""
        if message.ticket == self.workspace.ticket:
            self.workspace = self.workspace.gathered(message.materials, message.sources)
            self._plan()

    @on(Planned)
    def take_plan(self, message: Planned) -> None:
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

    @on(Weighed)
    def take_effects(self, message: Weighed) -> None:
        """The figures beside the options are there; where they came too late, find the newer ones."""
        self._is_weighing = False
        if message.ticket == self.workspace.ticket:
            self.workspace = self.workspace.weighed(
                message.effects, message.findings, message.left_out, message.block
            )
        else:
            self._weigh()

    @on(GivenUp)
    def weigh_again(self) -> None:
        """Find the newer figures."""
        self._is_weighing = False
        self._weigh()

    @on(Failed)
    def take_failure(self, message: Failed) -> None:
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

    def _note_activity(self, event: Event) -> None:
        """Called from any thread: one assignment, which the timer picks up."""
        match event:
            case StepStarted(step=step):
                self.activity = step
            case StepAdvanced(step=step, done=done, total=int(total)):
                self.activity = f"{step} {done} of {total}"
            case StepFinished(step=step, detail=detail):
                self.activity = f"{step} ✓ {detail}"
