"""A node together with the file it stands in, and the answers a variable can have."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyreq_tui.service.nodes import Alias, Mapping, Node, Opaque, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyreq_tui.errors import Where
    from pyreq_tui.service.document import Document
    from pyreq_tui.service.scalars import ScalarValue
    from pyreq_tui.service.variables import Variable

_TRUTHS = {"true": True, "1": True, "false": False, "0": False}
_LONGEST_INDEX = 7


@dataclass(frozen=True, eq=False)
class Place:
    """A node and the file it stands in."""

    document: Document
    node: Node
    key: Node | None = None
    """The key of the entry it was found under."""

    @property
    def where(self) -> Where:
        """For a person: the entry's key, for a map begins on the line after it."""
        return self.document.where(self.key or self.node)

    @property
    def scalar(self) -> ScalarValue:
        """The value of a resolved scalar; ``None`` for everything else."""
        return self.node.value if isinstance(self.node, Scalar) else None

    def child(self, key: str) -> Place | None:
        """The entry ``key`` of a map (merged ones included) or list, itself unresolved."""
        if isinstance(self.node, Sequence):
            is_index = key.isascii() and key.isdecimal() and len(key) < _LONGEST_INDEX
            in_range = is_index and int(key) < len(self.node.items)
            return Place(self.document, self.node.items[int(key)]) if in_range else None
        if isinstance(self.node, Mapping):
            for source in with_merged(self.node):
                if key in source.by_name:
                    pair = source.by_name[key]
                    return Place(self.document, pair.value, pair.key)
        return None

    def entries(self) -> dict[str, Place]:
        """The entries of a map, merged ones included, each unresolved."""
        found: dict[str, Place] = {}
        if isinstance(self.node, Mapping):
            for source in with_merged(self.node):
                for name, pair in source.by_name.items():
                    found.setdefault(name, Place(self.document, pair.value, pair.key))
        return found

    def elements(self) -> list[Place]:
        """The items of a list, each unresolved."""
        items = self.node.items if isinstance(self.node, Sequence) else ()
        return [Place(self.document, item) for item in items]


def with_merged(mapping: Mapping) -> Iterator[Mapping]:
    """A map and every map merged into it, the one that wins first."""
    seen: set[int] = set()
    waiting: list[Node] = [mapping]
    while waiting:
        node = waiting.pop()
        node = node.target if isinstance(node, Alias) else node
        if isinstance(node, Sequence):
            waiting.extend(reversed(node.items))
        elif isinstance(node, Mapping) and id(node) not in seen:
            seen.add(id(node))
            yield node
            waiting.extend(pair.value for pair in reversed(node.pairs) if pair.is_merge)


def computed(place: Place, value: ScalarValue) -> Place:
    """A value that stands nowhere, in the place of the variable that asked for it."""
    return Place(place.document, Scalar(place.node.start, place.node.end, value, "computed"))


def unknown(place: Place, variable: Variable, reason: str, hint: str | None = None) -> Place:
    """A value that exists, but not here."""
    return Place(place.document, Opaque(place.node.start, place.node.end, variable.expression, reason, hint))


def missing(place: Place, variable: Variable, reason: str, hint: str | None = None) -> Place:
    """No value: the variable's next fallback is asked."""
    opaque = Opaque(place.node.start, place.node.end, variable.expression, reason, hint, is_missing=True)
    return Place(place.document, opaque)


def boolean(place: Place, variable: Variable, text: str) -> Place:
    """``${strToBool(text)}``."""
    truth = _TRUTHS.get(text.strip().lower())
    if truth is None:
        return unknown(place, variable, f"strToBool reads true, false, 1 and 0, not {text!r}")
    return computed(place, truth)
