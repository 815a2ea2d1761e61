"""The one place that writes stdout: results, and nothing else."""

from __future__ import annotations

import json
import sys

from pyreq_tui.cli.streams import is_unicode, without_controls, write
from pyreq_tui.errors import BuildError


def write_text(text: str) -> None:
    """Write a result for people. Control characters, which names may hold, are shown as ``?``."""
    _write(without_controls(text).rstrip("\n") + "\n")


def write_raw(text: str) -> None:
    """Write a result to the letter: a diff must stay one."""
    _write(text)


def write_json(value: object) -> None:
    """Write a result for scripts, one JSON document."""
    is_ascii = not is_unicode(sys.stdout)
    _write(json.dumps(value, indent=2, ensure_ascii=is_ascii, default=str) + "\n")


def _write(text: str) -> None:
    try:
        write(sys.stdout, text)
    except BrokenPipeError:
        raise  # the reader has what it wanted (`| head`): not an error
    except OSError as error:
        raise BuildError(
            f"The result could not be written: {error.strerror}.",
            hint="Make room where the output goes, and run it again.",
        ) from error
