"""A YAML (or JSON) file: its text, and the tree of nodes over that text."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from typing import TYPE_CHECKING

from pyreq_tui.errors import PyreqError, Where
from pyreq_tui.service.compose import compose
from pyreq_tui.service.lines import Lines

if TYPE_CHECKING:
    from pathlib import Path

    from pyreq_tui.service.nodes import Node

MOST_KEPT_CHARACTERS = 12_000_000
"""Of texts whose trees are kept: a very large file before and after a change, or hundreds of usual ones."""
LARGEST_FILE_BYTES = 16_000_000
"""A configuration file may have this size; far above any real one."""


_parsed: OrderedDict[tuple[Path, str], Document] = OrderedDict()
"""The trees of the last texts read, the latest last. Nothing changes a tree once it stands."""
_lock = Lock()


@dataclass(frozen=True, eq=False)
class Document:
    """One file as read."""

    path: Path
    text: str
    """As decoded; line endings and a byte order mark are kept."""
    root: Node
    uses: dict[int, int]
    """How often each anchored node (by ``id``) is aliased."""

    @cached_property
    def lines(self) -> Lines:
        """The lines of the text."""
        return Lines(self.text)

    def where(self, node: Node) -> Where:
        """The place of a node, for a person."""
        line, column = self.lines.position(node.start)
        return Where(self.path, line, column)

    def source(self, node: Node) -> str:
        """The text a node stands in."""
        return self.text[node.start : node.end]


def read_text(path: Path) -> str:
    """The text of a configuration file, byte for byte. Raises PyreqError where it can't be read."""
    try:
        size_bytes = path.stat().st_size
        if size_bytes > LARGEST_FILE_BYTES:
            raise PyreqError(f"{path.name} is too large to be a configuration file.", where=Where(path))
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise PyreqError(f"{path.name} does not exist.", where=Where(path)) from error
    except (OSError, ValueError) as error:
        raise PyreqError(
            f"{path.name} can't be read: {error}.",
            where=Where(path),
            hint="Check the path and its permissions.",
        ) from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise PyreqError(
            f"{path.name} is not UTF-8 text (byte {error.start}).",
            where=Where(path, data.count(b"\n", 0, error.start) + 1),
            hint="Save the file as UTF-8.",
        ) from error


def parse_document(path: Path, text: str) -> Document:
    """``text`` as the content of ``path``, parsed once for who reads it again: loading, editing, saving.

    Raises PyreqError with file and line.
    """
    with _lock:
        known = _parsed.get((path, text))
        if known is not None:
            _parsed.move_to_end((path, text))
            return known
    root, uses = compose(path, text)
    document = Document(path, text, root, uses)
    with _lock:
        _parsed[path, text] = document
        while len(_parsed) > 1 and sum(len(kept) for _, kept in _parsed) > MOST_KEPT_CHARACTERS:
            _parsed.popitem(last=False)
    return document
