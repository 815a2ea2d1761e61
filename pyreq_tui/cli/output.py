"""The one place that writes stdout: results, and nothing else."""

from __future__ import annotations

import json
import re
import sys

_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def write_text(text: str) -> None:
    """Write a result for people. Control characters, which names may hold, are shown as ``?``."""
    sys.stdout.write(_CONTROL.sub("?", text).rstrip("\n") + "\n")


def write_raw(text: str) -> None:
    """Write a result to the letter: a diff must stay one."""
    sys.stdout.write(text)


def write_json(value: object) -> None:
    """Write a result for scripts, one JSON document."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n")
