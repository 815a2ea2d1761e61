"""What ``useDotenv`` adds to the environment: the ``.env`` files beside serverless.yml."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyreq_tui.service.document import read_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_ASSIGNMENT = re.compile(
    r"""^[ \t]*(?:export[ \t]+)?(?P<name>[\w.-]+)[ \t]*=[ \t]*
        (?:'(?P<single>[^']*)' | "(?P<double>(?:[^"\\]|\\.)*)" | (?P<plain>[^\s#'"][^#\r\n]*)? )""",
    re.MULTILINE | re.VERBOSE,
)


def read_dotenv(root: Path, stage: str) -> Mapping[str, str]:
    """The variables of ``.env.STAGE``, or of ``.env`` where that file is missing."""
    for name in (f".env.{stage}", ".env"):
        path = root / name
        if path.is_file():
            return parse_dotenv(read_text(path))
    return {}


def parse_dotenv(text: str) -> Mapping[str, str]:
    """``NAME=value`` lines; double quotes know ``\\n``, a ``#`` after an unquoted value starts a comment."""
    found = {}
    for match in _ASSIGNMENT.finditer(text):
        if match["single"] is not None:
            value = match["single"]
        elif match["double"] is not None:
            value = match["double"].replace("\\n", "\n").replace('\\"', '"')
        else:
            value = (match["plain"] or "").strip()
        found[match["name"]] = value
    return found
