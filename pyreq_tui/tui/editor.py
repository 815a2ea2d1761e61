"""How the user's own editor is started at a line. Pure."""

from __future__ import annotations

import shlex
from pathlib import PurePath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyreq_tui.errors import Where

VARIABLES = ("VISUAL", "EDITOR")
"""Where the editor is named, in the order that git looks."""
_PLUS = {
    "vi",
    "vim",
    "nvim",
    "gvim",
    "view",
    "nano",
    "pico",
    "emacs",
    "emacsclient",
    "micro",
    "kak",
    "joe",
    "ne",
    "mcedit",
    "gedit",
}
_COLON = {"hx", "helix", "subl", "sublime_text", "zed", "zeditor", "lapce"}
_GOTO = {"code", "code-insiders", "codium", "vscodium", "cursor", "windsurf"}
_LINE = {"idea", "pycharm", "charm", "webstorm", "kate", "mate", "xed", "bbedit"}


def editor_of(environment: Mapping[str, str]) -> str | None:
    """The command that edits, as the user set it; ``None`` where none is set."""
    return next((environment[name] for name in VARIABLES if environment.get(name, "").strip()), None)


def editing(command: str, where: Where) -> list[str]:
    """The command line that opens ``where``; an editor nobody knows gets the file alone.

    Raises ValueError where ``command`` has an open quote.
    """
    program, *given = shlex.split(command)
    file = str(where.file)
    line = where.line
    if line is None:
        return [program, *given, file]
    name = PurePath(program).name.removesuffix(".exe").removesuffix(".cmd")
    if name in _PLUS:
        return [program, *given, f"+{line}", file]
    if name in _COLON:
        return [program, *given, f"{file}:{line}"]
    if name in _GOTO:
        return [program, *given, "--goto", f"{file}:{line}"]
    if name in _LINE:
        return [program, *given, "--line", str(line), file]
    return [program, *given, file]
