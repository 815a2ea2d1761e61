"""Replacements of spans of text, and where the parts of a document really end."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyreq_tui.service.nodes import Mapping, Pair, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyreq_tui.service.document import Document
    from pyreq_tui.service.nodes import Node, Style


@dataclass(frozen=True, order=True)
class Splice:
    """``text`` in the place of what stands from ``start`` to ``end``."""

    start: int
    end: int
    text: str


def apply(text: str, splices: Iterable[Splice]) -> str:
    """``text`` with every splice made. What is inserted where something is removed comes before the rest."""
    for splice in sorted(splices, reverse=True):
        text = text[: splice.start] + splice.text + text[splice.end :]
    return text


def content_end(document: Document, node: Node) -> int:
    """Where a node's own text ends: a block map's or list's span reaches into the comments that follow it."""
    if isinstance(node, Mapping) and not node.is_flow:
        last = node.pairs[-1]
        return max(last.key.end, content_end(document, last.value))
    if isinstance(node, Sequence) and not node.is_flow:
        return content_end(document, node.items[-1])
    if isinstance(node, Scalar) and node.style == "block":
        source = document.source(node)
        keeps_breaks = "+" in source.splitlines()[0].partition("#")[0]
        return (
            node.end - _break_length(document.text, node.end)
            if keeps_breaks
            else node.start + len(source.rstrip())
        )
    return node.end


def whole_lines(document: Document, start: int, end: int) -> Splice:
    """The removal of the lines from ``start`` to ``end`` and one line break, if possible the one before."""
    text = document.text
    first = document.lines.start(start)
    last = document.lines.end(end)
    if first == 0:
        return Splice(_text_start(text), last + _break_length(text, last, ahead=True), "")
    return Splice(first - _break_length(text, first), last, "")


def before_line(document: Document, offset: int) -> int:
    """Where the line before that of ``offset`` ends."""
    start = document.lines.start(offset)
    return start - _break_length(document.text, start)


def after_colon(document: Document, pair: Pair) -> int:
    """The offset just behind a pair's colon."""
    return document.text.index(":", pair.key.end) + 1


def style_of(node: Node) -> Style:
    """How a text that replaces ``node`` should be quoted."""
    return node.style if isinstance(node, Scalar) and node.style in {"single", "double"} else "plain"


def column(document: Document, node: Node) -> int:
    """How many characters stand before a node on its line."""
    start = document.lines.start(node.start)
    return node.start - max(start, _text_start(document.text))


def _text_start(text: str) -> int:
    return 1 if text.startswith("\ufeff") else 0


def _break_length(text: str, offset: int, *, ahead: bool = False) -> int:
    around = text[offset : offset + 2] if ahead else text[max(offset - 2, 0) : offset]
    if around == "\r\n":
        return 2
    return 1 if (around[:1] if ahead else around[-1:]) in {"\n", "\r"} and around else 0
