"""What went wrong in words: the cause first, its place second, the way out third."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from pyreq_tui.tui.text import MUTED, printable

if TYPE_CHECKING:
    from pathlib import Path

    from pyreq_tui.errors import PyreqError, Where


def explained(failure: PyreqError, root: Path | None = None) -> Content:
    """The failure for a screen; its place relative to ``root``."""
    return Content("\n").join(filter(None, (cause(failure), way_out(failure, root))))


def summed_up(failure: PyreqError, root: Path | None, most: int) -> Content:
    """The failure beside a log that has all of it: the way out stands second.

    Of what a tool said the last ``most`` lines follow, for there it says why it stopped.
    """
    first, *said = cause(failure).split("\n")
    last = [Content.styled(line.plain, MUTED) for line in said[-most:]]
    return Content("\n").join(filter(None, (first, way_out(failure, root), *last)))


def cause(failure: PyreqError) -> Content:
    """What happened; of several lines the first says it, the others are what a tool said."""
    first, *more = printable_lines(failure.message).split("\n")
    return Content("\n").join([Content.assemble(("✗ ", "$error bold"), (first, "bold")), *map(Content, more)])


def way_out(failure: PyreqError, root: Path | None = None) -> Content:
    """Where it happened, relative to ``root``, and what to do; empty where neither is known."""
    parts = []
    if failure.where is not None:
        parts.append(Content.styled(f"  {place(failure.where, root)}", MUTED))
    if failure.hint:
        parts.append(Content.styled(f"→ {printable_lines(failure.hint)}", "$success"))
    return Content("\n").join(parts)


def place(where: Where, root: Path | None) -> str:
    """``serverless.yml:14``, relative to the service."""
    name = relative(where.file, root)
    return printable(f"{name}:{where.line}" if where.line else name)


def relative(file: Path, root: Path | None) -> str:
    """As the service's own files name it: ``report/requirements.txt``; whole elsewhere, and its folder."""
    is_inside = root is not None and file != root and file.is_relative_to(root)
    return file.relative_to(root).as_posix() if root is not None and is_inside else str(file)


def printable_lines(text: str) -> str:
    """``text`` safe to show, its lines kept."""
    return "\n".join(printable(line) for line in text.splitlines())
