"""What stands in the panes' place when serverless.yml can't be read or the estimate failed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import on
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widgets import Button, Static

from pyreq_tui.tui.failures import explained

if TYPE_CHECKING:
    from pathlib import Path

    from pyreq_tui.errors import PyreqError


class Trouble(Vertical):
    """What happened, where, and what to do. Empty until something does: it would hold up the first paint."""

    DEFAULT_CSS = """
    Trouble {
        display: none;
        height: 1fr;
        align: center middle;
        hatch: right $panel;
        & > #trouble-frame {
            width: 80%;
            max-width: 90;
            height: auto;
            padding: 1 2;
            background: $surface;
            border: round $error;
        }
        Horizontal { height: 1; margin-top: 1; }
        Button { margin-right: 2; }
    }
    """

    class RetryAsked(Message):
        """Everything is to be read again."""

    class CopyAsked(Message):
        """The error is to be copied."""

    def __init__(self) -> None:
        super().__init__()
        self._text: Static | None = None

    def show(self, failure: PyreqError, root: Path) -> None:
        """Show ``failure``, its place relative to ``root``."""
        text = explained(failure, root)
        if self._text is not None:
            self._text.update(text)
            return
        self._text = Static(text, id="trouble-text", markup=False)
        retry = Button("Try again  r", compact=True, id="retry")
        copy = Button("Copy  y", compact=True, id="copy-trouble")
        frame = Vertical(self._text, Horizontal(retry, copy), id="trouble-frame")
        frame.border_title = "No estimate"
        self.mount(frame)

    @on(Button.Pressed, "#retry")
    def _retry(self, event: Button.Pressed) -> None:
        event.stop()
        self.post_message(self.RetryAsked())

    @on(Button.Pressed, "#copy-trouble")
    def _copy(self, event: Button.Pressed) -> None:
        event.stop()
        self.post_message(self.CopyAsked())
