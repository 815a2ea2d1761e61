"""Splices in flow maps and lists: ``{a: b}``, ``[a, b]``, and JSON, which is nothing else."""

from __future__ import annotations

from difflib import SequenceMatcher
from itertools import pairwise
from typing import TYPE_CHECKING

from pyreq_tui.service.nodes import Mapping, Pair, Scalar, Sequence
from pyreq_tui.service.outlines import outline, value_outline
from pyreq_tui.service.rendering import render_flow, render_scalar
from pyreq_tui.service.splices import Splice, style_of

if TYPE_CHECKING:
    from pyreq_tui.service.document import Document
    from pyreq_tui.service.nodes import Node


def add_to_flow(
    document: Document, mapping: Mapping, key: str, value: object, *, is_json: bool
) -> list[Splice]:
    """A new entry behind the last one, on a line of its own where the others have theirs."""
    quotes = is_json or _has_quoted_keys(mapping)
    name = render_scalar(key, "double" if quotes else "plain")
    entry = f"{name}: {render_flow(value, is_json=is_json)}"
    if not mapping.pairs:
        return [Splice(mapping.end - len(_inside(document, mapping)) - 1, mapping.end - 1, entry)]
    last = mapping.pairs[-1]
    gap = _gap_before(document, last.key.start)
    at = max(last.key.end, last.value.end)
    return [Splice(at, at, f",{gap or ' '}{entry}")]


def remove_from_flow(document: Document, mapping: Mapping, pair: Pair) -> list[Splice]:
    """An entry and one of the commas around it."""
    index = mapping.pairs.index(pair)
    if len(mapping.pairs) == 1:
        inside = _inside(document, mapping)
        return [Splice(mapping.end - 1 - len(inside), mapping.end - 1, "")]
    if index + 1 < len(mapping.pairs):
        return [Splice(pair.key.start, mapping.pairs[index + 1].key.start, "")]
    before = mapping.pairs[index - 1]
    return [Splice(max(before.key.end, before.value.end), max(pair.key.end, pair.value.end), "")]


def replace_in_flow(document: Document, pair: Pair, value: object, *, is_json: bool) -> list[Splice]:
    """Another value for an entry."""
    node = pair.value
    if isinstance(node, Sequence) and node.items and isinstance(value, list | tuple) and value:
        return set_flow_list(document, node, value, is_json=is_json)
    style = style_of(node)
    is_scalar = not isinstance(value, list | tuple | dict)
    text = render_scalar(value, style, is_json=is_json) if is_scalar else render_flow(value, is_json=is_json)
    return [Splice(node.start, node.end, text if node.end > node.start else f" {text}")]


def set_flow_list(
    document: Document, sequence: Sequence, items: list[object] | tuple[object, ...], *, is_json: bool
) -> list[Splice]:
    """The list with other items; those that stay keep their text, and what stands between two of them."""
    old = sequence.items
    gaps = [document.text[left.end : right.start] for left, right in pairwise(old)]
    separator = gaps[0] if gaps and "#" not in gaps[0] else _own_line(document, sequence)
    style = style_of(old[0])
    text = ""
    previous: int | None = None
    for position, (index, item) in enumerate(_matched(old, items)):
        if position:
            is_gap = previous is not None and previous < len(gaps)
            text += gaps[previous] if is_gap and previous is not None else separator
        text += (
            document.source(old[index])
            if index is not None
            else render_flow(item, style=style, is_json=is_json)
        )
        previous = index
    return [Splice(old[0].start, old[-1].end, text)]


def _matched(
    old: tuple[Node, ...], items: list[object] | tuple[object, ...]
) -> list[tuple[int | None, object]]:
    """Each new item with the index of the old one it is, ``None`` where it is new."""
    before = [repr(outline(item)) for item in old]
    after = [repr(value_outline(item)) for item in items]
    indexes: list[int | None] = [None] * len(items)
    for block in SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks():
        for offset in range(block.size):
            indexes[block.b + offset] = block.a + offset
    return list(zip(indexes, items, strict=True))


def _own_line(document: Document, sequence: Sequence) -> str:
    return f",{_gap_before(document, sequence.items[0].start) or ' '}"


def _gap_before(document: Document, offset: int) -> str:
    """The line break and indentation before ``offset`` where it is the first on its line, else nothing."""
    start = document.lines.start(offset)
    indent = document.text[start:offset]
    return document.lines.line_break + indent if indent.isspace() or (not indent and start) else ""


def _inside(document: Document, node: Mapping | Sequence) -> str:
    """What stands between the brackets."""
    source = document.source(node)
    return source[source.index("{" if isinstance(node, Mapping) else "[") + 1 : -1]


def _has_quoted_keys(mapping: Mapping) -> bool:
    return bool(mapping.pairs) and all(
        isinstance(pair.key, Scalar) and pair.key.style == "double" for pair in mapping.pairs
    )
