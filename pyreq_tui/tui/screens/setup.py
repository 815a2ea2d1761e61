"""Guided setup on a screen: one question at a time, ending in the diff."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from pyreq_tui.errors import PyreqError
from pyreq_tui.service import write_all
from pyreq_tui.tui.diffs import coloured
from pyreq_tui.tui.failures import explained, printable_lines, relative
from pyreq_tui.tui.outcome_lines import outcome_line
from pyreq_tui.tui.screens.failure import FailureScreen
from pyreq_tui.tui.screens.journeying import Journeying
from pyreq_tui.tui.screens.snippet import SnippetScreen
from pyreq_tui.tui.text import MUTED, count, printable
from pyreq_tui.tui.widgets.choice_list import ChoiceList
from pyreq_tui.tui.widgets.key_line import KeyLine
from pyreq_tui.tui.widgets.title_line import TitleLine

if TYPE_CHECKING:
    from pathlib import Path

    from textual.app import ComposeResult

    from pyreq_tui.service import Edit
    from pyreq_tui.setup import Journey


WRITTEN = "What would be written"
OUTCOMES = 2
"""Artifacts of which is shown what becomes of them: with more a small terminal would show no choices."""


class SetupScreen(Journeying):
    """Closes with whether something was saved."""

    TITLE = "Setup"
    CSS_PATH = "setup.tcss"
    AUTO_FOCUS = "ChoiceList"
    HELP = """
## Setup

