"""What is said where a program is missing, or ends with anything but 0."""

from __future__ import annotations

import re
import signal
from pathlib import Path
from typing import TYPE_CHECKING

from pyreq_tui.errors import BuildError
from pyreq_tui.redact import redact

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHOWN_LINES = 12

INSTALL_HINTS = {
    "docker": "Install Docker (https://docs.docker.com/get-docker/), or set dockerizePip: false.",
    "git": "Install git; a requirement is fetched with it.",
    "pip": "Install pip for this Python: python -m ensurepip.",
    "pipenv": "Install Pipenv (pip install pipenv), or set usePipenv: false.",
    "poetry": "Install Poetry (pipx install poetry), or set usePoetry: false.",
    "python": "Install that Python, or name one that is there with pythonBin.",
    "strip": "Install binutils, or set strip: false.",
    "uv": "Install uv again: pip install --force-reinstall uv.",
}
"""What to do where an executable is missing, by its name without version digits."""


class ProcessError(BuildError):
    """A child ended with anything but 0."""

    def __init__(
        self, message: str, *, exit_code: int, output: tuple[str, ...], hint: str | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.exit_code = exit_code
        """As the child gave it; minus the signal's number where a signal ended it."""
        self.output = output
        """Its last lines, of both pipes, cleaned and redacted."""


def missing(program: str) -> BuildError:
    """There is no such ``program``, as it was named or by its path."""
    name = Path(program).name
    hint = INSTALL_HINTS.get(
        re.sub(r"[\d.]+(?=$|\.exe$)|\.exe$", "", name), f"Install {name}, or add it to PATH."
    )
    return BuildError(f"{redact(program)} was not found.", hint=hint)


def failure(
    command: Sequence[str], exit_code: int, output: tuple[str, ...], telling: Sequence[str]
) -> ProcessError:
    """``command`` ended with ``exit_code``; ``output`` are its last lines, of which ``telling`` say most."""
    name = Path(command[0]).name
    hint = None
    if exit_code < 0:
        ended = f"was ended by signal {_signal_name(-exit_code)}"
        if exit_code == -9:
            hint = "The system may have run out of memory."
    else:
        ended = f"failed with exit status {exit_code}"
    shown = "\n".join(telling[-_SHOWN_LINES:])
    message = f"{name} {ended}:\n{shown}" if shown else f"{name} {ended} and said nothing."
    return ProcessError(message, exit_code=exit_code, output=output, hint=hint)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
