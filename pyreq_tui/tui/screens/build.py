"""The build: steps with times, a streaming log, cancel at once; then the result beside its estimate."""

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
from textual.widgets import Log, Static
from textual.worker import Worker, WorkerState

from pyreq_tui.build import ArtifactWritten, FindingRaised, LineLogged
from pyreq_tui.errors import Cancelled, PyreqError
from pyreq_tui.tui.screens.bug import BugScreen
from pyreq_tui.tui.text import MUTED, printable, seconds
from pyreq_tui.tui.widgets.key_line import KeyLine
from pyreq_tui.tui.widgets.result_table import ResultTable
from pyreq_tui.tui.widgets.steps import EXPECTED, Steps, advanced, finished, stopped
from pyreq_tui.tui.widgets.title_line import TitleLine
from pyreq_tui.tui.widgets.trouble import printable_lines

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from pyreq_tui.build import Event, Materials, Plan, Result
    from pyreq_tui.tui.engine import Engine

DRAIN_SECONDS = 0.05
"""How often events reach the screen: one message for each line would take sixty times as long."""
LOG_LINES = 20_000
"""How much of the log is kept."""
WIDE = 108
"""From this width on the result has room for everything."""

State = Literal["building", "cancelling", "cancelled", "failed", "done"]


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
        Binding("l", "log", "Log", tooltip="Go to the log, or back to the result", id="build.log"),
        Binding("c", "copy", "Copy log", tooltip="Copy the whole log", id="build.copy"),
        Binding(
            "y", "copy_command", "Copy next", tooltip="Copy the command that deploys", id="build.copy-command"
        ),
        Binding("q", "back", "Back", show=False, id="build.quit"),
    ]

    state: reactive[State] = reactive("building", bindings=True)

    @dataclass
    class Finished(Message):
        """The artifacts stand on disk."""

        result: Result

    @dataclass
    class Stopped(Message):
        """The build ended before its end: cancelled, or failed for a reason the user can mend."""

        failure: PyreqError | None

    def __init__(self, engine: Engine, plan: Plan, materials: Materials) -> None:
        super().__init__()
        self._engine = engine
        self._plan = plan
        self._materials = materials
        self._cancel = threading.Event()
        self._events: deque[Event] = deque()
        self._started = monotonic()

    def compose(self) -> ComposeResult:
        yield TitleLine()
        yield Steps()
        yield Static("", id="verdict", markup=False)
        with Vertical(id="result-pane"):
            yield ResultTable(id="result")
        with Vertical(id="log-pane"):
            yield Log(id="log", max_lines=LOG_LINES)
        yield KeyLine()

    def on_mount(self) -> None:
        """Begin."""
        self.query_one("#log-pane").border_title = "Log"
        self.query_one("#result-pane").border_title = "Result"
        self.query_one(TitleLine).name_service(self._plan.service)
        self.set_interval(DRAIN_SECONDS, self.drain)
        self._begin()

    def on_unmount(self) -> None:
        """Stop what still runs when the app is left: a thread would hold up the exit."""
        self._cancel.set()

    def _begin(self) -> None:
        self._cancel = threading.Event()
        self._started = monotonic()
        self.state = "building"
        self.build(self._cancel)

    @work(thread=True, description="build", group="build", exclusive=True, exit_on_error=False)
    def build(self, cancel: threading.Event) -> None:
        """Write the artifacts."""
        try:
            result = self._engine.run(self._plan, self._materials, report=self._events.append, cancel=cancel)
            self.post_message(self.Finished(result))
        except Cancelled:
            self.post_message(self.Stopped(None))
        except PyreqError as failure:
            self.post_message(self.Stopped(failure))

    def drain(self) -> None:
        """Take in everything reported since the last time."""
        widget = self.query_one(Steps)
        steps, lines = widget.steps, []
        now = monotonic()
        while self._events:
            event = self._events.popleft()
            steps = advanced(steps, event, now)
            line = _line(event)
            if line is not None:
                lines.append(line)
        if lines:
            self.query_one(Log).write_lines(lines)
        widget.now = now
        widget.steps = steps
        if self.state in {"building", "cancelling"}:
            self._show_state(f"{self.state}… {seconds(now - self._started)}", "$warning")

    def _show_state(self, text: str, role: str) -> None:
        self.query_one(TitleLine).state = Content.styled(text, role)

    @on(Finished)
    def show_result(self, message: Finished) -> None:
        """Show the artifacts, estimate beside result, and what comes next."""
        self.drain()
        result = message.result
        steps = self.query_one(Steps)
        steps.steps = finished(steps.steps)
        self.state = "done"
        self._show_state(f"✓ built in {seconds(result.seconds)}", "$success")
        self._say(
            Content.assemble(
                ("✓ ", "$success bold"),
                (f"Built in {seconds(result.seconds)}", "bold"),
                (f" · {printable(result.cache.reason)}", MUTED),
                "   next: ",
                ("sls deploy", "bold $primary"),
            )
        )
        table = self.query_one(ResultTable)
        table.show(result, self._plan, is_wide=self.app.size.width >= WIDE)
        self._title_result(result)
        self.add_class("-done")
        table.focus()

    def _title_result(self, result: Result) -> None:
        pane = self.query_one("#result-pane")
        folder = result.artifacts[0].path.parent.name if result.artifacts else ""
        pane.border_title = Content(f"Result in {printable(folder)}/" if folder else "Result")

    @on(ResultTable.RowHighlighted)
    def show_digest(self, event: ResultTable.RowHighlighted) -> None:
        """Say the digest of the artifact under the cursor."""
        key = event.row_key.value or ""
        self.query_one("#result-pane").border_subtitle = Content(f"sha256 {key}") if key else None

    @on(Stopped)
    def show_stop(self, message: Stopped) -> None:
        """Say why there is no result, and what was kept."""
        self.drain()
        steps = self.query_one(Steps)
        steps.steps = stopped(steps.steps, monotonic())
        if message.failure is None:
            self.state = "cancelled"
            self._show_state("cancelled", "$warning")
            self._say(
                Content.assemble(
                    ("✗ Cancelled. ", "$warning bold"),
                    "Nothing half-written is left; what was downloaded is kept for the next build.",
                )
            )
            return
        failure = message.failure
        self.state = "failed"
        self._show_state("✗ failed", "$error")
        lines = [Content.assemble(("✗ ", "$error bold"), (printable_lines(failure.message), "bold"))]
        if failure.where is not None:
            lines.append(Content.styled(f"  {printable(str(failure.where))}", MUTED))
        if failure.hint:
            lines.append(Content.styled(f"→ {printable_lines(failure.hint)}", "$success"))
        self._say(Content("\n").join(lines))

    @on(Worker.StateChanged)
    def show_bug(self, event: Worker.StateChanged) -> None:
        """An exception nobody foresaw is shown whole."""
        if (
            event.worker.group == "build"
            and event.state is WorkerState.ERROR
            and event.worker.error is not None
        ):
            self.show_stop(self.Stopped(PyreqError("A bug in pyreq-tui stopped the build.")))
            self.app.push_screen(BugScreen(event.worker.error))

    def _say(self, text: Content) -> None:
        verdict = self.query_one("#verdict", Static)
        verdict.update(text)
        verdict.add_class("-shown")

    def action_stop(self) -> None:
        """Cancel what runs."""
        self._cancel.set()
        self.state = "cancelling"

    def action_back(self) -> None:
        """Back to the workbench."""
        self.dismiss(None)

    def action_log(self) -> None:
        """Go to the log, or back to the result."""
        self.toggle_class("-log")
        self.query_one("#log" if self.has_class("-log") or self.state != "done" else "#result").focus()

    def action_copy(self) -> None:
        """Copy the whole log."""
        self.app.copy_to_clipboard("\n".join(self.query_one(Log).lines))
        self.notify("Log copied.", markup=False)

    def action_copy_command(self) -> None:
        """Copy the command that deploys."""
        self.app.copy_to_clipboard("sls deploy")
        self.notify("Copied: sls deploy", markup=False)

    def action_again(self) -> None:
        """Build once more."""
        self.query_one(Steps).steps = EXPECTED
        self.query_one(Log).clear()
        self.query_one("#verdict").remove_class("-shown")
        self.remove_class("-done", "-log")
        self._begin()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Offer what the state allows."""
        if action == "stop":
            return self.state == "building"
        if action == "back":
            return self.state in {"cancelled", "failed", "done"}
        if action == "again":
            return self.state in {"cancelled", "failed", "done"}
        if action == "copy_command":
            return self.state == "done"
        return True


def _line(event: Event) -> str | None:
    match event:
        case LineLogged(step=step, text=text):
            return f"{step:<13}{printable(text)}"
        case FindingRaised(finding=finding):
            return f"{finding.severity:<13}{printable(finding.message)}"
        case ArtifactWritten(name=name, sha256=sha256, is_unchanged=is_unchanged):
            same = "  same bytes as before: deploy skips it" if is_unchanged else ""
            return f"{'write':<13}{printable(name)}  sha256 {sha256[:16]}…{same}"
        case _:
            return None
