"""What is done while nobody presses a key: garbage is looked for, and screens are loaded ahead.

To load a screen and its styles takes 30 to 60 ms: nothing in a pause, a stumble after a key.
"""

from __future__ import annotations

import time
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from pyreq_tui.tui import screens
from pyreq_tui.tui.collector import PAUSE_SECONDS, collect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from textual.css.stylesheet import Stylesheet


SLICE_SECONDS = 0.01
"""How much of a pause is used at once: a key may end it at any time."""


class Pauses:
    """Uses pauses for what would hold up a key."""

    def __init__(self, stylesheet: Stylesheet) -> None:
        self._loading = _load_screens(stylesheet)

    def use(self, idle_seconds: float, *, is_busy: bool) -> None:
        """Nobody has pressed a key for ``idle_seconds``; ``is_busy`` says whether workers are at work."""
        collect(idle_seconds)
        if idle_seconds >= PAUSE_SECONDS and not is_busy:
            until = time.monotonic() + SLICE_SECONDS
            for _ in self._loading:
                if time.monotonic() > until:
                    break


def _load_screens(stylesheet: Stylesheet) -> Iterator[None]:
    """Load screens and their styles, a little with each step."""
    for module in iter_modules(screens.__path__, f"{screens.__name__}."):
        import_module(module.name)
        yield
    for folder in screens.__path__:
        for styles in Path(folder).glob("*.tcss"):
            if not stylesheet.has_source(str(styles)):
                stylesheet.read(styles)
                stylesheet.parse()
                yield
