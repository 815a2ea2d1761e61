"""Picks what stands in a list, from what is known to be worth it; what is typed may stand there too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Button, Input, Static
from textual.worker import Worker, WorkerState

from pyreq_tui.build import Outcome
from pyreq_tui.errors import PyreqError
from pyreq_tui.sizes import format_change
from pyreq_tui.tui.collector import collecting_nothing
from pyreq_tui.tui.list_items import Item, is_among, items_of, matching
from pyreq_tui.tui.outcome_lines import outcome_line
from pyreq_tui.tui.screens.bug import BugScreen
from pyreq_tui.tui.screens.edit_option import EditOption
from pyreq_tui.tui.screens.value_dialog import ValueDialog
from pyreq_tui.tui.text import FAINT, MUTED, count, printable
from pyreq_tui.tui.widgets.check_list import CheckList

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from pyreq_tui.service import OptionSpec, Service
    from pyreq_tui.tui.engine import Engine
    from pyreq_tui.tui.workspace import Workspace


MOST_ROWS = 150
"""Rows that are shown at a time: with more a key would take longer than it may."""


class Finder(Input):
    """Takes all that is typed but space, which chooses: neither packages nor patterns have one."""

    def check_consume_key(self, key: str, character: str | None) -> bool:
        """Leave space to the dialog."""
        return key != "space" and super().check_consume_key(key, character)


class PickItems(ValueDialog):
    """Closes with the list; each row says what having it there changes, the last line what all of it does."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "answer", "Set", id="pick.set"),
        Binding(
            "space", "choose", "Choose", priority=True, tooltip="Choose it, or leave it", id="pick.choose"
        ),
        Binding("down", "mark(1)", "Down", show=False, id="pick.down"),
        Binding("up", "mark(-1)", "Up", show=False, id="pick.up"),
        Binding("pagedown", "mark(10)", "Further down", show=False, id="pick.page-down"),
        Binding("pageup", "mark(-10)", "Further up", show=False, id="pick.page-up"),
        Binding("ctrl+t", "type", "As text", tooltip="Type the list, one item a line", id="pick.type"),
    ]
    DEFAULT_CSS = """
    PickItems {
        & > .frame { max-width: 80; height: 90%; max-height: 32; }
        .help { color: $text-muted; }
        #pick-text { margin: 1 0; }
        CheckList {
            height: 1fr;
            max-height: 1fr;
            scrollbar-gutter: stable;
            /* It is what space acts on, though the field has the focus. */
            & > .option-list--option-highlighted { background: $block-cursor-background; }
        }
        #pick-outcome { border-top: solid $border-blurred; height: auto; }
        &.-short #pick-text { margin: 0; }
    }
    """
    HELP = """
## Picking

Type a part of a name to find it, or something that is not there to have it too. **space** chooses what is
marked, **enter** chooses what was typed for, and sets the list once nothing is typed. **ctrl+t** shows the
list as text.
"""

    @dataclass
    class Found(Message):
        """What may stand in the list is known."""

        items: tuple[Item, ...]

    @dataclass
    class Weighed(Message):
        """What comes of what is chosen is known; without an outcome, why that is not."""

        chosen: tuple[str, ...]
        outcome: Outcome | None
        reason: str = ""

    def __init__(self, spec: OptionSpec, service: Service, workspace: Workspace, engine: Engine) -> None:
        """``workspace`` is that of ``service``."""
        super().__init__(spec, service.options)
        self._service = service
        self._workspace = workspace
        self._engine = engine
        value = self._options.value(spec.key)
        self._there = tuple(str(item) for item in value) if isinstance(value, (list, tuple)) else ()
        self._items: tuple[Item, ...] = tuple(Item(text) for text in self._there)
        self.chosen: dict[str, None] = dict.fromkeys(self._there)
        """What is checked, in the order in which it will stand."""

    def compose(self) -> ComposeResult:
        with Vertical(classes="frame") as frame:
            frame.border_title = Content.styled(printable(self._spec.key), "bold")
            yield Static(Content(self._spec.help), classes="help")
            yield Finder(id="pick-text", compact=True, placeholder="type to find one, or to add one")
            yield CheckList(id="pick-items")
            yield Static("", id="pick-outcome")
            yield Static("", id="wrong", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Set  enter", id="set", compact=True, variant="primary")
                yield Button("Choose  space", id="choose", compact=True)
                yield Button("Text  ctrl+t", id="type", compact=True)
                yield Button("Back  esc", id="close", compact=True)

    def on_mount(self) -> None:
        """Begin to look; what is typed finds."""
        self.query_one(CheckList).can_focus = False
        self.query_one(Input).focus()
        self.call_after_refresh(self.find)
        self._weigh()

    # What comes of it, found beside the screen.

    @work(thread=True, description="items", group="items", exclusive=True, exit_on_error=False)
    def find(self) -> None:
        """Find what may stand in the list."""
        with collecting_nothing():
            self.post_message(self.Found(items_of(self._spec.key, self._workspace)))

    @on(Found)
    def take_items(self, message: Found) -> None:
        """Show what may stand there."""
        typed = [item for item in self._items if not is_among(message.items, self._spec.key, item.value)]
        self._items = (*typed, *message.items)
        self._fill()

    def _weigh(self) -> None:
        self.call_after_refresh(self.weigh, tuple(self.chosen))

    @work(thread=True, description="weigh", group="weigh", exclusive=True, exit_on_error=False)
    def weigh(self, chosen: tuple[str, ...]) -> None:
        """Find what comes of what is chosen, in the artifact on show."""
        before, materials = self._workspace.artifact, self._workspace.materials
        if before is None or materials is None:
            return
        try:
            changed = self._service.with_overrides({self._spec.key: list(chosen)})
            if not self._engine.answers(materials, changed):
                self.post_message(self.Weighed(chosen, None, "Known after a new estimate."))
                return
            with collecting_nothing():
                planned = self._engine.plan(changed, materials)
            after = next(each for each in planned.artifacts if each.filename == before.filename)
            self.post_message(self.Weighed(chosen, Outcome.of(before, after)))
        except PyreqError as failure:
            self.post_message(self.Weighed(chosen, None, failure.message))

    @on(Weighed)
    def take_outcome(self, message: Weighed) -> None:
        """Say what comes of it, where that is still what is chosen."""
        if message.chosen != tuple(self.chosen):
            return
        said = Content.styled(printable(message.reason), MUTED)
        if message.outcome is not None:
            said = outcome_line(message.outcome, is_changed=message.chosen != self._there)
        self.query_one("#pick-outcome", Static).update(said)

    @on(Worker.StateChanged)
    def show_bug(self, event: Worker.StateChanged) -> None:
        """An exception nobody foresaw is shown whole."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self.app.push_screen(BugScreen(event.worker.error))

    # Showing.

    @on(Input.Changed)
    def _narrow(self) -> None:
        rows = self.query_one(CheckList)
        rows.highlighted = 0
        self._fill()

    def on_resize(self) -> None:
        """Align again."""
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        typed = self.query_one(Input).value.strip()
        matches = matching(self._items, typed)
        found = matches[:MOST_ROWS]
        rows: dict[str, str | Content] = {item.value: self._row(item) for item in found}
        figures = {item.value: _figure(item) for item in found}
        if typed and not is_among(self._items, self._spec.key, typed):
            rows[typed] = Content.styled(printable(typed), "bold")
            figures[typed] = Content.styled("add it", "$primary")
        self.query_one(CheckList).show(rows, self.chosen, figures)
        more = f" · {len(matches) - MOST_ROWS} more are found by typing" if len(matches) > MOST_ROWS else ""
        self.query_one(".frame").border_subtitle = f"{count(len(self.chosen), 'item')}{more}"

    def _row(self, item: Item) -> Content:
        is_chosen = item.value in self.chosen
        return Content.assemble(
            (printable(item.value), "bold" if is_chosen else ""), (f"  {printable(item.more)}", MUTED)
        )

    # What the user asks for.

    @on(CheckList.Toggled)
    def toggle(self, message: CheckList.Toggled) -> None:
        """Choose it, or leave it; what was typed has done its work."""
        key = message.key
        if all(item.value != key for item in self._items):
            self._items = (Item(key), *self._items)
        if key in self.chosen:
            del self.chosen[key]
        else:
            self.chosen[key] = None
        self.query_one("#wrong").remove_class("-shown")
        if self.query_one(Input).value:
            self.query_one(Input).value = ""  # fills the rows again
        else:
            self._fill()
        self._weigh()

    def action_choose(self) -> None:
        """Choose what is marked."""
        self.query_one(CheckList).action_select()

    def action_mark(self, step: int) -> None:
        """Mark another row."""
        rows = self.query_one(CheckList)
        if rows.option_count:
            rows.highlighted = min(max((rows.highlighted or 0) + step, 0), rows.option_count - 1)

    @on(Input.Submitted)
    def take_typed(self) -> None:
        """Choose what was typed for; set the list where nothing was."""
        if self.query_one(Input).value.strip():
            self.action_choose()
        else:
            self.action_answer()

    def action_answer(self) -> None:
        """Close with the list, where the option takes it."""
        self.close_with(list(self.chosen))

    def action_type(self) -> None:
        """Show the list as text, and close with what is made of it."""
        options = self._options.override({self._spec.key: list(self.chosen)})
        self.app.push_screen(EditOption(self._spec, options), self._take_text)

    def _take_text(self, answer: object) -> None:
        if isinstance(answer, list):
            self.dismiss([str(item) for item in answer])

    def action_close(self) -> None:
        """Close without an answer; what was typed is taken away first."""
        if self.query_one(Input).value:
            self.query_one(Input).value = ""
        else:
            self.dismiss(None)

    @on(Button.Pressed)
    def press(self, event: Button.Pressed) -> None:
        """Do what a button says."""
        match event.button.id:
            case "set":
                self.action_answer()
            case "choose":
                self.action_choose()
            case "type":
                self.action_type()
            case _:
                self.dismiss(None)


def _figure(item: Item) -> Content:
    if item.change_bytes is None:
        return Content("")
    return Content.styled(format_change(item.change_bytes), "$success" if item.change_bytes < 0 else FAINT)
