"""Makes folders that setup looks at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.setup import Journey, survey

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pyreq_tui.setup import Answers

HANDLER = '"""Says hello."""\n\n\ndef run(event, context):\n    return {}\n'
SERVICE = """\
service: shop
provider:
  name: aws
  runtime: python3.12
functions:
  main:
    handler: main.run
"""


def make_folder(folder: Path, files: Mapping[str, str]) -> Path:
    """A folder with these files."""
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    return folder


def journey(folder: Path, files: Mapping[str, str], answers: Answers | None = None) -> Journey:
    """A way through the questions of such a folder, without an estimate."""
    return Journey(survey(make_folder(folder, files)), answers or {})


def diffs(one: Journey) -> str:
    """What would change, all files together."""
    return "".join(edit.diff() for edit in one.course.edits())


def added(one: Journey) -> list[str]:
    """The lines that would change, with their sign."""
    return [line for line in diffs(one).splitlines() if line[:1] in "+-" and line[:4] not in ("--- ", "+++ ")]
