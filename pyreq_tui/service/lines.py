"""Where lines begin and end in a text, whatever its line endings."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

_LINE_BREAK = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True)
class Lines:
    """The lines of a text. Offsets count characters from 0."""

    text: str

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_BREAK.finditer(self.text))]

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def start(self, offset: int) -> int:
        """Where the line of ``offset`` begins."""
        return self._starts[bisect_right(self._starts, offset) - 1]

    def end(self, offset: int) -> int:
        """Where the line of ``offset`` ends, before its line break."""
        match = _LINE_BREAK.search(self.text, offset)
        return match.start() if match else len(self.text)

    def indent(self, offset: int) -> str:
        """The blank characters the line of ``offset`` begins with."""
        start = self.start(offset)
        line = self.text[start : self.end(start)]
        return line[: len(line) - len(line.lstrip(" \t"))]

    @cached_property
    def line_break(self) -> str:
        """The line break in use: the text's first, or a plain newline."""
        match = _LINE_BREAK.search(self.text)
        return match[0] if match else "\n"
