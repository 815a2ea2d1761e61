"""Proposes the changes that make everything fit, and lets a person choose among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, OptionList, Static
from textual.widgets.option_list import Option
from textual.worker import Worker, WorkerState

from pyreq_tui.build import changes_for, outcomes
from pyreq_tui.errors import PyreqError
from pyreq_tui.sizes import format_change
from pyreq_tui.tui.collector import collecting_nothing
from pyreq_tui.tui.failures import explained
from pyreq_tui.tui.outcome_lines import outcome_lines
from pyreq_tui.tui.screens.bug import BugScreen
from pyreq_tui.tui.screens.dialog import Dialog
from pyreq_tui.tui.text import MUTED, count, cut, megabytes, printable, spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from pyreq_tui.build import Fit, Materials, Outcome, Plan, Remedy
    from pyreq_tui.service import Service
    from pyreq_tui.tui.engine import Engine

OUTCOMES = 3
"""Artifacts whose new size is shown; of the others is said how many fit."""

Chosen = dict[str, object]
"""Options to change, in one step."""


class RemedyList(OptionList):
    """Rows that space or a click checks; enter is the dialog's."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "select", "Choose", tooltip="Choose it, or leave it", id="fit.choose"),
        Binding("enter", "screen.apply", "Apply", show=False, id="fit.enter"),
        Binding("j", "cursor_down", "Down", show=False, id="fit.down"),
        Binding("k", "cursor_up", "Up", show=False, id="fit.up"),
    ]
    DEFAULT_CSS = """
    RemedyList {
        height: auto;
        max-height: 1fr;
        margin: 1 0 0 0;
        scrollbar-gutter: stable;
        scrollbar-size-horizontal: 0;  /* a stable gutter counts it too */
        &, &:focus { padding: 0; border: none; background: transparent; background-tint: transparent; }
    }
    """

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's word
        super().__init__(id=id, markup=False, compact=True)
        self._remedies: Sequence[Remedy] = ()
        self._chosen: frozenset[str] = frozenset()

    def show(self, remedies: Sequence[Remedy], chosen: frozenset[str]) -> None:
        """Show what helps; the cursor stays."""
        self._remedies, self._chosen = remedies, chosen
        self.on_resize()

    def on_resize(self) -> None:
        """Align."""
        width = self.scrollable_content_region.width - 1  # parts the figures from the scrollbar
        marked = self.highlighted or 0
        self.set_options(
            [Option(_row(each, each.key in self._chosen, width), id=each.key) for each in self._remedies]
        )
        self.highlighted = marked if self._remedies else None