Each question says what was found, what is recommended, and why.
Nothing is written before the diff at the end.
"""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter,ctrl+s",
            "save",
            "Save",
            key_display="enter",
            tooltip="At the end: save what is shown",
            id="setup.save",
        ),
        Binding("enter", "onward", "Next", key_display="enter", tooltip="Next question", id="setup.next"),
        Binding("s", "skip", "Skip", tooltip="Leave this as it is, and go on", id="setup.skip"),
        Binding(
            "b,left,backspace", "back", "Back", key_display="b", tooltip="One question back", id="setup.back"
        ),
        Binding("y", "copy", "Copy diff", tooltip="Copy the diff", id="setup.copy"),
        Binding(
            "escape,q,ctrl+c",
            "leave",
            "Leave",
            key_display="esc",
            tooltip="Leave; nothing is written",
            id="setup.leave",
        ),
    ]

    def compose(self) -> ComposeResult:
        yield TitleLine()
        with Horizontal(id="setup-body"):
            with Vertical(id="question"):
                yield Static("", id="question-title", markup=False)
                yield Static("", id="found", markup=False)
                yield ChoiceList(id="choices")
                yield Static("", id="together", markup=False)
            with VerticalScroll(id="outcome"):
                yield Static("", id="diff", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Look at the folder."""
        self.query_one(TitleLine).names = Content("Setup")
        self.set_interval(0.1, self._show_activity)
        self.look()

    # Showing.

    def watch_journey(self, journey: Journey | None) -> None:
        """Show the question that stands, or the end."""
        super().watch_journey(journey)
        if journey is None or not self.is_mounted:
            return
        try:
            steps = journey.course.steps
        except PyreqError as failure:
            self.refuse(self.Failed(failure))
            return
        folder = journey.survey.folder
        title = self.query_one(TitleLine)
        title.names = Content.assemble(("Setup", "bold"), (" · ", MUTED), printable(folder.name))
        number = journey.at + 1
        place = "review" if journey.is_over else f"{number} of {max(number, len(steps))}"
        title.state = Content.styled(place, MUTED)
        self.set_class(journey.is_over, "-over")
        outcome, to_paste = self._outcome(journey), self._to_paste(journey)
        self.set_class(not outcome and not any(to_paste), "-unchanged")
        # A box has its own room around a title, a rule has none.
        self.query_one("#outcome").border_title = f" {WRITTEN} " if journey.is_over else WRITTEN
        self.query_one("#diff", Static).update(_shown(outcome, folder, *to_paste))
        self._show_together()
        choices = self.query_one(ChoiceList)
        choices.display = journey.step is not None
        if journey.step is not None:
            self._say(journey.step.title, journey.step.found)
            choices.show(journey.step, journey.chosen)
            choices.focus()
        elif journey.awaited is not None:
            self._show_activity()
        else:
            self._say(*self._last_words(journey, outcome))
            self.query_one("#outcome").focus()
        self.refresh_bindings()

    def watch_outcomes(self) -> None:
        """Show what all that is chosen comes to."""
        if self.is_mounted:
            self._show_together()

    def _show_together(self) -> None:
        """What comes of it stands where sizes are decided, and at the end."""
        journey = self.journey
        is_due = journey is not None and (journey.is_over or (journey.step and journey.step.key == "size"))
        lines = [outcome_line(outcome, is_changed=True) for outcome in self.outcomes[:OUTCOMES]]
        if more := len(self.outcomes) - len(lines):
            lines.append(Content.styled(f"and {count(more, 'artifact')} more", MUTED))
        together = self.query_one("#together", Static)
        together.update(Content("\n").join(lines))
        together.display = bool(is_due and lines)

    def _last_words(self, journey: Journey, outcome: tuple[Edit, ...] | PyreqError) -> tuple[str, str]:
        unknown = f" Sizes are not known: {self.unknown}" if self.unknown else ""
        if isinstance(outcome, PyreqError):
            return "This can't be written", f"Go back, or leave: nothing was written.{unknown}"
        snippet, code = self._to_paste(journey)
        if snippet:
            also = f" {count(len(outcome), 'file')} would be saved." if outcome else ""
            return f"Paste this into {code}", f"It is code, which pyreq-tui does not edit.{also}{unknown}"
        if not outcome:
            return "Nothing to change", f"{journey.survey.config_file.name} says so already.{unknown}"
        names = ", ".join(relative(edit.path, journey.survey.folder) for edit in outcome)
        return "Save this?", f"{count(len(outcome), 'file')} would change: {names}.{unknown}"

    def _to_paste(self, journey: Journey) -> tuple[str, str]:
        """What goes by hand into a service that is described in code, and its file; nothing for another."""
        code = journey.survey.code
        try:
            return (journey.course.snippet(), code.name) if code else ("", "")
        except PyreqError:  # said where the diff stands
            return "", ""

    def _say(self, title: str, text: str) -> None:
        self.query_one("#question-title", Static).update(Content(printable(title)))
        self.query_one("#found", Static).update(Content(printable(text)))

    def _show_activity(self) -> None:
        if self.journey is not None and self.journey.awaited is not None:
            self._say("Sizes", f"Finding out what would ship… {self.activity}. s goes on without.")

    def _outcome(self, journey: Journey) -> tuple[Edit, ...] | PyreqError:
        """The files that would change, or why they can't be written."""
        try:
            return journey.course.edits()
        except PyreqError as failure:
            return failure

    # What the user asks for.

    @on(ChoiceList.Chosen)
    def answer(self, message: ChoiceList.Chosen) -> None:
        """Take an answer, and show what it comes to."""
        if self.journey is not None:
            self.journey = self.journey.answered(message.keys)

    def action_onward(self) -> None:
        """On to the next question."""
        if self.journey is not None:
            self.journey = self.journey.onward()
            self.weigh_ahead()

    def action_skip(self) -> None:
        """Leave this as it is, and go on; without sizes, where those are awaited."""
        journey = self.journey
        if journey is None:
            return
        if journey.awaited is not None:
            self.go_without()
        else:
            self.journey = journey.skipped()
            self.weigh_ahead()

    def action_back(self) -> None:
        """One question back."""
        if self.journey is not None:
            self.journey = self.journey.back()

    def action_copy(self) -> None:
        """Copy the diff."""
        outcome = self._outcome(self.journey) if self.journey else ()
        if not isinstance(outcome, PyreqError):
            self.app.copy_to_clipboard("".join(edit.diff() for edit in outcome))
            self.notify("Diff copied.", markup=False)

    def action_leave(self) -> None:
        """Leave; nothing is written."""
        self.dismiss(False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Grey what can't be done now; at the end, save instead of going on."""
        is_over = self.journey is not None and self.journey.is_over
        if action in {"save", "onward"}:
            return is_over == (action == "save")
        if action == "back" and (self.journey is None or self.journey.at == 0):
            return None
        if action == "skip" and (self.journey is None or is_over):
            return None
        return True

    def why_not(self, action: str) -> str:
        """Completes "not now: …" for what is greyed."""
        return "this is the first question" if action == "back" else "there is nothing to skip"

    def action_save(self) -> None:
        """Write what is shown: all of it or nothing."""
        if self.journey is None:
            return
        try:
            edits = self.journey.course.edits()
            write_all(edits)
        except PyreqError as failure:
            self.app.push_screen(FailureScreen(failure, self.journey.survey.folder))
            return
        if edits:
            names = ", ".join(edit.path.name for edit in edits)
            self.app.notify(f"Saved: {printable(names)}.", markup=False)
        survey = self.journey.survey
        snippet, _ = self._to_paste(self.journey)
        if snippet and survey.code is not None:
            screen = SnippetScreen(survey.code, survey.config_file.name, snippet)
            self.app.push_screen(screen, lambda _: self.dismiss(bool(edits)))
        else:
            self.dismiss(bool(edits))


def _shown(outcome: tuple[Edit, ...] | PyreqError, folder: Path, snippet: str, code: str) -> Content:
    """What would be written, file by file, and what is to be pasted."""
    if isinstance(outcome, PyreqError):
        return explained(outcome, folder)
    files = []
    if snippet:
        pasted = Content.styled(printable_lines(snippet), "$success")
        files.append(Content.assemble((f"{printable(code)} (by hand)\n", "bold"), pasted))
    for edit in outcome:
        name = f"{printable(relative(edit.path, folder))}{' (new)' if edit.before is None else ''}"
        files.append(Content.assemble((f"{name}\n", "bold"), coloured(edit.diff())))
    return Content("\n\n").join(files) if files else Content.styled("nothing changes", MUTED)
