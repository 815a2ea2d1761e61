"""What every dialog shares: a frame in the middle, escape to close, a row of buttons for the mouse."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from pyreq_tui.tui.moves import MOVES

Answer = TypeVar("Answer")


class Dialog(ModalScreen[Answer]):
    """A frame over the screen that asked; escape closes it with no answer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Back", id="dialog.close"),
        # A dialog hides the bindings of the app.
        Binding("question_mark,f1", "app.help", "Help", show=False, key_display="?", id="dialog.help"),
        *MOVES,
    ]
    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        background: $background 60%;
        & > .frame {
            width: 90%;
            max-width: 110;
            height: auto;
            max-height: 90%;
            background: $surface;
            border: round $border;
            padding: 0 1;
        }
        .buttons {
            height: 1;
            margin-top: 1;
            align-horizontal: right;
        }
        .buttons Button {
            margin-left: 2;
        }
    }
    """

    def action_close(self) -> None:
        """Close without an answer."""
        self.dismiss(None)
