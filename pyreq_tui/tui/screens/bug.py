"""What should not have happened: shown whole, so that it can be reported."""

from __future__ import annotations

import platform
import traceback
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Button, Log, Static

from pyreq_tui import __version__
from pyreq_tui.redact import redact
from pyreq_tui.tui.screens.dialog import Dialog
from pyreq_tui.tui.text import printable

if TYPE_CHECKING:
    from textual.app import ComposeResult


class BugScreen(Dialog[None]):
    """A traceback with the versions it happened on, selectable and copyable."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("c", "copy", "Copy", id="bug.copy")]
    DEFAULT_CSS = """
    BugScreen {
        & > .frame { border: round $error; height: 80%; }
        Log {
            height: 1fr;
            margin-top: 1;
            overflow: auto;
            background: $surface;
            scrollbar-background: $surface;
            &:focus { background-tint: transparent; }
        }
    }
    """

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.report = report_of(error)

    def compose(self) -> ComposeResult:
        with Vertical(classes="frame") as frame:
            frame.border_title = "A bug in pyreq-tui"
            yield Static(
                Content.assemble(
                    ("✗ ", "$error bold"),
                    (self.report.splitlines()[-1], "bold"),
                    "\nThis should not have happened, and nothing was lost. Please report it with this text:",
                ),
            )
            yield Log()
            with Horizontal(classes="buttons"):
                yield Button("Copy  c", id="copy", compact=True)
                yield Button("Back  esc", id="close", compact=True, variant="primary")

    def on_mount(self) -> None:
        """Fill in the report."""
        self.query_one(Log).write_lines(self.report.splitlines(), scroll_end=False)

    @on(Button.Pressed, "#copy")
    def action_copy(self) -> None:
        """Copy the report."""
        self.app.copy_to_clipboard(self.report)
        self.notify("Copied.", markup=False)

    @on(Button.Pressed, "#close")
    def _close(self) -> None:
        self.action_close()


def report_of(error: BaseException) -> str:
    """Versions and traceback, without secrets."""
    lines = redact("".join(traceback.format_exception(error))).splitlines()
    versions = f"pyreq-tui {__version__}, Python {platform.python_version()}, {platform.system()}"
    return "\n".join([versions, "", *(printable(line) for line in lines)])
