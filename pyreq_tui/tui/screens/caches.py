"""What is kept that can be made again: how much, when it was used, why the last build was made anew."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from rich.text import Text
from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.screen import Screen
from textual.widgets import DataTable, Static
from textual.worker import Worker, WorkerState

from pyreq_tui.errors import Cancelled, PyreqError
from pyreq_tui.sizes import format_size
from pyreq_tui.tui.screens.bug import BugScreen
from pyreq_tui.tui.screens.confirm import ConfirmScreen
from pyreq_tui.tui.screens.failure import FailureScreen
from pyreq_tui.tui.text import MUTED, at_home, bar, count, cut_middle, day, printable
from pyreq_tui.tui.widgets.key_line import KeyLine
from pyreq_tui.tui.widgets.title_line import TitleLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from pyreq_tui.processes import Cancel
    from pyreq_tui.service import Service
    from pyreq_tui.tui.engine import Engine, Kept

MEANINGS: dict[str, str] = {
    "wheels": "packages, ready to ship",
    "contents": "what is in each wheel",
    "built": "which wheel came of what",
    "deflated": "your files, compressed",
    "stripped": "sizes without symbols",
    "locks": "what was resolved",
    "builds": "what builds were made of",
    "docker": "what containers built",
    "findings": "what binaries need",
    "uv": "the resolver's own cache",
}
"""Short enough for 80 columns."""
PRUNE_DAYS = 30
NOTHING = "Nothing is kept yet.\n\nThe first build keeps here what the next can use again."
SIZE_WIDTH, DAY_WIDTH = 9, 10
BAR_WIDTH, WIDE_BAR = 8, 32
WIDE = 108
"""From this width on there is room for the wide bar."""


class CachesScreen(Screen[None]):
    """Lists what is kept; prunes and verifies it once the user agrees."""

    TITLE = "Caches"
    CSS_PATH = "caches.tcss"
    AUTO_FOCUS = "DataTable"
    COMPONENT_CLASSES = {"caches--bar"}

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("p", "prune", "Prune", tooltip="Remove what no build used for a while", id="caches.prune"),
        Binding("v", "verify", "Verify", tooltip="Read everything again by its checksum", id="caches.verify"),
        Binding("r", "reload", "Reload", tooltip="Look again", id="caches.reload"),
        Binding("y", "copy", "Copy path", tooltip="Copy where it is kept", id="caches.copy"),
        Binding("escape", "stop", "Cancel", tooltip="Stop; what is whole stays", id="caches.stop"),
        Binding("escape,q", "back", "Back", key_display="esc", tooltip="Back", id="caches.back"),
    ]

    HELP = """
## Caches

