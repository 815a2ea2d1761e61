"""The application as its user likes it: theme, keys and signs, kept between runs."""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

from textual.app import App

from pyreq_tui.tui.keymap import problems
from pyreq_tui.tui.plainly import Plainly
from pyreq_tui.tui.settings import Loaded, load_settings, save_settings
from pyreq_tui.tui.signs import shows_unicode
from pyreq_tui.tui.terminal import is_light
from pyreq_tui.tui.themes import DARK, LIGHT

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from textual.filter import LineFilter
    from textual.theme import Theme

    from pyreq_tui.tui.settings import Settings


class Customised(App[None]):
    """An app that heeds its Settings, and keeps what is changed of them."""

    def __init__(self, settings_at: Path | None) -> None:
        """``settings_at`` is the file that settings are kept in; without one nothing is kept."""
        super().__init__()
        self._shows_unicode = shows_unicode(os.environ)
        self._plainly = Plainly()
        self._settings_at = settings_at
        self._loaded = load_settings(settings_at) if settings_at else Loaded()
        self.settings: Settings = self._loaded.settings
        self.register_theme(DARK)
        self.register_theme(LIGHT)
        self._name_theme()
        self.set_keymap(self.settings.keymap)

    def on_mount(self) -> None:
        """Tell what of the settings can't be heeded."""
        self.theme_changed_signal.subscribe(self, self._keep_theme)
        for problem in (*self._loaded.problems, *problems(self.settings.keymap)):
            self._warn(problem)
        if self.settings.theme not in {"", *self.available_themes}:
            self._warn(f"There is no theme called {self.settings.theme}; ctrl+p, Theme shows all.")

    def get_line_filters(self) -> Sequence[LineFilter]:
        """What every line is passed through: last, where need be, what draws it in ASCII."""
        is_plain = self.settings.ascii or not self._shows_unicode
        return [*super().get_line_filters(), *([self._plainly] if is_plain else [])]

    def _name_theme(self) -> None:
        """Take the theme that was chosen, or the one that goes with the terminal."""
        own = LIGHT if is_light(os.environ) else DARK
        chosen = self.settings.theme
        self.theme = chosen if chosen in self.available_themes else own.name

    def _keep_theme(self, theme: Theme) -> None:
        """Remember a theme that was chosen in the palette."""
        is_default = not self.settings.theme and theme.name == (LIGHT if is_light(os.environ) else DARK).name
        if theme.name != self.settings.theme and not is_default:
            self.keep(replace(self.settings, theme=theme.name))

    def _warn(self, text: str) -> None:
        self.notify(text, title="Settings", severity="warning", markup=False, timeout=10)

    def take_settings(self, settings: Settings) -> None:
        """Take over what was set, and keep it."""
        is_drawn_anew = settings.ascii != self.settings.ascii
        self.keep(settings)
        self._name_theme()
        if is_drawn_anew:
            for screen in self.screen_stack:
                for widget in screen.walk_children(with_self=True):
                    widget.refresh()

    def keep(self, settings: Settings) -> None:
        """Take over settings, and save what changed for the next run."""
        before, self.settings = self.settings, settings
        if self._settings_at is None:
            return
        try:
            save_settings(self._settings_at, before, settings)
        except OSError as error:
            self.notify(f"Settings can't be saved: {error}.", severity="warning", markup=False)
