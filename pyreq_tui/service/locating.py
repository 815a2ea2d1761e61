"""Finds where in which file the options are written, or would be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyreq_tui.errors import PyreqError
from pyreq_tui.service.nodes import Alias, Mapping, Opaque, Pair, Scalar, Sequence
from pyreq_tui.service.option_block import BLOCK
from pyreq_tui.service.outlines import path_to
from pyreq_tui.service.places import Place, with_merged

if TYPE_CHECKING:
    from pyreq_tui.service.configuration import Configuration
    from pyreq_tui.service.document import Document
    from pyreq_tui.service.nodes import Node

_BY_HAND = "Edit the options by hand, or write them under custom.pythonRequirements itself."
_HELD = {True: "options", False: "anything"}


@dataclass(frozen=True)
class Spot:
    """A place to write at."""

    document: Document
    path: tuple[str, ...]
    """The keys, in that document, down to the block."""
    mapping: Mapping | None
    """The block, or the map nearest above it; ``None`` where ``pair`` has to get one."""
    missing: tuple[str, ...]
    """The last keys of ``path``, yet to be written."""
    pair: Pair | None
    """What ``mapping`` is, or has to become, the value of; ``None`` at the root of a file."""
    in_flow: bool
    """Whether ``pair`` stands in a flow map."""


def locate_block(configuration: Configuration) -> Spot:
    """The spot of ``custom.pythonRequirements``. Raises PyreqError as `locate` does."""
    return locate(configuration, BLOCK)


def locate(configuration: Configuration, keys: tuple[str, ...]) -> Spot:
    """The spot of the map under ``keys``, be it in an included file; a list's item is named by its index.

    Raises PyreqError where writing there would change something else too, or is not possible.
    """
    here = configuration.root
    reached: set[int] = set()
    for index, key in enumerate(keys):
        if isinstance(here.node, Sequence) and (item := here.child(key)) is not None:
            here = _followed(configuration, item, reached)
            continue
        holder = _holder(here, key, reached)
        if holder is None:
            return _spot(here.document, here.node, keys[index:], reached)
        pair = holder.by_name[key]
        value = _followed(configuration, Place(here.document, pair.value), reached)
        if (isinstance(value.node, Mapping) and value.node.pairs) or _has_item(value, keys[index + 1 :]):
            here = value
            continue
        is_empty = isinstance(value.node, Mapping) or (
            isinstance(value.node, Scalar) and (value.scalar is None or isinstance(value.scalar, bool))
        )
        if not is_empty:
            message = f"{key} is not a map, so it can't hold {_HELD[keys == BLOCK]}."
            raise PyreqError(message, where=value.where, hint=_BY_HAND)
        missing = keys[index + 1 :]
        is_root = value.node is value.document.root
        if path_to(value.document.root, value.node) or (is_root and isinstance(value.node, Mapping)):
            return _spot(value.document, value.node, missing, reached)
        path = _way(here.document, holder, reached)
        return Spot(here.document, (*path, key, *missing), None, missing, pair, holder.is_flow)
    return _spot(here.document, here.node, (), reached)


def _has_item(place: Place, keys: tuple[str, ...]) -> bool:
    """Whether ``place`` is a list with the item that ``keys`` begin with."""
    return isinstance(place.node, Sequence) and bool(keys) and place.child(keys[0]) is not None


def descend(spot: Spot, key: str) -> Spot:
    """The spot of the block's own map ``key``."""
    if spot.mapping is None:
        raise _unsafe(spot.document, spot.document.root)
    value = spot.mapping.by_name[key].value
    return Spot(
        spot.document, (*spot.path, key), _mapping(value), (), spot.mapping.by_name[key], spot.mapping.is_flow
    )


def check_unshared(document: Document, node: Node, *, reached: bool = False) -> None:
    """Raise PyreqError where an alias elsewhere means ``node`` too (``reached``: one alias led here)."""
    if document.uses.get(id(node), 0) > reached:
        raise PyreqError(
            "This value is used more than once in the file, so an edit would change the other places too.",
            where=document.where(node),
            hint=_BY_HAND,
        )


def _spot(document: Document, node: Node, missing: tuple[str, ...], reached: set[int]) -> Spot:
    path = _way(document, node, reached)
    above = document.root
    pair: Pair | None = None
    in_flow = False
    for key in path:
        if isinstance(above, Mapping):
            pair, in_flow = above.by_name[key], above.is_flow
            above = pair.value
    mapping = node if isinstance(node, Mapping) and pair is None else _mapping(node)
    return Spot(document, (*path, *missing), mapping, missing, pair, in_flow)


def _mapping(node: Node) -> Mapping | None:
    return node if isinstance(node, Mapping) and node.pairs else None


def _way(document: Document, node: Node, reached: set[int]) -> tuple[str, ...]:
    """The keys that lead to ``node``, none of whose values anything else uses."""
    path = path_to(document.root, node)
    if path is None:
        raise _unsafe(document, node)
    above = document.root
    for key in path:
        check_unshared(document, above, reached=id(above) in reached)
        if isinstance(above, Mapping):
            above = above.by_name[key].value
    check_unshared(document, above, reached=id(above) in reached)
    return path


def _unsafe(document: Document, node: Node) -> PyreqError:
    message = "The options stand where pyreq-tui can't edit them safely."
    return PyreqError(message, where=document.where(node), hint=_BY_HAND)


def _holder(place: Place, key: str, reached: set[int]) -> Mapping | None:
    """The map that has ``key`` itself: ``place``'s, or one merged into it."""
    if not isinstance(place.node, Mapping):
        raise _unsafe(place.document, place.node)
    for source in with_merged(place.node):
        if key in source.by_name:
            if source is not place.node:
                reached.add(id(source))
            return source
    return None


def _followed(configuration: Configuration, place: Place, reached: set[int]) -> Place:
    if isinstance(place.node, Alias):
        reached.add(id(place.node.target))
    resolved = configuration.resolve(place)
    if isinstance(resolved.node, Opaque):
        raise PyreqError(
            f"{resolved.node.expression} can't be followed here: {resolved.node.reason}.",
            where=place.where,
            hint="Edit the options by hand, where this variable takes them from.",
        )
    return resolved
