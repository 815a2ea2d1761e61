"""The size tree: package, folder, file. Nodes unfold when they are looked at."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING

from pyreq_tui.bundle.memo import remembered
from pyreq_tui.bundle.packages import by_owner
from pyreq_tui.bundle.zipformat import entries_size

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyreq_tui.bundle.entry import Entry
    from pyreq_tui.bundle.model import Bundle


@dataclass(frozen=True, eq=False)
class SizeNode:
    """A package, folder or file with the size of everything in it, in bytes."""

    name: str
    """What a row shows: the package's name, the folder's or the file's own name."""
    path: str
    """Where it is in the artifact (with ``zip: true`` in the nested zip); empty for root and packages."""
    owner: str
    """The package it belongs to; empty for the root."""
    unzipped_bytes: int
    zipped_bytes: int
    files: int
    entries: tuple[Entry, ...]
    """The files in it, by path."""
    is_file: bool = False

    @cached_property
    def children(self) -> tuple[SizeNode, ...]:
        """What it holds, largest unzipped first; made when first asked for."""
        if self.is_file:
            return ()
        prefix = f"{self.path}/" if self.path else ""
        start = len(prefix)
        inside: dict[str, list[Entry]] = {}
        for entry in self.entries:
            inside.setdefault(entry[0][start:].partition("/")[0], []).append(entry)
        return _largest_first(
            _node(name, prefix + name, self.owner, tuple(entries), is_file=entries[0][0] == prefix + name)
            for name, entries in inside.items()
        )


@dataclass(frozen=True, eq=False)
class _Root(SizeNode):
    @cached_property
    def children(self) -> tuple[SizeNode, ...]:
        owned: dict[str, list[Entry]] = {}
        for entry in self.entries:
            owned.setdefault(entry[3], []).append(entry)
        return _largest_first(_node(owner, "", owner, tuple(entries)) for owner, entries in owned.items())


@dataclass(frozen=True, eq=False)
class _Group(SizeNode):
    nodes: tuple[SizeNode, ...] = ()

    @cached_property
    def children(self) -> tuple[SizeNode, ...]:
        return self.nodes


def group(name: str, nodes: Iterable[SizeNode]) -> SizeNode:
    """A node that holds others, whatever files they have; largest first."""
    held = _largest_first(nodes)
    return _Group(
        name,
        "",
        "",
        sum(node.unzipped_bytes for node in held),
        sum(node.zipped_bytes for node in held),
        sum(node.files for node in held),
        (),
        nodes=held,
    )


@remembered(size=8)
def size_tree(bundle: Bundle, name: str = "") -> SizeNode:
    """The root of the tree; its children are the packages. A nested zip counts as what is in it."""
    entries = tuple(
        sorted((entry for owned in by_owner(bundle).values() for entry in owned), key=itemgetter(0))
    )
    return _Root(
        name, "", "", sum([entry[1] for entry in entries]), bundle.zipped_bytes, len(entries), entries
    )


def unfold(node: SizeNode, least_files: int) -> None:
    """Have the children of everything made that holds ``least_files`` or more, which is what takes long."""
    waiting = [node]
    while waiting:
        waiting += [child for child in waiting.pop().children if child.files >= least_files]


def _node(name: str, path: str, owner: str, entries: tuple[Entry, ...], *, is_file: bool = False) -> SizeNode:
    unzipped_bytes = sum([entry[1] for entry in entries])
    return SizeNode(
        name, path, owner, unzipped_bytes, entries_size(entries), len(entries), entries, is_file=is_file
    )


def _largest_first(nodes: Iterable[SizeNode]) -> tuple[SizeNode, ...]:
    """By name where they are of one size: sorting keeps the order of equals."""
    by_name = sorted(nodes, key=attrgetter("name"))
    return tuple(sorted(by_name, key=attrgetter("unzipped_bytes"), reverse=True))
