"""What the user likes: one row for each setting, changed at once and kept."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from pyreq_tui.tui.screens.dialog import Dialog
from pyreq_tui.tui.settings import PANES, Settings
from pyreq_tui.tui.text import MUTED, at_home, printable, spread
from pyreq_tui.tui.widgets.size_rows import SORT_KEYS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from textual.app import ComposeResult


class About(NamedTuple):
    """What a setting is called, and what it does."""

    label: str
    help: str


ABOUT = {
    "theme": About("Theme", "Colours; pyreq-dark and pyreq-light are our own, ansi-* are your terminal's."),
    "sort": About("Sort by", "What the size tree is sorted by when it opens."),
    "is_flipped": About("Smallest first", "Turns the order of the size tree round."),
    "pane": About("First pane", "The pane that has the focus when the workbench opens."),
    "bell": About("Bell", "Rings when a build of more than ten seconds ends."),
    "progress": About("Progress in the tab", "Shows in the terminal's tab how far a build is, where it can."),
    "ascii": About("Plain signs", "Draws with ASCII alone, for terminals and fonts that lack the others."),
    "keymap": About("Keys", 'Other keys for an id, in the file: [keymap] workbench.build = "b,ctrl+b"'),
}


class SettingsScreen(Dialog[None]):
    """Made from the fields of Settings; a row shows its value, space or enter takes the next one."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space,l,right", "turn(1)", "Next value", tooltip="Take the next value", id="settings.next"),
        Binding("h,left", "turn(-1)", "Value before", tooltip="Take the one before", id="settings.before"),
        Binding("d", "reset", "Default", tooltip="Take the default again", id="settings.reset"),
    ]
    DEFAULT_CSS = """
    SettingsScreen {
        & > .frame { max-width: 72; }
        OptionList {
            height: auto;
            border: none;
            padding: 0;
            background: transparent;
            background-tint: transparent;
        }
        #setting-help { height: 2; margin-top: 1; color: $text-muted; }
        #settings-file { height: auto; color: $text-muted; }
    }
    """

    HELP = """
## Settings

Each change counts at once and is kept. **space** or **→** takes the next value, **←** the one before, **d**
the default.
"""

    def __init__(
        self,
        settings: Settings,
        themes: Sequence[str],
        file: Path | None,
        take: Callable[[Settings], None],
    ) -> None:
        """``take`` is told of every change at once."""
        super().__init__()
        self._settings = settings
        self._themes = themes
        self._file = file
        self._take_settings = take
        self._names = [part.name for part in fields(Settings)]

    def compose(self) -> ComposeResult:
        with Vertical(classes="frame") as frame:
            frame.border_title = "Settings"
            frame.border_subtitle = "space changes · d default · esc back"
            yield OptionList(markup=False, compact=True)
            yield Static("", id="setting-help", markup=False)
            kept = f"Kept in {printable(at_home(self._file))}" if self._file else "Kept for this run only."
            yield Static(Content(kept), id="settings-file")

    def on_mount(self) -> None:
        """Show the values."""
        self.query_one(OptionList).focus()
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        rows = self.query_one(OptionList)
        line = rows.highlighted or 0
        rows.set_options([Option(self._row(name)) for name in self._names])
        rows.highlighted = line

    def _row(self, name: str) -> Content:
        value = getattr(self._settings, name)
        is_default = value == getattr(Settings(), name)
        shown = Content.styled(_shown(name, value), MUTED if is_default else "bold $accent")
        return spread(
            self.query_one(OptionList).scrollable_content_region.width, Content(ABOUT[name].label), shown
        )

    @on(OptionList.OptionHighlighted)
    def explain(self, event: OptionList.OptionHighlighted) -> None:
        """Say what the setting does."""
        self.query_one("#setting-help", Static).update(Content(ABOUT[self._names[event.option_index]].help))

    @on(OptionList.OptionSelected)
    def take_next(self) -> None:
        """Take the next value."""
        self.action_turn(1)

    def action_turn(self, step: int) -> None:
        """Take the next value, or the one before."""
        name = self._marked
        choices = choices_of(name, self._themes)
        if not choices:
            self.notify("Keys are given in the settings file, by their ids.", markup=False)
            return
        value = getattr(self._settings, name)
        index = choices.index(value) if value in choices else -1
        self._take(name, choices[(index + step) % len(choices)])

    def action_reset(self) -> None:
        """Take the default again."""
        self._take(self._marked, getattr(Settings(), self._marked))

    @property
    def _marked(self) -> str:
        return self._names[self.query_one(OptionList).highlighted or 0]

    def _take(self, name: str, value: object) -> None:
        changed: dict[str, Any] = {name: value}  # of the field's type: it is one of its choices
        self._settings = replace(self._settings, **changed)
        self._fill()
        self._take_settings(self._settings)


def choices_of(name: str, themes: Sequence[str]) -> list[object]:
    """The values a setting can have; none for what is written in the file."""
    match name:
        case "theme":
            return ["", *themes]
        case "sort":
            return list(SORT_KEYS)
        case "pane":
            return list(PANES)
        case "keymap":
            return []
    return [True, False]


def _shown(name: str, value: object) -> str:
    match value:
        case bool():
            return "● on" if value else "○ off"
        case "" if name == "theme":
            return "as the terminal is"
        case str():
            return value
    return f"{len(value)} changed" if isinstance(value, dict) and value else "as they are"
