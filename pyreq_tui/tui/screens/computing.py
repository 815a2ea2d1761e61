"""What takes long, beside the screen: workers that compute, and post what they found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from textual import work
from textual.message import Message
from textual.screen import Screen

from pyreq_tui.build import StepAdvanced, StepFinished, StepStarted
from pyreq_tui.errors import Cancelled, PyreqError
from pyreq_tui.tui.collector import collecting_nothing, give_way

if TYPE_CHECKING:
    import threading
    from collections.abc import Mapping

    from pyreq_tui.build import Effect, Event, LeftOut, Materials, Plan
    from pyreq_tui.errors import Finding
    from pyreq_tui.opening import Opening
    from pyreq_tui.service import Service
    from pyreq_tui.sources import Source
    from pyreq_tui.tui.engine import Engine
    from pyreq_tui.tui.workspace import Workspace


READING = "reading serverless.yml"
"""What is going on at first."""
GATHERING = "reading requirements"
"""What is going on next, until a step says more."""


class Computing(Screen[None]):
    """Has a worker for each question to the engine; asking, and taking in, is its subclass's business.

    They begin once what is known is drawn, for a worker takes every other millisecond from the screen.
    """

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

    # Each has a description: Textual would make one from the repr of all arguments, which is every file of a
    # Plan, 60 ms for 8,000 of them.

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

    def _note_activity(self, event: Event) -> None:
        """Called from any thread: one assignment, which the timer picks up."""
        match event:
            case StepStarted(step=step):
                self.activity = step
            case StepAdvanced(step=step, done=done, total=int(total)):
                self.activity = f"{step} {done} of {total}"
            case StepFinished(step=step, detail=detail):
                self.activity = f"{step} ✓ {detail}"
