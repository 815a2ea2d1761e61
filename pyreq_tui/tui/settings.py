"""What a user likes, kept between runs in TOML: theme, keys, the order and the pane last used."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any

from platformdirs import user_config_path

from pyreq_tui.tui.text import printable
from pyreq_tui.tui.widgets.size_rows import SORT_KEYS, Order, SortKey

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

PANES = ("functions", "sizes", "options")


@dataclass(frozen=True)
class Settings:
    """One field for each key of the file. ``app.keep(replace(app.settings, theme=…))`` changes and saves."""

    theme: str = ""
    """A theme's name; empty for the one that goes with the terminal."""
    sort: SortKey = "unzipped"
    """What the size tree is sorted by."""
    is_flipped: bool = False
    """Whether smallest stand first."""
    pane: str = "sizes"
    """The pane that has the focus when the workbench opens: one of PANES."""
    bell: bool = True
    """Whether the terminal's bell rings when a long build ends."""
    progress: bool = True
    """Whether the terminal's tab shows how far a build is, where the terminal can."""
    ascii: bool = False
    """Whether to draw with ASCII alone; where the terminal has nothing else it is done anyway."""
    keymap: Mapping[str, str] = field(default_factory=dict)
    """By binding id (``workbench.build``): the keys that press it instead, ``b,ctrl+b``."""

    @property
    def order(self) -> Order:
        """How the size tree is sorted."""
        return Order(self.sort, self.is_flipped)


DEFAULTS = Settings()


@dataclass(frozen=True)
class Loaded:
    """What the file says, and what is wrong with it."""

    settings: Settings = DEFAULTS
    problems: tuple[str, ...] = ()
    """Each a sentence; what it is about is ignored."""
    is_broken: bool = False
    """Whether the file can't be read as a whole: then it is left alone."""


def settings_file() -> Path:
    """Where settings are kept: ``settings.toml`` in the user's configuration folder for pyreq-tui."""
    return user_config_path("pyreq-tui", appauthor=False) / "settings.toml"


def load_settings(file: Path) -> Loaded:
    """The settings; what is missing or wrong is at its default, unknown keys are nobody's business."""
    try:
        data = tomllib.loads(file.read_text("utf-8"))
    except FileNotFoundError:
        return Loaded()
    except (OSError, ValueError) as error:
        return Loaded(
            problems=(f"{file} can't be read and is ignored: {printable(str(error))}.",), is_broken=True
        )
    known: dict[str, Any] = {}
    problems = []
    for part in fields(Settings):
        if part.name in data:
            if _is_valid(part.name, data[part.name]):
                known[part.name] = data[part.name]
            else:
                problems.append(f"{part.name} in {file} is not {_EXPECTED[part.name]}, and is ignored.")
    return Loaded(Settings(**known), tuple(problems))


def save_settings(file: Path, before: Settings, after: Settings) -> None:
    """Write what changed; the user's comments, and keys that are not known here, stay. Raises OSError.

    Another window's changes stay too, unless they are of the same key. A file that can't be read is left
    alone.
    """
    changed = [
        part.name for part in fields(Settings) if getattr(before, part.name) != getattr(after, part.name)
    ]
    if not changed or load_settings(file).is_broken:
        return
    # Imported here: reading needs no library, and most runs change nothing.
    import tomlkit

    from pyreq_tui.whole import write_whole

    text = file.read_text("utf-8") if file.is_file() else ""
    document = tomlkit.parse(text)
    for name in changed:
        value = getattr(after, name)
        document[name] = dict(value) if name == "keymap" else value
    write_whole(file.resolve(), document.as_string())


_EXPECTED = {
    "theme": "a text",
    "sort": f"one of {', '.join(SORT_KEYS)}",
    "is_flipped": "true or false",
    "pane": f"one of {', '.join(PANES)}",
    "bell": "true or false",
    "progress": "true or false",
    "ascii": "true or false",
    "keymap": "a table of texts",
}


def _is_valid(name: str, value: object) -> bool:
    match name:
        case "theme":
            return isinstance(value, str)
        case "sort":
            return value in SORT_KEYS
        case "pane":
            return value in PANES
        case "is_flipped" | "bell" | "progress" | "ascii":
            return isinstance(value, bool)
        case _:
            return isinstance(value, dict) and all(isinstance(keys, str) for keys in value.values())
