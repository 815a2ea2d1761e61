"""What grew: against the last build, another stage, or another branch."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import Screen
from textual.suggester import SuggestFromList
from textual.widgets import Input, Static
from textual.worker import Worker, WorkerState

from pyreq_tui.build import StepAdvanced, StepStarted, read_baseline
from pyreq_tui.errors import Cancelled, PyreqError
from pyreq_tui.tui.change_rows import change_lines, summary
from pyreq_tui.tui.collector import collecting_nothing
from pyreq_tui.tui.failures import explained
from pyreq_tui.tui.screens.bug import BugScreen
from pyreq_tui.tui.text import MUTED, printable
from pyreq_tui.tui.widgets.key_line import KeyLine
from pyreq_tui.tui.widgets.title_line import TitleLine

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from pyreq_tui.build import ArtifactChange, Event, Plan
    from pyreq_tui.opening import Opening
    from pyreq_tui.tui.engine import Engine

SUGGESTIONS = ("last", "branch:main", "branch:master", "stage:prod", "stage:dev")


class ComparisonScreen(Screen[None]):
    """Compares the Plan on show with what is typed: ``last``, ``stage:prod``, ``branch:main``."""

    TITLE = "Comparison"
    CSS_PATH = "comparison.tcss"
    AUTO_FOCUS = "#comparison"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("l", "with('last')", "Last build", tooltip="Compare with the last build", id="compare.last"),
        Binding("b", "type('branch:')", "Branch", tooltip="Compare with a branch", id="compare.branch"),
        Binding("s", "type('stage:')", "Stage", tooltip="Compare with a stage", id="compare.stage"),
        Binding("y", "copy", "Copy", tooltip="Copy this text", id="compare.copy"),
        Binding("escape,q", "back", "Back", key_display="esc", tooltip="Back", id="compare.back"),
    ]
    HELP = """
## Comparison

What grew, shrank, appeared and went, artifact by artifact and package by package, what grew most first.
**l** compares with the last build, **b** with a branch, a tag or a commit, **s** with another stage; your
files are not touched.
"""

    @dataclass
    class Compared(Message):
        """What changed is known."""

        text: str
        changes: tuple[ArtifactChange, ...]

    @dataclass
    class Failed(Message):
        """It could not be found out."""

        text: str
        failure: PyreqError

    def __init__(self, engine: Engine, plan: Plan, opening: Opening) -> None:
        super().__init__()
        self._engine, self._plan, self._opening = engine, plan, opening
        self._cancel = threading.Event()
        self._wanted = "last"
        self._changes: tuple[ArtifactChange, ...] = ()
        self._activity = ""
        self.is_comparing = False

    def compose(self) -> ComposeResult:
        yield TitleLine()
        with Horizontal(id="with"):
            yield Static("Compare with", id="with-label")
            yield Input(
                self._wanted,
                id="with-text",
                select_on_focus=False,
                compact=True,
                suggester=SuggestFromList(SUGGESTIONS),
                placeholder="last, stage:NAME or branch:NAME",
            )
        yield Static(id="comparison-state")
        with VerticalScroll(id="comparison", can_focus=True):
            yield Static(id="changes")
        yield KeyLine()

    def on_mount(self) -> None:
        """Compare with the last build first."""
        self.query_one(TitleLine).name_service(self._plan.service)
        self.set_interval(0.1, self._show_activity)
        self.action_with("last")

    def on_unmount(self) -> None:
        """Stop what still runs."""
        self._cancel.set()

    # Comparing.

    def action_with(self, text: str) -> None:
        """Compare with ``text``."""
        self.query_one(Input).value = text
        self._compare(text)

    def action_type(self, begin: str) -> None:
        """Have the rest of it typed."""
        field = self.query_one(Input)
        field.value = begin
        field.focus()
        field.cursor_position = len(begin)

    @on(Input.Submitted)
    def _submit(self, event: Input.Submitted) -> None:
        self._compare(event.value.strip())
        self.query_one("#comparison").focus()

    def _compare(self, text: str) -> None:
        self._cancel.set()
        self._cancel = threading.Event()
        self._wanted, self._activity, self.is_comparing = text, "", True
        self.compare(text, self._cancel)

    @work(thread=True, description="compare", group="compare", exclusive=True, exit_on_error=False)
    def compare(self, text: str, cancel: threading.Event) -> None:
        """Find out what the baseline came to."""
        try:
            with collecting_nothing():
                changes = self._engine.compare(
                    read_baseline(text), self._plan, self._opening, report=self._note, cancel=cancel
                )
            self.post_message(self.Compared(text, changes))
        except PyreqError as failure:
            self.post_message(self.Failed(text, failure))
        except Cancelled:
            return

    def _note(self, event: Event) -> None:
        """Called from any thread: one assignment, which the timer picks up."""
        match event:
            case StepStarted(step=step):
                self._activity = step
            case StepAdvanced(step=step, done=done, total=int(total)):
                self._activity = f"{step} {done} of {total}"

    def _show_activity(self) -> None:
        if self.is_comparing:
            doing = f"Looking at {printable(self._wanted)}… {self._activity}"
            self.query_one("#comparison-state", Static).update(Content.styled(doing, "$warning"))

    @on(Compared)
    def show_changes(self, message: Compared) -> None:
        """Show what changed."""
        if message.text == self._wanted:
            self.is_comparing = False
            self._changes = message.changes
            title = read_baseline(message.text).title
            head = Content.assemble((f"Since {printable(title)}. ", MUTED), summary(message.changes))
            self._show(head)

    @on(Failed)
    def show_failure(self, message: Failed) -> None:
        """Say why there is nothing to show."""
        if message.text == self._wanted:
            self.is_comparing = False
            self._changes = ()
            self._show(explained(message.failure, self._plan.service.root))

    @on(Worker.StateChanged)
    def show_bug(self, event: Worker.StateChanged) -> None:
        """An exception nobody foresaw is shown whole."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self.is_comparing = False
            self.app.push_screen(BugScreen(event.worker.error))

    def _show(self, head: Content) -> None:
        self.query_one("#comparison-state", Static).update(head)
        self.on_resize()

    def on_resize(self) -> None:
        """Align again."""
        width = self.query_one("#comparison").scrollable_content_region.width
        self.query_one("#changes", Static).update(Content("\n").join(change_lines(self._changes, width)))

    def action_copy(self) -> None:
        """Copy what it says."""
        text = "\n".join(line.plain.rstrip() for line in change_lines(self._changes, 100))
        self.app.copy_to_clipboard(text)
        self.notify("Copied.", markup=False)

    def action_back(self) -> None:
        """Back to the workbench."""
        self.dismiss()
