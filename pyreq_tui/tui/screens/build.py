"""The build: steps with times, artifacts side by side, a log, cancel at once; then what came of it."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import Static
from textual.worker import Worker, WorkerState

from pyreq_tui.build import ArtifactWritten, LineLogged, Result
from pyreq_tui.errors import Cancelled, PyreqError
from pyreq_tui.tui.failures import explained
from pyreq_tui.tui.finding_rows import tally
from pyreq_tui.tui.outcomes import next_command, of_artifact, of_cancel, of_result
from pyreq_tui.tui.screens.bug import BugScreen
from pyreq_tui.tui.terminal import LONG_SECONDS
from pyreq_tui.tui.text import printable, seconds
from pyreq_tui.tui.widgets.artifact_table import ArtifactTable, built, progressed, waiting
from pyreq_tui.tui.widgets.key_line import KeyLine
from pyreq_tui.tui.widgets.log_pane import LogPane
from pyreq_tui.tui.widgets.steps import EXPECTED, Steps, advanced, finished, fraction_done, stopped
from pyreq_tui.tui.widgets.title_line import TitleLine
from pyreq_tui.whole import write_whole

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from pyreq_tui.build import Event, Materials, Plan
    from pyreq_tui.errors import Finding
    from pyreq_tui.tui.engine import Engine
    from pyreq_tui.tui.widgets.artifact_table import ArtifactRow

DRAIN_SECONDS = 0.05
"""How often events reach the screen: one message for each line would take sixty times as long."""
DRAIN_MOST = 2_000
"""Events taken in at a time, so that a flood never holds up a key."""
LOG_NAME = "pyreq-build.log"
"""What a saved log is called; it is put beside the artifacts."""

State = Literal["building", "cancelling", "cancelled", "failed", "done"]


@dataclass(frozen=True)
class Ended:
    """The build ended: with a result, with a failure the user can mend, or cancelled."""

    outcome: Result | PyreqError | None


@dataclass(frozen=True)
class Inspected:
    """What was found in the artifacts that were built."""

    findings: tuple[Finding, ...]


class BuildScreen(Screen[None]):
    """Carries a Plan out in a worker, and shows what it reports."""

    TITLE = "Build"
    CSS_PATH = "build.tcss"
    AUTO_FOCUS = "#log"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "escape",
            "stop",
            "Cancel",
            tooltip="Cancel at once; nothing half-written is left",
            id="build.stop",
        ),
        Binding("escape", "back", "Back", tooltip="Back to the workbench", id="build.back"),
        Binding("b", "again", "Build again", tooltip="Build once more", id="build.again"),
        Binding(
            "y", "copy_next", "Copy next", tooltip="Copy the command that comes next", id="build.copy-command"
        ),
        Binding("y", "copy_failure", "Copy error", tooltip="Copy what went wrong", id="build.copy-failure"),
        Binding("d", "findings", "Findings", tooltip="What was found in what was built", id="build.findings"),
        Binding("slash", "search", "Search", key_display="/", tooltip="Search the log", id="build.search"),
        Binding("n", "found(1)", "Next", tooltip="Go to the next place", id="build.next"),
        Binding(
            "N",
            "found(-1)",
            "Before",
            key_display="N",
            show=False,
            tooltip="Go to the place before",
            id="build.before",
        ),
        Binding("c", "copy", "Copy log", tooltip="Copy the whole log", id="build.copy"),
        Binding(
            "s",
            "save",
            "Save log",
            tooltip="Save the log to a file beside the artifacts",
            id="build.save-log",
        ),
        Binding("q", "back", "Back", show=False, id="build.quit"),
    ]

    HELP = """
## The build

