"""The application: the screens it opens, the commands of the palette, and the way out."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.events import InputEvent
from textual.widgets import Tab

from pyreq_tui.errors import Cancelled
from pyreq_tui.sizes import format_size
from pyreq_tui.tui.collector import PAUSE_SECONDS
from pyreq_tui.tui.customised import Customised
from pyreq_tui.tui.idle import Pauses
from pyreq_tui.tui.moves import MOVES
from pyreq_tui.tui.palette import commands
from pyreq_tui.tui.screens.workbench import Workbench
from pyreq_tui.tui.terminal import progress_sequence, shows_progress
from pyreq_tui.tui.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from rich.console import RenderableType
    from textual.events import Event
    from textual.screen import Screen
    from textual.widget import Widget

    from pyreq_tui.opening import Opening
    from pyreq_tui.tui.engine import Engine
    from pyreq_tui.tui.palette import Command
    from pyreq_tui.tui.screens.building import Building


class Workshop(Customised):
    """pyreq-tui on a screen: the workbench, and what opens over it."""

    TITLE = "pyreq-tui"
    CSS_PATH = ["app.tcss", "screens/workbench.tcss"]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (108, "-wide"), (160, "-very-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-tall")]

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("question_mark,f1", "help", "Help", id="app.help"),
        Binding(
            "C,f4",
            "caches",
            "Caches",
            show=False,
            key_display="C",
            tooltip="What is kept between builds; prune and verify it",
            id="app.caches",
        ),
        Binding(
            "P,f2",
            "settings",
            "Settings",
            show=False,
            key_display="P",
            tooltip="Theme, bell, …",
            id="app.settings",
        ),
        Binding(
            "ctrl+o",
            "jump",
            "Jump",
            show=False,
            priority=True,
            tooltip="A letter for each place; press one to go there",
            id="app.jump",
        ),
        *MOVES,
        Binding("ctrl+q", "leave", "Quit", show=False, priority=True, id="app.quit"),
        Binding(
            "ctrl+z",
            "suspend_process",
            "Suspend",
            show=False,
            tooltip="To the shell; fg comes back",
            id="app.suspend",
        ),
    ]

    def __init__(
        self,
        opening: Opening,
        engine: Engine,
        *,
        notice: str | None = None,
        settings_at: Path | None = None,
        sets_up: bool = False,
    ) -> None:
        """``settings_at`` is the file that settings are kept in; without one nothing is kept.

        ``sets_up`` begins with guided setup, and leaves with it where nothing was saved.
        """
        super().__init__(settings_at)
        self.workbench = Workbench(opening, engine, self.settings)
        self.workbench.is_set_up_first = sets_up
        self._notice = notice
        self._sets_up = sets_up
        self._touched_at = time.monotonic()
        """When a key or the mouse was last touched."""
        self._pauses = Pauses(self.stylesheet)

    async def on_event(self, event: Event) -> None:
        """Note when somebody was last at work."""
        if isinstance(event, InputEvent):
            self._touched_at = time.monotonic()
        await super().on_event(event)

    def _use_pause(self) -> None:
        self._pauses.use(time.monotonic() - self._touched_at, is_busy=not self.workbench.is_settled)

    def get_default_screen(self) -> Screen[None]:
        """The workbench: an empty screen below it would be styled and drawn first."""
        return self.workbench

    def on_mount(self) -> None:
        """Open guided setup where it was asked for, and tell what there is to tell."""
        self.set_interval(PAUSE_SECONDS, self._use_pause)
        if self._sets_up:
            from pyreq_tui.tui.screens.setup import SetupScreen

            setup = SetupScreen(self.workbench.opening, self.workbench.engine)
            self.push_screen(setup, self._take_first_setup)
        if self._notice:
            self.notify(self._notice, markup=False, timeout=10)
        self._heed_signals()

    def _heed_signals(self) -> None:
        """Leave in order when the terminal is closed, or the process ended: what it began is not to go on."""
        for name in ("SIGTERM", "SIGHUP"):  # Windows has no SIGHUP, and asyncio no handlers there
            number = getattr(signal, name, None)
            if number is not None:
                with suppress(NotImplementedError):
                    leave = partial(self.exit, return_code=128 + number)
                    asyncio.get_running_loop().add_signal_handler(number, leave)

    def _take_first_setup(self, is_saved: bool | None) -> None:
        if is_saved:
            self.workbench.take_setup(is_saved)
        else:
            self.exit(return_code=Cancelled.exit_status)

    # What a build tells, by the names Textual looks for: `@on` would have it loaded before there is one.

    def on_building_advanced(self, message: Building.Advanced) -> None:
        """Show in the terminal's tab how far a build is."""
        self._show_percent(message.percent)

    def on_building_long_build_ended(self) -> None:
        """Call back who looks elsewhere."""
        if self.settings.bell:
            self.bell()

    def on_building_looked_into(self, message: Building.LookedInto) -> None:
        """What was found in the artifacts is known on the workbench too."""
        self.workbench.workspace = self.workbench.workspace.inspected(message.plan, message.found)

    def on_building_estimate_outdated(self) -> None:
        """Build what is there by now, not what was there when the estimate was made."""
        self.pop_screen()
        self.workbench.build_anew()

    def on_building_findings_asked(self) -> None:
        """Show all findings over the build."""
        self.workbench.action_findings()

    def _show_percent(self, percent: int | None) -> None:
        can_show = self._driver is not None and not self.is_headless and not self.is_web
        if can_show and self._driver is not None and self.settings.progress and shows_progress(os.environ):
            self._driver.write(progress_sequence(percent))

    def exit(self, result: None = None, return_code: int = 0, message: RenderableType | None = None) -> None:
        """Leave the terminal's tab as it was, and remember how the workbench was left."""
        self._show_percent(None)
        self.keep(self.workbench.left_as(self.settings))
        super().exit(result, return_code, message)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Textual's commands but those that have a better one here, and everything the keys do."""
        for command in super().get_system_commands(screen):
            if command.title not in {"Keys", "Quit"}:
                yield command
        plan = self.workbench.workspace.plan
        for artifact in plan.artifacts if plan and screen is self.workbench else ():
            said = f"What ships in it: {format_size(artifact.unzipped_bytes)} unzipped"
            show = partial(self.workbench.show_artifact, artifact.filename)
            yield SystemCommand(f"Show {printable(artifact.filename)}", said, show)
        for known in commands(self, screen):
            yield SystemCommand(known.title, known.help, partial(self._run, known))

    def _run(self, command: Command) -> None:
        if command.is_possible:
            self.call_later(self.run_action, command.action, command.node)
        else:
            self.notify(command.help, title=command.title, severity="warning", markup=False)

    def get_key_display(self, binding: Binding) -> str:
        """``ctrl+s``, as texts and buttons write it, where Textual writes ``^s``."""
        shown = super().get_key_display(binding)
        return f"ctrl+{shown[1:]}" if shown.startswith("^") and len(shown) > 1 else shown

    # Screens are imported when they are asked for: each would hold up the first paint.

    def action_help(self) -> None:
        """Every key that works here, and what the signs mean."""
        from pyreq_tui.tui.screens.help import HelpScreen

        if self.screen.id != "help":
            self.push_screen(HelpScreen(self.screen))

    def action_settings(self) -> None:
        """Theme, bell and what else the user may like another way."""
        from pyreq_tui.tui.screens.settings import SettingsScreen

        themes = sorted(self.available_themes)
        self.push_screen(SettingsScreen(self.settings, themes, self._settings_at, self.take_settings))

    def action_jump(self) -> None:
        """Show a letter over each place, and go to the one that is pressed."""
        from pyreq_tui.tui.screens.jump import JumpScreen

        self.push_screen(JumpScreen(self.screen), self._jump)

    def _jump(self, goal: Widget | None) -> None:
        if isinstance(goal, Tab):
            goal.post_message(Tab.Clicked(goal))
        elif goal is not None:
            goal.focus()

    def action_caches(self) -> None:
        """What is kept between builds."""
        from pyreq_tui.tui.screens.caches import CachesScreen

        self.push_screen(CachesScreen(self.workbench.engine, self.workbench.workspace.service))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's
        """Open no screen over a dialog, nor over itself."""
        if action in {"caches", "settings", "jump"}:
            return not self.screen.is_modal and not (action == "caches" and self.screen.id == "caches")
        return True

    async def action_quit(self) -> None:
        """Leave by Textual's own command as by our key: asking first."""
        self.action_leave()

    def action_leave(self) -> None:
        """Leave, asking first where changes are not saved."""
        self.workbench.leave()
