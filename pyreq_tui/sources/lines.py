"""From the bytes of a requirements file to its logical lines, as pip reads them."""

from __future__ import annotations

import codecs
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyreq_tui.errors import PyreqError, Where

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

# The longer marks first: UTF-32's little-endian one starts with UTF-16's.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CODING = re.compile(rb"coding[:=]\s*([-\w.]+)")
_COMMENT = re.compile(r"(?:^|\s+)#.*$")
SHORTEST_SECRET = 4
"""Shorter values of variables are no secrets, and hiding them would blank out half of a message."""
_VARIABLE = re.compile(r"\$\{([A-Z0-9_]+)\}")


@dataclass(frozen=True)
class LogicalLine:
    """One line as pip sees it: continuations joined, comments gone, variables filled in."""

    number: int
    """Of the first physical line, from 1."""
    text: str
    written: str
    """The same before variables were filled in: fit to show."""
    column: int
    """Where it starts on its physical line, from 1; 0 where it was joined from several."""


def decode(data: bytes, file: Path) -> str:
    """The text of a requirements file: by its byte order mark, its ``coding:`` comment, or as UTF-8.

    Raises PyreqError, with the line, for bytes that the encoding does not know.
    """
    encoding = "utf-8"
    for mark, name in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            data, encoding = data[len(mark) :], name
            break
    else:
        for line in data.split(b"\n")[:2]:
            if line.startswith(b"#") and (match := _CODING.search(line)):
                encoding = match[1].decode("ascii", "replace")
                break
    try:
        return data.decode(encoding)
    except LookupError as error:
        raise PyreqError(
            f"{file.name} names the encoding {encoding!r}, which Python does not know.",
            hint="Save it as UTF-8.",
            where=Where(file, 1),
        ) from error
    except UnicodeDecodeError as error:
        line_number = data.count(b"\n", 0, error.start) + 1
        raise PyreqError(
            f"{file.name} is not {encoding} text: byte 0x{data[error.start]:02x} can't be read.",
            hint="Save it as UTF-8, or name its encoding on the first line: # -*- coding: latin-1 -*-",
            where=Where(file, line_number),
        ) from error


def logical_lines(text: str, environment: Mapping[str, str] | None = None) -> Iterator[LogicalLine]:
    """The lines that say something, ``${NAME}`` filled in from ``environment`` (default: the process's)."""
    environment = os.environ if environment is None else environment
    for number, joined, is_joined in _joined(text):
        written = _COMMENT.sub("", joined)
        column = 0 if is_joined else len(written) - len(written.lstrip()) + 1
        if written := written.strip():
            yield LogicalLine(number, expand(written, environment), written, column)


def variables(text: str) -> tuple[str, ...]:
    """Names of the environment variables that a line refers to."""
    return tuple(_VARIABLE.findall(text))


def _joined(text: str) -> Iterator[tuple[int, str, bool]]:
    """Physical lines, those that end in a backslash joined with what follows; comments end a continuation."""
    first, parts = 0, list[str]()
    for number, line in enumerate(text.splitlines(), 1):
        is_comment = _COMMENT.match(line) is not None
        if line.endswith("\\") and not is_comment:
            first = first or number
            parts.append(line.strip("\\"))
        else:
            # The blank keeps a comment a comment once it is glued to what stands before it.
            yield (
                first or number,
                "".join([*parts, f" {line}" if parts and is_comment else line]),
                bool(parts),
            )
            first, parts = 0, []
    if parts:
        yield first, "".join(parts), True


def expand(line: str, environment: Mapping[str, str]) -> str:
    """``${NAME}`` filled in; an unset or empty variable stays as it is written, as in pip."""
    return _VARIABLE.sub(lambda match: environment.get(match[1]) or match[0], line)