Steps at the top, with their states and times; under them the artifacts, then the log. **esc** cancels at
once: the artifacts from before stay as they were, and what was fetched whole is kept.
"""

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

    class FindingsAsked(Message):
        """The findings are to be shown."""

    def __init__(self, engine: Engine, plan: Plan, materials: Materials) -> None:
        super().__init__()
        self._engine = engine
        self._plan = plan
        self._materials = materials
        self._cancel = threading.Event()
        self._events: deque[Event | Ended | Inspected] = deque()
        self._started = monotonic()
        self._failure: PyreqError | None = None
        self._percent: int | None = None
        self._rows = waiting(plan)
        self.found: tuple[Finding, ...] = ()
        """What to know of the artifacts that were built."""

    def compose(self) -> ComposeResult:
        yield TitleLine()
        yield Static("", id="verdict", markup=False)
        yield Steps()
        with Vertical(id="artifacts-pane", classes="pane", name="Artifacts"):
            yield ArtifactTable(id="artifacts")
            yield Static("", id="artifact-detail", markup=False)
        yield LogPane(id="log-pane", classes="pane", name="Log")
        yield KeyLine(("build.next", "build.again"))

    def on_mount(self) -> None:
        """Begin."""
        self.query_one("#artifacts-pane").border_title = "Artifacts"
        self.query_one(TitleLine).name_service(self._plan.service)
        self._clock = self.set_interval(DRAIN_SECONDS, self.drain)
        self._begin()

    def on_unmount(self) -> None:
        """Stop what still runs when the app is left: a thread would hold up the exit."""
        self._cancel.set()

    def _begin(self) -> None:
        self._cancel = threading.Event()
        self._started = monotonic()
        self._failure = None
        self._show_rows(waiting(self._plan))
        self.found = ()
        self.state = "building"
        self._clock.resume()
        self.build(self._cancel)

    @work(thread=True, description="build", group="build", exclusive=True, exit_on_error=False)
    def build(self, cancel: threading.Event) -> None:
        """Write the artifacts, then look into them. All that happens goes into one stream, in order."""
        try:
            result = self._engine.run(self._plan, self._materials, report=self._events.append, cancel=cancel)
        except Cancelled:
            self._events.append(Ended(None))
        except PyreqError as failure:
            self._events.append(Ended(failure))
        else:
            self._events.append(Ended(result))
            self._events.append(Inspected(self._engine.findings_on_disk(result.plan, self._materials)))

    def drain(self) -> None:
        """Take in what was reported since the last time."""
        widget = self.query_one(Steps)
        steps, rows, lines = widget.steps, self._rows, []
        now = monotonic()
        last: Ended | Inspected | None = None
        for _ in range(min(len(self._events), DRAIN_MOST)):
            event = self._events.popleft()
            if isinstance(event, (Ended, Inspected)):
                last = event
                break
            steps, rows = advanced(steps, event, now), progressed(rows, event)
            if (line := _line(event)) is not None:
                lines.append(line)
        self.query_one(LogPane).add(lines)
        widget.now, widget.steps = now, steps
        self._show_rows(rows)
        match last:
            case Ended(outcome):
                self._end(outcome)
            case Inspected(findings):
                self._show_findings(findings)
                self._clock.pause()
            case None if self.state in {"building", "cancelling"}:
                self._show_state(f"{self.state}… {seconds(now - self._started)}", "$warning")
                self._tell_progress(fraction_done(steps))

    def _tell_progress(self, fraction: float | None) -> None:
        percent = None if fraction is None else round(100 * fraction)
        if percent != self._percent:
            self._percent = percent
            self.post_message(self.Advanced(percent))

    def _show_state(self, text: str, role: str) -> None:
        self.query_one(TitleLine).state = Content.styled(text, role)

    def _show_rows(self, rows: tuple[ArtifactRow, ...]) -> None:
        self._rows = rows
        self.query_one(ArtifactTable).show(rows)

    # The end.

    def _end(self, outcome: Result | PyreqError | None) -> None:
        self._tell_progress(None)
        if monotonic() - self._started > LONG_SECONDS and self.state != "cancelling":
            self.post_message(self.LongBuildEnded())
        match outcome:
            case None:
                self._show_cancel()
            case PyreqError():
                self._show_failure(outcome)
            case Result():
                self._show_result(outcome)

    def _show_result(self, result: Result) -> None:
        steps = self.query_one(Steps)
        steps.steps = finished(steps.steps)
        self.state = "done"
        self._show_state(f"✓ built in {seconds(result.seconds)}", "$success")
        self._say(of_result(result, self._plan.service))
        self._show_rows(built(self._rows, result))
        self.add_class("-done")
        self.query_one(ArtifactTable).focus()
        self._show_detail(self._rows[0].planned.filename if self._rows else None)

    def _show_cancel(self) -> None:
        steps = self.query_one(Steps)
        steps.steps = stopped(steps.steps, monotonic())
        self.state = "cancelled"
        self._show_state("cancelled", "$warning")
        self._say(of_cancel(steps.steps))
        self.add_class("-stopped")

    def _show_failure(self, failure: PyreqError) -> None:
        steps = self.query_one(Steps)
        steps.steps = stopped(steps.steps, monotonic())
        self.state = "failed"
        self._failure = failure
        self._show_state("✗ failed", "$error")
        self._say(explained(failure, self._plan.service.root))
        self.add_class("-stopped")

    def _show_findings(self, findings: tuple[Finding, ...]) -> None:
        self.found = findings
        self.post_message(self.LookedInto(self._plan, findings))
        if findings:
            self.query_one("#artifacts-pane").border_subtitle = Content(
                f"d: {tally(findings)} in what was built"
            )
        self.refresh_bindings()

    @on(Worker.StateChanged)
    def show_bug(self, event: Worker.StateChanged) -> None:
        """An exception nobody foresaw is shown whole."""
        worker = event.worker
        if worker.group == "build" and event.state is WorkerState.ERROR and worker.error is not None:
            self.drain()
            if self.state in {"building", "cancelling"}:
                self._show_failure(PyreqError("A bug in pyreq-tui stopped the build."))
            self.app.push_screen(BugScreen(worker.error))

    def _say(self, text: Content) -> None:
        verdict = self.query_one("#verdict", Static)
        verdict.update(text)
        verdict.add_class("-shown")

    @on(ArtifactTable.RowHighlighted)
    def show_artifact(self, event: ArtifactTable.RowHighlighted) -> None:
        """Say the path and the digest of the artifact under the cursor."""
        self._show_detail(event.row_key.value)

    def _show_detail(self, filename: str | None) -> None:
        row = self.query_one(ArtifactTable).row_of(filename)
        if row is not None:
            self.query_one("#artifact-detail", Static).update(of_artifact(row, self._plan.service))

    # What the user asks for.

    def action_stop(self) -> None:
        """Cancel what runs; a search is closed first."""
        if not self._close_search():
            self._cancel.set()
            self.state = "cancelling"

    def action_back(self) -> None:
        """Back to the workbench; a search is closed first."""
        if not self._close_search():
            self.dismiss(None)

    def _close_search(self) -> bool:
        log = self.query_one(LogPane)
        was_searching = log.is_searching
        if was_searching:
            log.close_search()
        return was_searching

    def action_search(self) -> None:
        """Type what to look for in the log."""
        self.query_one(LogPane).search()

    def action_found(self, step: int) -> None:
        """Go to another place that was found."""
        self.query_one(LogPane).go(step)

    def action_copy(self) -> None:
        """Copy the whole log."""
        self.app.copy_to_clipboard(self.query_one(LogPane).text)
        self.notify("Log copied.", markup=False)

    def action_save(self) -> None:
        """Save the log beside the artifacts, and say where."""
        file = self._plan.service.output / LOG_NAME
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(file, self.query_one(LogPane).text + "\n")
        except OSError as error:
            self.notify(f"{file} can't be written: {error.strerror}.", severity="error", markup=False)
        else:
            self.notify(f"Log saved: {printable(str(file))}", markup=False)

    def action_copy_next(self) -> None:
        """Copy the command that comes next."""
        command = next_command(self._plan.service)
        self.app.copy_to_clipboard(command)
        self.notify(f"Copied: {command}", markup=False)

    def action_copy_failure(self) -> None:
        """Copy what went wrong."""
        self.app.copy_to_clipboard(str(self._failure))
        self.notify("Error copied.", markup=False)

    def action_findings(self) -> None:
        """Show what was found in what was built."""
        self.post_message(self.FindingsAsked())

    def action_again(self) -> None:
        """Build once more."""
        self.query_one(Steps).steps = EXPECTED
        self.query_one(LogPane).clear()
        self.query_one("#verdict").remove_class("-shown")
        self.query_one("#artifacts-pane").border_subtitle = None
        self.remove_class("-done", "-stopped")
        self._begin()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Offer what the state allows."""
        is_over = self.state in {"cancelled", "failed", "done"}
        match action:
            case "stop":
                return self.state == "building"
            case "back":
                return self.state != "building"
            case "again":
                return is_over
            case "copy_next":
                return self.state == "done"
            case "copy_failure":
                return self.state == "failed"
            case "findings":
                return bool(self.found)
            case "found":
                return self.query_one(LogPane).is_searching
            case "search":
                return not self.query_one(LogPane).is_typing
        return True


def _line(event: Event) -> str | None:
    match event:
        case LineLogged(step=step, text=text):
            return f"{step:<13}{printable(text)}"
        case ArtifactWritten(name=name, sha256=sha256, is_unchanged=is_unchanged):
            same = "  same bytes as before: deploy skips it" if is_unchanged else ""
            return f"{'write':<13}{printable(name)}  sha256 {sha256[:16]}…{same}"
        case _:
            return None
