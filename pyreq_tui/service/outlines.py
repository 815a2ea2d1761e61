"""What a document says, without how it is written: two texts that mean the same have one outline."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.service.nodes import Alias, Mapping, Opaque, Scalar, Sequence

if TYPE_CHECKING:
    from pyreq_tui.service.nodes import Node


def outline(node: Node) -> object:
    """Maps as dicts, lists as lists; scalars with their type, for 1 is not true; aliases by name."""
    match node:
        case Mapping():
            return {
                (f"<< {index}" if pair.is_merge else pair.name): outline(pair.value)
                for index, pair in enumerate(node.pairs)
            }
        case Sequence():
            return [outline(item) for item in node.items]
        case Scalar():
            return value_outline(node.value)
        case Alias():
            return ("alias", node.name)
        case Opaque():
            return ("opaque", node.expression)


def value_outline(value: object) -> object:
    """The outline of what a plain value would be once written."""
    if isinstance(value, dict):
        return {str(key): value_outline(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [value_outline(item) for item in value]
    return (type(value).__name__, repr(value))


def path_to(root: Node, target: Node) -> tuple[str, ...] | None:
    """The keys from ``root`` to the very node ``target``; ``None`` where only a list or alias leads there."""
    waiting: list[tuple[Node, tuple[str, ...]]] = [(root, ())]
    while waiting:
        node, path = waiting.pop()
        if node is target:
            return path
        if isinstance(node, Mapping):
            waiting += [(pair.value, (*path, pair.name)) for pair in node.pairs if not pair.is_merge]
    return None