All of this can be made again: pruning costs time at the next build, nothing else. **p** removes what no build
used for some days, **v** reads what is kept by checksum and removes what is damaged.
"""

    doing: reactive[str] = reactive("", bindings=True)
    """What is under way; empty for nothing."""

    @dataclass
    class Seen(Message):
        """What is kept is known."""

        kept: Kept

    @dataclass
    class Ended(Message):
        """Something was done; ``said`` tells what came of it."""

        said: str

    @dataclass
    class Failed(Message):
        """Something failed that the user can mend, or was cancelled."""

        failure: PyreqError | None

    def __init__(self, engine: Engine, service: Service | None) -> None:
        super().__init__(id="caches")
        self._engine = engine
        self._service = service
        self._kept: Kept | None = None
        self._cancel = threading.Event()

    def compose(self) -> ComposeResult:
        yield TitleLine()
        yield Static("", id="caches-place", markup=False)
        yield DataTable(cursor_type="row", cell_padding=1, cursor_foreground_priority="renderable")
        yield Static("", id="caches-build", markup=False)
        yield Static(NOTHING, id="caches-empty", markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Look."""
        self.query_one(TitleLine).name_service(self._service)
        self.query_one(DataTable).loading = True
        self.app.theme_changed_signal.subscribe(self, lambda _: self._fill())
        self.action_reload()

    def on_unmount(self) -> None:
        """Stop what still runs when the app is left."""
        self._cancel.set()

    def watch_doing(self) -> None:
        """Say what is under way."""
        state = Content.styled(f"{self.doing}… esc stops it" if self.doing else "", "$warning")
        self.query_one(TitleLine).state = state

    # Work, in threads: they compute and post, nothing else.

    @work(thread=True, description="caches", group="caches", exclusive=True, exit_on_error=False)
    def work_on(self, step: Callable[[Cancel], str] | None, cancel: threading.Event) -> None:
        """Do ``step``, if any, then look at what is kept."""
        try:
            said = step(cancel) if step else ""
            self.post_message(self.Seen(self._engine.kept(self._service)))
            self.post_message(self.Ended(said))
        except PyreqError as failure:
            self.post_message(self.Failed(failure))
        except Cancelled:
            self.post_message(self.Failed(None))

    def _start(self, doing: str, step: Callable[[Cancel], str] | None) -> None:
        self._cancel = threading.Event()
        self.doing = doing
        self.work_on(step, self._cancel)

    @on(Seen)
    def show(self, message: Seen) -> None:
        """Show what is kept."""
        self._kept = kept = message.kept
        total = sum(each.size_bytes for each in kept.listings)
        place = cut_middle(printable(at_home(kept.folder)), max(20, self.size.width - 24))
        self.query_one("#caches-place", Static).update(
            Content.assemble((format_size(total), "bold"), (" in ", MUTED), place)
        )
        self._fill()
        self.query_one("#caches-build", Static).update(self._last_build(kept))

    def _fill(self) -> None:
        if (kept := self._kept) is None:
            return
        table = self.query_one(DataTable)
        line = table.cursor_row
        table.loading = False
        table.clear(columns=True)
        listings = sorted(kept.listings, key=lambda each: -each.size_bytes)
        largest = listings[0].size_bytes if listings else 0
        counts = [f"{each.count:,}" for each in listings]
        count_width = max(map(len, [*counts, "files"]))
        bar_width = BAR_WIDTH if self.size.width < WIDE else WIDE_BAR
        table.add_column("kind")
        for label, width in (("files", count_width), ("size", SIZE_WIDTH)):
            table.add_column(Text(label.rjust(width)), width=width)
        table.add_column("", width=bar_width)
        table.add_column("last used", width=DAY_WIDTH)
        table.add_column("what it is")
        colour = self.get_component_rich_style("caches--bar", partial=True)
        for each, files in zip(listings, counts, strict=True):
            table.add_row(
                Text(each.kind, style="bold"),
                Text(files.rjust(count_width)),
                Text(format_size(each.size_bytes).rjust(SIZE_WIDTH)),
                Text(bar(each.size_bytes / (largest or 1), bar_width), style=colour),
                Text(day(each.last_used), style="dim"),
                Text(MEANINGS.get(each.kind, ""), style="dim"),
            )
        table.move_cursor(row=line)
        self.set_class(self._is_empty, "-empty")
        self.refresh_bindings()

    @property
    def _is_empty(self) -> bool:
        return self._kept is not None and not any(each.count for each in self._kept.listings)

    def on_resize(self) -> None:
        """Draw the bars anew."""
        self._fill()

    def _last_build(self, kept: Kept) -> Content:
        if kept.last_build is None:
            return Content.styled("No build of this service is known yet.", MUTED)
        cause = printable(kept.last_build.cause) or "why is not known"
        return Content.assemble(
            ("The last build was made anew on ", MUTED), day(kept.last_build.written), (": ", MUTED), cause
        )

    @on(Ended)
    def end(self, message: Ended) -> None:
        """Say what came of it."""
        self.doing = ""
        if message.said:
            self.notify(message.said, markup=False)

    @on(Failed)
    def fail(self, message: Failed) -> None:
        """Say why it did not work."""
        self.doing = ""
        self.query_one(DataTable).loading = False
        if message.failure is None:
            self.notify("Stopped. What is whole stays.", markup=False)
        else:
            self.app.push_screen(FailureScreen(message.failure))

    @on(Worker.StateChanged)
    def show_bug(self, event: Worker.StateChanged) -> None:
        """An exception nobody foresaw is shown whole."""
        if event.state is WorkerState.ERROR and event.worker.error is not None:
            self.doing = ""
            self.app.push_screen(BugScreen(event.worker.error))

    # What the user asks for.

    def action_reload(self) -> None:
        """Look again."""
        self._start("looking", None)

    def action_prune(self) -> None:
        """Ask for how long, then remove what no build used since."""
        dialog = ConfirmScreen(
            "Prune",
            "Remove what no build used for so long. It can all be made again.",
            "Remove",
            days=PRUNE_DAYS,
        )
        self.app.push_screen(dialog, self._prune)

    def _prune(self, days: int | None) -> None:
        if days is None:
            return

        def prune(cancel: Cancel) -> str:
            removed = self._engine.prune(self._service, days, cancel)
            files = sum(each.count for each in removed)
            size = format_size(sum(each.size_bytes for each in removed))
            return f"Removed {count(files, 'file')}, {size}." if files else "There was nothing to remove."

        self._start("pruning", prune)

    def action_verify(self) -> None:
        """Ask, then read everything that is kept by checksum."""
        text = "Read all of it again, and remove what is damaged. Takes a second for each few hundred MB."
        self.app.push_screen(ConfirmScreen("Verify", text, "Verify"), self._verify)

    def _verify(self, answer: int | None) -> None:
        if answer is None:
            return

        def verify(cancel: Cancel) -> str:
            damaged = self._engine.verify(self._service, cancel)
            if not damaged:
                return "Everything kept is whole."
            return (
                f"{count(len(damaged), 'file')} were damaged and removed."
                if len(damaged) > 1
                else (f"Damaged, removed: {printable(damaged[0].name)}")
            )

        self._start("verifying", verify)

    def action_copy(self) -> None:
        """Copy where it is kept."""
        if self._kept is not None:
            self.app.copy_to_clipboard(str(self._kept.folder))
            self.notify("Path copied.", markup=False)

    def action_stop(self) -> None:
        """Stop what is under way."""
        self._cancel.set()

    def action_back(self) -> None:
        """Back to where it was opened from."""
        self.dismiss(None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Offer one thing at a time."""
        if action in {"prune", "verify", "reload"}:
            return None if self.doing or (action != "reload" and self._is_empty) else True
        if action == "stop":
            return bool(self.doing)
        return not self.doing if action == "back" else True

    def why_not(self, action: str) -> str:  # noqa: ARG002 - the same for all that is greyed
        """Completes "not now: …" for what is greyed."""
        return f"it is {self.doing}" if self.doing else "nothing is kept"
