"""Shows what saving would change, lets a person choose among it, and saves it."""

from __future__ import annotations

from dataclasses import dataclass
from textwrap import wrap
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button, Static

from pyreq_tui.errors import PyreqError
from pyreq_tui.redact import redact
from pyreq_tui.service import StaleEditError, write_all
from pyreq_tui.tui.diffs import changed_lines, coloured
from pyreq_tui.tui.failures import explained, relative
from pyreq_tui.tui.screens.dialog import Dialog
from pyreq_tui.tui.text import count, printable
from pyreq_tui.tui.widgets.check_list import CheckList

if TYPE_CHECKING:
    from textual.app import ComposeResult

    from pyreq_tui.opening import Opening
    from pyreq_tui.service import Edit
    from pyreq_tui.tui.engine import Engine
    from pyreq_tui.tui.offer import Offer


COMMAND_LINES = 3
"""Lines of the command that are shown; copying takes all of it."""


@dataclass(frozen=True, eq=False)
class Saved:
    """What was written, and whence it came."""

    edits: tuple[Edit, ...]
    offer: Offer


class SaveScreen(Dialog["Saved | None"]):
    """The choice and its diff; closes with what was saved."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "save", "Save", tooltip="Write the file", id="save.save"),
        Binding("y", "copy", "YAML", tooltip="Copy the YAML of the block", id="save.copy"),
        Binding("c", "copy_command", "Command", tooltip="Copy the command that saves it", id="save.command"),
        Binding("m", "merge", "Merge", tooltip="Make the changes again in the new text", id="save.merge"),
    ]
    DEFAULT_CSS = """
    SaveScreen {
        #diff-view {
            border-top: solid $border-blurred;
            border-bottom: solid $border-blurred;
            &:focus { border-top: solid $border; border-bottom: solid $border; }
        }
        #diff { width: auto; }
        #save-failure { display: none; &.-shown { display: block; } }
        .note, #command { color: $text-muted; }
        #merge { display: none; }
        &.-short CheckList { max-height: 6; }
        &.-empty #diff-view, &.-empty #command { display: none; }
        &.-stale #merge { display: block; }
        &.-stale #save, &.-stale #command { display: none; }
    }
    """

    def __init__(self, engine: Engine, opening: Opening, offer: Offer) -> None:
        super().__init__()
        self._engine = engine
        self._opening = opening
        self.offer = offer
        self._edits: tuple[Edit, ...] = ()

    def compose(self) -> ComposeResult:
        with Vertical(classes="frame") as frame:
            frame.border_title = "Save"
            yield Static("", id="save-note", classes="note", markup=False)
            yield CheckList(id="save-choices")
            with VerticalScroll(id="diff-view", classes="body"):
                yield Static("", id="diff")
            yield Static("", id="command", markup=False)
            yield Static("", id="save-failure", markup=False)
            with Horizontal(classes="buttons"):
                yield Button("Save  enter", id="save", compact=True, variant="primary")
                yield Button("Merge  m", id="merge", compact=True, variant="primary")
                yield Button("Choose  space", id="choose", compact=True)
                yield Button("YAML  y", id="copy", compact=True)
                yield Button("Command  c", id="copy-command", compact=True)
                yield Button("Back  esc", id="close", compact=True)

    def on_mount(self) -> None:
        """Show everything that is chosen at first."""
        self.query_one(CheckList).focus()
        self._show()

    @on(CheckList.Toggled)
    def choose(self, message: CheckList.Toggled) -> None:
        """Save one more, or one less."""
        self.offer = self.offer.toggled(message.key)
        self._show()

    def _show(self) -> None:
        offer = self.offer
        self._edits = ()
        self.remove_class("-stale")
        self.query_one("#save-failure").remove_class("-shown")
        try:
            self._edits = self._engine.edits(offer.service, offer.option_changes, offer.hands_over)
        except PyreqError as failure:
            self._say(failure)
        self.query_one(CheckList).show(offer.rows, offer.chosen)
        self.query_one("#save", Button).disabled = not self._edits
        self.query_one("#save-note", Static).update(Content(self._note()))
        self.query_one("#diff", Static).update(Content("\n").join(map(self._diff, self._edits)))
        self.set_class(not self._edits, "-empty")
        self.call_after_refresh(self._show_command)

    def on_resize(self) -> None:
        """Wrap the command again."""
        self.call_after_refresh(self._show_command)

    def _show_command(self) -> None:
        """The command that saves the same; its end gives way where it is long."""
        command = f"$ {printable(redact(self.offer.command(self._opening)))}"
        width = max(20, self.query_one(CheckList).size.width)
        lines = wrap(command, width, max_lines=COMMAND_LINES, placeholder=" …", break_on_hyphens=False)
        self.query_one("#command", Static).update(Content("\n".join(lines)))

    def _note(self) -> str:
        if not self._edits:
            return "Nothing to write."
        lines = sum(changed_lines(edit.diff()) for edit in self._edits)
        names = ", ".join(printable(relative(edit.path, self.offer.service.root)) for edit in self._edits)
        changes = count(lines, "line changes", "lines change")
        return f"{names}: {changes}, the rest stays byte for byte."

    def _diff(self, edit: Edit) -> Content:
        name = printable(relative(edit.path, self.offer.service.root))
        head = Content.styled(f"{name}\n", "bold") if len(self._edits) > 1 else Content("")
        return head + coloured(edit.diff())

    def _say(self, failure: PyreqError) -> None:
        said = self.query_one("#save-failure", Static)
        said.update(explained(failure, self.offer.service.root))
        said.add_class("-shown")

    @on(Button.Pressed, "#save")
    def action_save(self) -> None:
        """Write the files, all or none; where that fails, say why and stay."""
        if not self._edits or self.has_class("-stale"):
            return
        try:
            write_all(self._edits)
        except PyreqError as failure:
            self._say(failure)
            self.set_class(isinstance(failure, StaleEditError), "-stale")
            self.refresh_bindings()
            return
        self.dismiss(Saved(self._edits, self.offer))

    @on(Button.Pressed, "#merge")
    def action_merge(self) -> None:
        """Make the changes again in the file as it is by now, and show what that comes to."""
        self._show()
        self.query_one("#save-note", Static).update(Content(f"Made again in the new text. {self._note()}"))
        self.refresh_bindings()

    @on(Button.Pressed, "#choose")
    def _choose(self) -> None:
        self.query_one(CheckList).action_select()

    @on(Button.Pressed, "#copy")
    def action_copy(self) -> None:
        """Copy the block as it would be written."""
        try:
            block = self._engine.block(self.offer.service, self.offer.option_changes)
        except PyreqError as failure:
            self._say(failure)
            return
        self.app.copy_to_clipboard(block)
        self.notify("YAML copied.", markup=False)

    @on(Button.Pressed, "#copy-command")
    def action_copy_command(self) -> None:
        """Copy the command that does the same."""
        self.app.copy_to_clipboard(self.offer.command(self._opening))
        self.notify("Command copied.", markup=False)

    @on(Button.Pressed, "#close")
    def _close(self) -> None:
        self.action_close()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Merge only what changed meanwhile."""
        return self.has_class("-stale") if action == "merge" else True
