"""The parts of a YAML document, each with the span of text it stands in.

Offsets count characters of ``Document.text`` from 0; ``end`` is exclusive.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pyreq_tui.service.scalars import ScalarValue

Style = Literal["plain", "single", "double", "block", "computed"]
"""How a scalar is written; ``computed`` is one that a variable resolved to and that stands nowhere."""


@dataclass(frozen=True, eq=False, slots=True)
class Scalar:
    """A value without parts."""

    start: int
    end: int
    value: ScalarValue
    style: Style
    has_properties: bool = False
    """Whether an anchor or a tag stands before it, inside its span."""


@dataclass(frozen=True, eq=False, slots=True)
class Sequence:
    """A list. The span of a block list may reach into the comments that follow it."""

    start: int
    end: int
    items: tuple[Node, ...]
    is_flow: bool
    has_properties: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Pair:
    """One entry of a mapping. ``name`` is the key as JavaScript would name the property."""

    name: str
    key: Node
    value: Node
    is_merge: bool = False


@dataclass(frozen=True, eq=False, slots=True)
class Mapping:
    """A map; ``pairs`` in the order written. The span of a block map may reach into comments after it."""

    start: int
    end: int
    pairs: tuple[Pair, ...]
    is_flow: bool
    has_properties: bool = False
    by_name: dict[str, Pair] = field(default_factory=dict)
    """Its own pairs without merge keys."""


@dataclass(frozen=True, eq=False, slots=True)
class Alias:
    """``*name``: another node, standing elsewhere in the same document."""

    start: int
    end: int
    name: str
    target: Scalar | Sequence | Mapping


@dataclass(frozen=True, eq=False, slots=True)
class Opaque:
    """What nobody can know here: a variable only a deployment resolves, or one that leads nowhere."""

    start: int
    end: int
    expression: str
    reason: str
    """Completes "``expression`` can't be known here: …"."""
    hint: str | None = None
    is_missing: bool = False
    """Whether there is no value at all, so that a fallback may stand in."""


Node = Scalar | Sequence | Mapping | Alias | Opaque
