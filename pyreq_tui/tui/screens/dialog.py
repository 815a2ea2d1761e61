"""What every dialog shares: a frame in the middle, escape to close, a row of buttons that never leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.renderables.background_screen import BackgroundScreen
from textual.screen import ModalScreen

from pyreq_tui.tui.dimmed import Dimmed
from pyreq_tui.tui.moves import MOVES

if TYPE_CHECKING:
    from rich.console import RenderableType

Answer = TypeVar("Answer")
LEAST_LINES = 3
"""What a part that scrolls keeps, however little room there is."""


class Dialog(ModalScreen[Answer]):
    """A frame over the screen that asked; escape closes it with no answer."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "Back", id="dialog.close"),
        # A dialog hides the bindings of the app.
        Binding("question_mark,f1", "app.help", "Help", show=False, id="dialog.help"),
        Binding("ctrl+z", "app.suspend_process", "Suspend", show=False, id="dialog.suspend"),
        *MOVES,
    ]
    DEFAULT_CSS = """
    Dialog {
        align: center middle;
        background: $background 78%;
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
            &:focus { text-style: bold underline; background-tint: transparent; }
        }
        &.-narrow > .frame { width: 96%; }
        &.-narrow .buttons Button { margin-left: 1; }
        /* Not over the buttons. */
        ToastRack { dock: top; margin-bottom: 0; }
        .body { height: auto; overflow-x: auto; scrollbar-background: $surface; }
    }
    """

    def on_mount(self) -> None:
        """Follow every change of the layout."""
        self.screen_layout_refresh_signal.subscribe(self, lambda _: self._make_room(), immediate=True)

    def _make_room(self) -> None:
        """Let the part that may be long scroll where there is no room for all of it."""
        for body in self.query(".frame > .body"):
            frame = self.query_one(".frame")
            others = [child for child in frame.children if child.display and child is not body]
            taken = sum(child.outer_size.height + child.styles.margin.height for child in others)
            around = frame.styles.gutter.height + body.styles.margin.height
            body.styles.max_height = max(LEAST_LINES, self.size.height * 9 // 10 - taken - around)

    def render(self) -> RenderableType:
        """What lies below: a dialog is drawn twice when it opens, and holds up the next key meanwhile."""
        below = super().render()
        return Dimmed(below.screen, below.color) if isinstance(below, BackgroundScreen) else below

    def action_close(self) -> None:
        """Close without an answer."""
        self.dismiss(None)
