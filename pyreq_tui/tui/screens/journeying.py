"""How a Journey comes to be known: workers compute and post, handlers take in what they say. No widgets."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on, work
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from pyreq_tui.build import StepAdvanced, StepStarted
from pyreq_tui.errors import Cancelled, PyreqError
from pyreq_tui.service import code_file, render_code
from pyreq_tui.setup import PRINTED_NAME, Journey
from pyreq_tui.tui.collector import collecting_nothing
from pyreq_tui.tui.screens.bug import BugScreen
from pyreq_tui.tui.screens.failure import FailureScreen
from pyreq_tui.tui.screens.snippet import SnippetScreen

if TYPE_CHECKING:
    from pyreq_tui.build import Event, Outcome
    from pyreq_tui.opening import Opening
    from pyreq_tui.service import Service
    from pyreq_tui.setup import Estimate, Survey
    from pyreq_tui.tui.engine import Engine


class Journeying(Screen[bool]):
    """Holds the Journey and sees to the estimate it needs; what it looks like is its subclass's business."""

    journey: reactive[Journey | None] = reactive(None, always_update=True)
    outcomes: reactive[tuple[Outcome, ...]] = reactive(())
    """What becomes of the artifacts with all that is chosen together; empty while that is not known."""

    @dataclass
    class Surveyed(Message):
        """The folder was looked at."""

        survey: Survey

    @dataclass
    class Weighed(Message):
        """A service's estimate is there; ``None`` with the reason where it can't be made."""

        service: Service
        estimate: Estimate | None
        reason: str = ""

    @dataclass
    class Summed(Message):
        """What all that is chosen comes to together is known; nothing where it can't be."""

        journey: Journey
        outcomes: tuple[Outcome, ...]

    @dataclass
    class Failed(Message):
        """There is nothing to set up here."""

        failure: PyreqError

    def __init__(self, opening: Opening, engine: Engine) -> None:
        super().__init__()
        self._opening = opening
        self._engine = engine
        self._cancel = threading.Event()
        self._weighing: Service | None = None
        self.activity = "resolving"
        """What is going on while an estimate is not there."""
        self.unknown = ""
        """Why sizes are not known; empty where they are."""
        self._is_summing = False

    def on_unmount(self) -> None:
        """Stop what still runs: a thread would hold up the exit."""
        self._cancel.set()

    @property
    def is_settled(self) -> bool:
        """Whether nothing is under way."""
        return self.journey is not None and self._weighing is None and not self._is_summing

    # Workers: they compute and post, nothing else.

    @work(thread=True, description="survey", group="survey", exclusive=True, exit_on_error=False)
    def look(self) -> None:
        """Look at the folder."""
        try:
            self.post_message(self.Surveyed(self._engine.survey(self._opening)))
        except PyreqError as failure:
            self.post_message(self.Failed(failure))

    @work(thread=True, description="weigh", group="gather", exclusive=True, exit_on_error=False)
    def weigh(self, service: Service, cancel: threading.Event) -> None:
        """Find out what the service would weigh."""
        try:
            materials = self._engine.gather(service, self._opening, report=self._note, cancel=cancel)
            self.post_message(self.Weighed(service, self._engine.weigh(service, materials)))
        except PyreqError as failure:
            self.post_message(self.Weighed(service, None, failure.message))
        except Cancelled:
            return

    @work(thread=True, description="sum", group="sum", exit_on_error=False)
    def sum_up(self, journey: Journey) -> None:
        """Find out what all that is chosen comes to."""
        try:
            with collecting_nothing():
                outcomes = journey.comes_to()
        except PyreqError:  # said where the diff stands
            outcomes = ()
        self.post_message(self.Summed(journey, outcomes))

    # What workers found, taken in.

    @on(Surveyed)
    def begin(self, message: Surveyed) -> None:
        """Ask the first question; meanwhile the estimate is made that later ones need."""
        self.journey = Journey(message.survey)
        self.weigh_ahead()

    @on(Weighed)
    def take_estimate(self, message: Weighed) -> None:
        """Go on where it was awaited."""
        if message.service is not self._weighing or self.journey is None:
            return
        self._weighing = None
        self.unknown = message.reason
        self.journey = self.journey.estimated(message.service, message.estimate)

    def watch_journey(self, journey: Journey | None) -> None:
        """Find out what it comes to, one at a time."""
        if journey is not None and not self._is_summing:
            self._is_summing = True
            self.sum_up(journey)

    @on(Summed)
    def take_outcomes(self, message: Summed) -> None:
        """Show what it comes to; where something else is chosen by now, find that out."""
        self._is_summing = False
        self.outcomes = message.outcomes
        if message.journey is not self.journey:
            Journeying.watch_journey(self, self.journey)

    @on(Failed)
    def refuse(self, message: Failed) -> None:
        """Say why there is nothing to set up, and go back; what is code gets what to paste."""
        self.dismiss(False)
        code = code_file(self._opening.path) if self._opening.config is None else None
        if code is None:
            self.app.push_screen(FailureScreen(message.failure, self._opening.path))
        else:
            self.app.push_screen(SnippetScreen(code, PRINTED_NAME, render_code({})))

    @on(Worker.StateChanged)
    def show_bug(self, event: Worker.StateChanged) -> None:
        """An exception nobody foresaw is shown whole."""
        self._is_summing &= event.state is not WorkerState.ERROR
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self.app.push_screen(BugScreen(event.worker.error))

    def weigh_ahead(self) -> None:
        """Begin with the estimate that later questions need, where it is not there yet."""
        wanted = self.journey.to_estimate if self.journey else None
        if wanted is None or wanted == self._weighing:
            return
        self._cancel.set()
        self._cancel = threading.Event()
        self._weighing = wanted
        self.weigh(wanted, self._cancel)

    def go_without(self) -> None:
        """On without sizes: they are not waited for any longer."""
        if self.journey is None or self.journey.awaited is None:
            return
        self._cancel.set()
        self._weighing = None
        self.unknown = "they were not waited for."
        self.journey = self.journey.estimated(self.journey.awaited, None)

    def _note(self, event: Event) -> None:
        """Called from any thread: one assignment, which the timer picks up."""
        match event:
            case StepStarted(step=step):
                self.activity = step
            case StepAdvanced(step=step, done=done, total=int(total)):
                self.activity = f"{step} {done} of {total}"
