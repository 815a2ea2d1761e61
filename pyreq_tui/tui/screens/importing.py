"""Tries the imports of the handlers: says first what that does, then does it, then what came of it."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, ClassVar, Literal

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widgets import Button, Static
from textual.worker import Worker, WorkerState

from pyreq_tui.build import StepAdvanced, StepFinished, StepStarted
from pyreq_tui.errors import Cancelled, PyreqError
from pyreq_tui.tui.collector import collecting_nothing
from pyreq_tui.tui.engine import Tried
from pyreq_tui.tui.failures import explained
from pyreq_tui.tui.import_rows import handler_rows, verdict
from pyreq_tui.tui.screens.bug import BugScreen
from pyreq_tui.tui.screens.dialog import Dialog
from pyreq_tui.tui.text import MUTED, percent, printable, seconds

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from pyreq_tui.build import Event, Materials, Plan
    from pyreq_tui.findings import Prospect
    from pyreq_tui.opening import Opening
    from pyreq_tui.tui.engine import Engine

SAID_FIRST = (
    "This runs your code: each handler is imported from its artifact, apart from everything else, without "
    "network or credentials, in a minute and 10 GB at most. It is no prison for hostile code. What is not "
    "built yet is built first."
)
State = Literal["looking", "asking", "trying", "done", "failed"]


@dataclass(frozen=True)
class Outcome:
    """What came of it, and whether the findings are to be shown."""

    tried: Tried
    shows_findings: bool


class ImportsScreen(Dialog["Outcome | Literal['outdated'] | None"]):
    """Closes with what came of it; ``None`` where nothing was tried.

    ``outdated`` says that nothing was, for files changed since the estimate.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go", "Try", tooltip="Try the imports; this runs your code", id="imports.try"),
    ]
    DEFAULT_CSS = """
    ImportsScreen {
        & > .frame { max-width: 96; }
        .note { color: $text-muted; }
        .body { margin: 1 0; }
        #import-state { height: auto; }
    }
    """
    HELP = """
## Trying the imports

What a handler's first import needs is found out by importing it, from the built artifact alone. What is
missing becomes a finding, with what left it out. The times are a measure of the cold start, on this machine.
"""

    state: reactive[State] = reactive("looking", bindings=True)

    @dataclass
    class Looked(Message):
        """What would be done is known."""

        prospects: tuple[Prospect, ...]

    @dataclass
    class Ended(Message):
        """It was done, failed for a reason the user can mend, or was cancelled."""

        outcome: Tried | PyreqError | None

    class Outdated(Message):
        """Files changed since the estimate: what it says is not what is to be tried."""

    def __init__(self, engine: Engine, plan: Plan, materials: Materials, opening: Opening) -> None:
        super().__init__()
        self._engine, self._plan, self._materials, self._opening = engine, plan, materials, opening
        self._cancel = threading.Event()
        self._prospects: tuple[Prospect, ...] = ()
        self._tried: Tried | None = None
        self._activity = ""
        self._started = 0.0

    def compose(self) -> ComposeResult:
        with Vertical(classes="frame") as frame:
            frame.border_title = Content.styled("Try imports", "bold")
            yield Static(Content(SAID_FIRST), classes="note")
            with VerticalScroll(classes="body"):
                yield Static("", id="import-rows")
            yield Static("", id="import-state")
            with Horizontal(classes="buttons"):
                yield Button("Try  enter", id="try", compact=True, variant="primary", disabled=True)
                yield Button("Back  esc", id="close", compact=True)

    def on_mount(self) -> None:
        """See what would be done."""
        self.set_interval(0.1, self._show_activity)
        self.look(self._cancel)

    def on_unmount(self) -> None:
        """Stop what still runs when the app is left."""
        self._cancel.set()

    # Work, in threads: it computes and posts, nothing else.

    @work(thread=True, description="imports", group="imports", exclusive=True, exit_on_error=False)
    def look(self, cancel: threading.Event) -> None:
        """Find out what would be done."""
        try:
            self.post_message(self.Looked(self._engine.prospects(self._plan, self._opening, cancel)))
        except PyreqError as failure:
            self.post_message(self.Ended(failure))
        except Cancelled:
            return

    @work(thread=True, description="imports", group="imports", exclusive=True, exit_on_error=False)
    def try_imports(self, cancel: threading.Event) -> None:
        """Do it, unless files changed since the estimate."""
        try:
            if self._engine.is_outdated(self._materials):
                self.post_message(self.Outdated())
                return
            with collecting_nothing():
                tried = self._engine.try_imports(
                    self._plan, self._materials, self._opening, report=self._note, cancel=cancel
                )
            self.post_message(self.Ended(tried))
        except PyreqError as failure:
            self.post_message(self.Ended(failure))
        except Cancelled:
            self.post_message(self.Ended(None))

    def _note(self, event: Event) -> None:
        """Called from any thread: one assignment, which the timer picks up."""
        match event:
            case StepStarted(step=step):
                self._activity = step
            case StepAdvanced(step="import" as step, done=done, total=int(total)):
                self._activity = f"{step} {done} of {total}"
            case StepAdvanced(step=step, done=done, total=int(total)) if total:
                self._activity = f"{step} {percent(done / total)}"
            case StepFinished(step=step):
                self._activity = f"{step} ✓"

    # What came of it, taken in.

    @on(Looked)
    def ask(self, message: Looked) -> None:
        """Show what would be done, and ask."""
        self._prospects = message.prospects
        self.state = "asking"

    @on(Outdated)
    def give_up(self) -> None:
        """Have the estimate made anew."""
        self.dismiss("outdated")

    @on(Ended)
    def take_outcome(self, message: Ended) -> None:
        """Show what came of it."""
        match message.outcome:
            case Tried():
                self._tried = message.outcome
                self.state = "done"
            case PyreqError():
                self.state = "failed"
                said = explained(message.outcome, self._plan.service.root)
                self.query_one("#import-state", Static).update(said)
            case None:
                self.state = "asking"
                self._say("Cancelled. What was built whole stays.", "$warning")

    @on(Worker.StateChanged)
    def show_bug(self, event: Worker.StateChanged) -> None:
        """An exception nobody foresaw is shown whole."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self.state = "failed"
            self.app.push_screen(BugScreen(event.worker.error))

    # Showing.

    def watch_state(self) -> None:
        """Show how far it is."""
        self.query_one("#try", Button).disabled = self.check_action("go", ()) is None
        self._label("#try", "Findings  enter" if self.state == "done" else "Try  enter")
        self._label("#close", "Cancel  esc" if self.state == "trying" else "Back  esc")
        self._fill()
        match self.state:
            case "asking" if not self._is_possible:
                self._say(f"✗ {self.why_not('go')}", "$error")
            case "asking":
                self._say("", "")
            case "done" if self._tried is not None:
                number = sum(len(prospect.functions) for prospect in self._prospects)
                self.query_one("#import-state", Static).update(verdict(self._tried.imports, number))

    def _label(self, button: str, text: str) -> None:
        self.query_one(button, Button).label = text
        self.query_one(button, Button).refresh(layout=True)

    @property
    def _is_possible(self) -> bool:
        return any(prospect.obstacle is None for prospect in self._prospects)

    def on_resize(self) -> None:
        """Align again."""
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        width = self.query_one(VerticalScroll).scrollable_content_region.width
        if width:
            rows = handler_rows(self._prospects, self._tried.imports if self._tried else (), width)
            self.query_one("#import-rows", Static).update(rows)

    def _show_activity(self) -> None:
        if self.state == "looking":
            self._say("Looking for interpreters…", MUTED)
        elif self.state == "trying":
            self._say(f"{self._activity}… {seconds(monotonic() - self._started)}", "$warning")

    def _say(self, text: str, role: str) -> None:
        self.query_one("#import-state", Static).update(Content.styled(printable(text), role))

    # What the user asks for.

    @on(Button.Pressed, "#try")
    def action_go(self) -> None:
        """Try the imports; once that is done, show the findings."""
        if self.state == "done" and self._tried is not None:
            self.dismiss(Outcome(self._tried, shows_findings=True))
        elif self.check_action("go", ()):
            self._cancel = threading.Event()
            self._tried, self._started = None, monotonic()
            self._activity = "begin"
            self.state = "trying"
            self.try_imports(self._cancel)

    @on(Button.Pressed, "#close")
    def action_close(self) -> None:
        """Cancel what runs; else close with what is known."""
        self._cancel.set()
        if self.state != "trying":
            self.dismiss(Outcome(self._tried, shows_findings=False) if self._tried else None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Grey what can't be done now."""
        if action == "go":
            return True if self.state in {"asking", "done", "failed"} and self._is_possible else None
        return True

    def why_not(self, action: str) -> str:
        """Completes "not now: …" for what is greyed."""
        if action != "go" or self.state in {"looking", "trying"}:
            return ""
        if not self._prospects:
            return "pyreq-tui packages no handler here whose import could be tried"
        return "no handler can be imported on this machine"
