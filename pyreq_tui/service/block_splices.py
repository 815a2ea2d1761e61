"""Splices in block maps and lists: one entry a line, told apart by indentation."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from pyreq_tui.service.flow_splices import set_flow_list
from pyreq_tui.service.nodes import Alias, Mapping, Node, Pair, Sequence
from pyreq_tui.service.option_block import BLOCK
from pyreq_tui.service.outlines import outline, value_outline
from pyreq_tui.service.rendering import Writing, render_entry, render_flow, render_scalar
from pyreq_tui.service.splices import (
    Splice,
    after_colon,
    before_line,
    column,
    content_end,
    style_of,
    whole_lines,
)

if TYPE_CHECKING:
    from pyreq_tui.service.document import Document


def add_entry(
    document: Document, mapping: Mapping, key: str, value: object, writing: Writing
) -> list[Splice]:
    """A new entry below the last one; comments after the map stay below it."""
    indent = " " * column(document, mapping.pairs[0].key)
    at = document.lines.end(max(mapping.pairs[-1].key.end, content_end(document, mapping.pairs[-1].value)))
    lines = render_entry(key, value, indent, writing.step)
    gap = writing.line_break if key == BLOCK[0] and not indent else ""
    return [Splice(at, at, gap + "".join(writing.line_break + line for line in lines))]


def remove_entry(document: Document, mapping: Mapping, pair: Pair, owner: Pair | None) -> list[Splice]:
    """An entry's lines; with its last one, the map (the value of ``owner``) becomes ``{}``."""
    end = max(pair.key.end, content_end(document, pair.value))
    if len(mapping.pairs) > 1:
        return [whole_lines(document, pair.key.start, end)]
    if owner is None:
        return [Splice(pair.key.start, end, "{}")]
    at = _inline_start(document, owner)
    return [Splice(at, at, " {}"), whole_lines(document, pair.key.start, end)]


def fill_entry(document: Document, pair: Pair, value: dict[str, object], writing: Writing) -> list[Splice]:
    """A map in the place of a value without parts, or of ``{}``: the rest of the line stays, lines follow."""
    start, end = after_colon(document, pair), pair.value.end
    indent = " " * (column(document, pair.key) + writing.step)
    lines = [line for key, part in value.items() for line in render_entry(key, part, indent, writing.step)]
    at = document.lines.end(end)
    below = "".join(writing.line_break + line for line in lines)
    if at == end:
        return [Splice(start, end, below)]
    return [Splice(start, max(start, end), ""), Splice(at, at, below)]


def replace_value(document: Document, pair: Pair, value: object, writing: Writing) -> list[Splice]:
    """Another value for an entry, which keeps its comments and, where it is a list, its items."""
    node = pair.value
    if isinstance(value, list | tuple) and value and isinstance(node, Sequence) and node.items:
        if node.is_flow:
            return set_flow_list(document, node, value, is_json=False)
        return _set_block_list(document, node, value, writing)
    if isinstance(value, dict) and value and not _is_block(node):
        return fill_entry(document, pair, value, writing)
    is_scalar = not isinstance(value, list | tuple | dict)
    text = render_scalar(value, style_of(node)) if is_scalar else render_flow(value)
    if _is_block(node):
        first = node.pairs[0].key if isinstance(node, Mapping) else node
        at = _inline_start(document, pair)
        return [Splice(at, at, f" {text}"), whole_lines(document, first.start, content_end(document, node))]
    if node.start == node.end:
        at = after_colon(document, pair)
        return [Splice(at, at, f" {text}")]
    return [Splice(node.start, content_end(document, node), text)]


def _is_block(node: Node) -> bool:
    return isinstance(node, Mapping | Sequence) and not node.is_flow


def _inline_start(document: Document, pair: Pair) -> int:
    """Where a value on the key's own line may start: behind the colon and an anchor."""
    at = after_colon(document, pair)
    line = document.text[at : document.lines.end(at)]
    words = line.split("#")[0].split()
    if words and words[0][0] in "&!" and not isinstance(pair.value, Alias):
        return at + line.index(words[-1]) + len(words[-1])
    return at


def _set_block_list(
    document: Document, sequence: Sequence, items: list[object] | tuple[object, ...], writing: Writing
) -> list[Splice]:
    """The items that changed; the others keep their lines and comments."""
    old = [repr(outline(item)) for item in sequence.items]
    new = [repr(value_outline(item)) for item in items]
    style = style_of(sequence.items[0])
    dashes = [document.text.rindex("-", 0, max(item.start, 1)) for item in sequence.items]
    indent = document.lines.indent(dashes[0])
    splices = []
    steps = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    for what, first, last, new_first, new_last in steps:
        if what == "equal":
            continue
        at = before_line(document, dashes[0])
        if first:
            at = document.lines.end(content_end(document, sequence.items[first - 1]))
        lines = [f"{indent}- {render_flow(item, style=style)}" for item in items[new_first:new_last]]
        splices.append(Splice(at, at, "".join(writing.line_break + line for line in lines)))
        splices += [
            whole_lines(document, dashes[index], content_end(document, sequence.items[index]))
            for index in range(first, last)
        ]
    return splices
