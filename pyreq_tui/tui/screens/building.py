"""How a build comes to be known: a worker runs it, one stream brings what happens. No widgets."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Literal

from textual import on, work
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen
from textual.worker import Worker, WorkerState

from pyreq_tui.build import ArtifactWritten, LineLogged, Result
from pyreq_tui.errors import Cancelled, Finding, PyreqError
from pyreq_tui.tui.screens.bug import BugScreen
from pyreq_tui.tui.terminal import LONG_SECONDS
from pyreq_tui.tui.text import printable
from pyreq_tui.tui.widgets.artifact_table import built, progressed, waiting
from pyreq_tui.tui.widgets.steps import EXPECTED, advanced, finished, fraction_done, stopped

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pyreq_tui.build import Event, Materials, Plan
    from pyreq_tui.tui.engine import Engine
    from pyreq_tui.tui.widgets.artifact_table import ArtifactRow
    from pyreq_tui.tui.widgets.steps import Step

DRAIN_SECONDS = 0.05
"""How often events reach the screen: one message for each line would take sixty times as long."""
DRAIN_MOST = 2_000
"""Events taken in at a time, so that a flood never holds up a key."""

State = Literal["building", "cancelling", "cancelled", "failed", "done"]


@dataclass(frozen=True)
class Ended:
    """The build ended: with a result, with a failure the user can mend, or cancelled."""

    outcome: Result | PyreqError | None


@dataclass(frozen=True)
class Inspected:
    """What was found in the artifacts that were built."""

    findings: tuple[Finding, ...]


@dataclass(frozen=True)
class Outdated:
    """Files changed since the estimate: what was planned is not what there is."""


Stream = deque["Event | Ended | Inspected | Outdated"]
"""What happens in one build, in order."""


class Building(Screen[None]):
    """Runs builds and holds what is known of the last; what it looks like is its subclass's business."""

    state: reactive[State] = reactive("building", bindings=True)

    class Advanced(Message):
        """The build as a whole got on; ``percent`` is ``None`` when it is over."""

        def __init__(self, percent: int | None) -> None:
            super().__init__()
            self.percent = percent

    class LongBuildEnded(Message):
        """A build ended that took so long that the user may look elsewhere."""

    class LookedInto(Message):
        """The artifacts of a Plan were built and looked into."""

        def __init__(self, plan: Plan, found: tuple[Finding, ...]) -> None:
            super().__init__()
            self.plan = plan
            self.found = found

    class SbomsWritten(Message):
        """What ships was written down; with a failure, why not."""

        def __init__(self, paths: tuple[Path, ...], failure: PyreqError | None = None) -> None:
            super().__init__()
            self.paths = paths
            self.failure = failure

    class EstimateOutdated(Message):
        """Nothing was built: files changed since the estimate, which is to be made anew."""

    class FindingsAsked(Message):
        """The findings are to be shown."""

    def __init__(
        self,
        engine: Engine,
        plan: Plan,
        materials: Materials,
        *,
        is_fresh: bool = False,
        offline: bool = False,
    ) -> None:
        """``is_fresh`` says that the estimate was made for this build; ``offline`` asks no index."""
        super().__init__()
        self.plan = plan
        self.steps: tuple[Step, ...] = EXPECTED
        self.rows: tuple[ArtifactRow, ...] = waiting(plan)
        self.started = monotonic()
        self.result: Result | None = None
        self.failure: PyreqError | None = None
        self.found: tuple[Finding, ...] = ()
        """What to know of the artifacts that were built."""
        self._is_fresh = is_fresh
        self._offline = offline
        self._engine = engine
        self._materials = materials
        self._cancel = threading.Event()
        self._stream: Stream = deque()
        self._percent: int | None = None

    # What a subclass shows.

    def show_progress(self, lines: Sequence[str]) -> None:
        """Steps, artifacts and the log got on."""
        raise NotImplementedError

    def show_end(self) -> None:
        """The build ended: ``state`` says how."""
        raise NotImplementedError

    def show_found(self) -> None:
        """The artifacts were looked into."""
        raise NotImplementedError

    # The work.

    def on_mount(self) -> None:
        """Begin."""
        self._clock = self.set_interval(DRAIN_SECONDS, self.drain)
        self.begin()

    def on_unmount(self) -> None:
        """Stop what still runs when the app is left: a thread would hold up the exit."""
        self._cancel.set()

    def begin(self) -> None:
        """Build, from nothing known."""
        self._cancel = threading.Event()
        self._stream = deque()  # of its own: what is still said of the build before is nobody's business
        self.started = monotonic()
        self.steps, self.rows = EXPECTED, waiting(self.plan)
        self.result = self.failure = None
        self.found = ()
        self.state = "building"
        self._clock.resume()
        self.call_after_refresh(self.build, self._stream, self._cancel, is_fresh=self._is_fresh)
        self._is_fresh = False

    def cancel(self) -> None:
        """Stop what runs."""
        self._cancel.set()
        self.state = "cancelling"

    @work(thread=True, description="build", group="build", exclusive=True, exit_on_error=False)
    def build(self, stream: Stream, cancel: threading.Event, *, is_fresh: bool) -> None:
        """Write the artifacts, then look into them; unless files changed since the estimate."""
        try:
            if not is_fresh and self._engine.is_outdated(self._materials):
                stream.append(Outdated())
                return
            result = self._engine.run(
                self.plan, self._materials, report=stream.append, cancel=cancel, offline=self._offline
            )
        except Cancelled:
            stream.append(Ended(None))
        except PyreqError as failure:
            stream.append(Ended(failure))
        else:
            stream.append(Ended(result))
            stream.append(Inspected(self._look_into(result)))

    @work(thread=True, description="sbom", group="sbom", exclusive=True, exit_on_error=False)
    def write_sboms(self, result: Result) -> None:
        """Write down what ships in what was built."""
        try:
            self.post_message(self.SbomsWritten(self._engine.write_sboms(result, self._materials)))
        except PyreqError as failure:
            self.post_message(self.SbomsWritten((), failure))

    def _look_into(self, result: Result) -> tuple[Finding, ...]:
        try:
            return self._engine.findings_on_disk(result.plan, self._materials)
        except PyreqError as failure:
            said = f"The artifacts could not be looked into: {failure.message}"
            return (Finding("warning", "not-looked-into", said, failure.where, failure.hint),)

    @property
    def is_drained(self) -> bool:
        """Whether all that was reported is on the screen."""
        return not self._stream

    def drain(self) -> None:
        """Take in what was reported since the last time."""
        lines = []
        now = monotonic()
        last: Ended | Inspected | Outdated | None = None
        for _ in range(min(len(self._stream), DRAIN_MOST)):
            event = self._stream.popleft()
            if isinstance(event, (Ended, Inspected, Outdated)):
                last = event
                break
            self.steps, self.rows = advanced(self.steps, event, now), progressed(self.rows, event)
            if (line := _line(event)) is not None:
                lines.append(line)
        match last:
            case Ended(outcome):
                self._end(outcome, now)
                self.show_progress(lines)
                self.show_end()
            case Inspected(findings):
                self.found = findings
                self._clock.pause()
                self.post_message(self.LookedInto(self.plan, findings))
                self.show_found()
            case Outdated():
                self._clock.pause()
                self.app.post_message(self.EstimateOutdated())
            case None:
                self._tell_progress(fraction_done(self.steps) if not self._is_over else None)
                self.show_progress(lines)

    @property
    def _is_over(self) -> bool:
        return self.state not in {"building", "cancelling"}

    def _end(self, outcome: Result | PyreqError | None, now: float) -> None:
        if now - self.started > LONG_SECONDS and self.state != "cancelling":
            self.post_message(self.LongBuildEnded())
        self._tell_progress(None)
        match outcome:
            case Result():
                self.state, self.result = "done", outcome
                self.steps, self.rows = finished(self.steps), built(self.rows, outcome)
            case PyreqError():
                self.state, self.failure = "failed", outcome
                self.steps = stopped(self.steps, now)
            case None:
                self.state = "cancelled"
                self.steps = stopped(self.steps, now)

    def _tell_progress(self, fraction: float | None) -> None:
        percent = None if fraction is None else round(100 * fraction)
        if percent != self._percent:
            self._percent = percent
            self.post_message(self.Advanced(percent))

    @on(Worker.StateChanged)
    def show_bug(self, event: Worker.StateChanged) -> None:
        """An exception nobody foresaw is shown whole."""
        worker = event.worker
        if (
            event.state is WorkerState.ERROR
            and worker.error is not None
            and worker.group in {"build", "sbom"}
        ):
            if worker.group == "build" and not self._is_over:
                self._stream.append(Ended(PyreqError("A bug in pyreq-tui stopped the build.")))
            self.app.push_screen(BugScreen(worker.error))


def _line(event: Event) -> str | None:
    match event:
        case LineLogged(step=step, text=text):
            return f"{step:<13}{printable(text)}"
        case ArtifactWritten(name=name, sha256=sha256, is_unchanged=is_unchanged):
            same = "  same bytes as before: deploy skips it" if is_unchanged else ""
            return f"{'write':<13}{printable(name)}  sha256 {sha256[:16]}…{same}"
        case _:
            return None