class FitScreen(Dialog["Chosen | None"]):
    """Closes with the options to change; they are not saved by that."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "apply", "Apply", tooltip="Make the chosen changes", id="fit.apply"),
        Binding("f", "close", "Back", show=False, id="fit.close"),
    ]
    DEFAULT_CSS = """
    FitScreen {
        & > .frame { max-width: 92; }
        &.-short > .-crowded { height: 90%; }
        &.-short > .-crowded #remedies { height: 1fr; }
        #fit-outcome { border-top: solid $border-blurred; height: auto; }
    }
    """

    @dataclass
    class Found(Message):
        """What helps is known."""

        fit: Fit

    @dataclass
    class Weighed(Message):
        """What comes of what is chosen is known."""

        chosen: frozenset[str]
        becomes: tuple[Outcome, ...]

    @dataclass
    class Failed(Message):
        """It could not be found out."""

        failure: PyreqError

    def __init__(self, engine: Engine, service: Service, materials: Materials, plan: Plan) -> None:
        super().__init__()
        self._engine = engine
        self._service = service
        self._materials = materials
        self._plan = plan
        self._fit: Fit | None = None
        self.chosen: set[str] = set()
        """Keys of what is checked."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="frame") as frame:
            frame.border_title = Content.styled("Fit", "bold")
            yield Static("Trying each change…", id="fit-head")
            yield RemedyList(id="remedies")
            outcome = Static("", id="fit-outcome")
            outcome.display = False
            yield outcome
            with Horizontal(classes="buttons"):
                yield Button("Apply  enter", id="apply", compact=True, variant="primary", disabled=True)
                yield Button("Choose  space", id="choose", compact=True, disabled=True)
                yield Button("Back  esc", id="close", compact=True)

    def on_mount(self) -> None:
        """Begin to look."""
        self.query_one(RemedyList).focus()
        self.call_after_refresh(self.find)

    @work(thread=True, description="fit", group="fit", exclusive=True, exit_on_error=False)
    def find(self) -> None:
        """Find what helps."""
        try:
            with collecting_nothing():
                found = self._engine.fit(self._service, self._materials)
            self.post_message(self.Found(found))
        except PyreqError as failure:
            self.post_message(self.Failed(failure))

    @on(Found)
    def take_fit(self, message: Found) -> None:
        """Show what helps."""
        self._fit = message.fit
        self.chosen = set(message.fit.chosen)
        self.query_one("#fit-head", Static).update(_head(message.fit))
        self.query_one("#choose", Button).disabled = not message.fit.remedies
        self._show(message.fit.outcomes)

    @on(Failed)
    def take_failure(self, message: Failed) -> None:
        """Say why nothing was found."""
        self.query_one("#fit-head", Static).update(explained(message.failure, self._service.root))

    @on(Worker.StateChanged)
    def show_bug(self, event: Worker.StateChanged) -> None:
        """An exception nobody foresaw is shown whole."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self.app.push_screen(BugScreen(event.worker.error))

    def _list(self) -> None:
        self.query_one(RemedyList).show(self._fit.remedies if self._fit else (), frozenset(self.chosen))

    def _show(self, becomes: Sequence[Outcome]) -> None:
        self._list()
        is_changed = bool(self.chosen)
        self.query_one("#apply", Button).disabled = not is_changed
        lines = outcome_lines(becomes[:OUTCOMES], is_changed=is_changed)
        if rest := becomes[OUTCOMES:]:
            over = sum(1 for outcome in rest if outcome.excess_bytes)
            verdict = f"{over} still too large" if over else "all fit"
            lines.append(Content.styled(f"and {len(rest)} more: {verdict}", MUTED))
        excess = sum(outcome.excess_bytes for outcome in becomes)
        if excess and self._fit is not None and self.chosen >= {remedy.key for remedy in self._fit.remedies}:
            lines.append(
                Content.styled(
                    f"Nothing more helps here: {megabytes(excess)} MB remain. Leave out a package (o), "
                    "split the function, or ship it as a container image (10 GB).",
                    "$warning",
                )
            )
        self.query_one(".frame").set_class(len(lines) > 1, "-crowded")
        outcome = self.query_one("#fit-outcome", Static)
        outcome.display = bool(lines)
        outcome.update(Content("\n").join(lines))

    @on(OptionList.OptionSelected)
    def toggle(self, event: OptionList.OptionSelected) -> None:
        """Choose a change, or leave it, and show what comes of it."""
        event.stop()
        self.chosen ^= {str(event.option_id)}
        self._list()
        self.call_after_refresh(self.weigh, frozenset(self.chosen), self._changes())

    @work(thread=True, description="weigh", group="weigh", exclusive=True, exit_on_error=False)
    def weigh(self, chosen: frozenset[str], changes: Chosen) -> None:
        """Find what comes of what is chosen."""
        try:
            with collecting_nothing():
                planned = self._engine.plan(self._service.with_overrides(changes), self._materials)
                becomes = outcomes(self._plan, planned)
            self.post_message(self.Weighed(chosen, becomes))
        except PyreqError as failure:
            self.post_message(self.Failed(failure))

    @on(Weighed)
    def take_outcomes(self, message: Weighed) -> None:
        """Show what comes of it, where that is still what is chosen."""
        if message.chosen == self.chosen:
            self._show(message.becomes)

    def _changes(self) -> Chosen:
        remedies: tuple[Remedy, ...] = self._fit.remedies if self._fit else ()
        chosen = [remedy for remedy in remedies if remedy.key in self.chosen]
        return changes_for(self._service.options, chosen)

    def action_apply(self) -> None:
        """Close with the changes."""
        if self._fit is not None:
            self.dismiss(self._changes() or None)

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        match event.button.id:
            case "apply":
                self.action_apply()
            case "choose":
                self.query_one(RemedyList).action_select()
            case _:
                self.action_close()


def _head(fit: Fit) -> Content:
    if not fit.remedies:
        return Content(
            "Nothing is left that would make it smaller, but leaving packages out (o in the tree)."
        )
    if not fit.was_over:
        return Content("Everything fits. What would make it smaller still, safest first:")
    if fit.is_enough:
        number = count(len(fit.chosen), "change is", "changes are")
        return Content.assemble((f"{number} enough", "$success"), ". Safest first:")
    return Content.styled("All of this together is not enough:", "$error")


def _row(remedy: Remedy, is_chosen: bool, width: int) -> Content:
    mark = ("● ", "$success") if is_chosen else ("○ ", MUTED)
    packages = f": {', '.join(remedy.packages)}" if remedy.packages else ""
    change = format_change(remedy.change_bytes) if remedy.change_bytes else "?"
    figure = change if remedy.is_exact else f"≈ {change}" if remedy.change_bytes else "known once built"
    first = spread(
        width,
        Content.assemble(mark, (f"{remedy.title}{printable(packages)}", "bold" if is_chosen else "")),
        Content.styled(figure, "$success"),
    )
    return Content("\n").join([first, Content.styled(cut(f"  risk: {remedy.risk}", width), MUTED)])
