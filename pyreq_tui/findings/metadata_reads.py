"""What a file of Python reads of installed packages' metadata while it is imported."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Literal, NamedTuple

from pyreq_tui.findings.source_code import parse_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ReadKind = Literal["distribution", "entry points"]

_MENTIONS = re.compile(rb"importlib[._]metadata|pkg_resources|from\s+importlib\s+import\s[^\n]*metadata")
"""Few files do; only those are parsed."""
_MODULES = frozenset({"importlib.metadata", "importlib_metadata", "pkg_resources"})
_READERS: dict[str, ReadKind] = {
    "version": "distribution",
    "distribution": "distribution",
    "metadata": "distribution",
    "requires": "distribution",
    "get_distribution": "distribution",
    "require": "distribution",
    "entry_points": "entry points",
    "iter_entry_points": "entry points",
}
_CATCH_MISSING = frozenset(
    {"Exception", "BaseException", "ImportError", "ModuleNotFoundError", "LookupError"}
    | {"PackageNotFoundError", "DistributionNotFound"}
)


class MetadataRead(NamedTuple):
    """One call that runs when the file is imported."""

    kind: ReadKind
    name: str | None
    """The package asked for, or the group of entry points; ``None`` for a name that is computed."""
    is_guarded: bool
    """Whether the file goes on where the package is not found."""


def metadata_reads(data: bytes) -> tuple[MetadataRead, ...]:
    """What importing ``data`` reads: calls at module level, and in functions that module level calls."""
    if not _MENTIONS.search(data):
        return ()
    tree = parse_tree(data)
    if tree is None:
        return ()
    names = dict(_known_names(tree))
    functions = {node.name: node for node in tree.body if isinstance(node, ast.FunctionDef)}
    reads: list[MetadataRead] = []
    waiting: list[tuple[Iterable[ast.AST], bool]] = [(tree.body, False)]
    entered: set[str] = set()
    while waiting:
        body, is_guarded = waiting.pop()
        for call, guarded in _calls(body, is_guarded=is_guarded):
            called = _dotted(call.func)
            if called in functions and called not in entered:
                entered.add(called)
                waiting.append((functions[called].body, guarded))
            if read := _read(call, called, names, is_guarded=guarded):
                reads.append(read)
    return tuple(dict.fromkeys(reads))


def _known_names(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Local names of the metadata modules and of what is imported from them, with what they stand for."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name in _MODULES:
                    yield alias.asname or alias.name, alias.name
        elif isinstance(node, ast.ImportFrom):
            module = _metadata_module(node)
            for alias in node.names:
                full = f"{module}.{alias.name}"
                if full in _MODULES or module in _MODULES:
                    yield alias.asname or alias.name, full


def _metadata_module(imported: ast.ImportFrom) -> str:
    """Where the names come from; a package's own ``_importlib_metadata`` hands on what the backport has."""
    module = imported.module or ""
    if module.rpartition(".")[2].lstrip("_") == "importlib_metadata":
        return "importlib_metadata"
    return "" if imported.level else module


def _read(call: ast.Call, called: str, names: dict[str, str], *, is_guarded: bool) -> MetadataRead | None:
    head, _, last = called.rpartition(".")
    full = names.get(called) or (f"{names[head]}.{last}" if head in names else "")
    module, _, function = full.rpartition(".")
    kind = _READERS.get(function) if module in _MODULES else None
    if kind is None:
        return None
    keywords = {keyword.arg: keyword.value for keyword in call.keywords}
    argument = call.args[0] if call.args else keywords.get("group") or keywords.get("distribution_name")
    name = argument.value if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else None
    return MetadataRead(kind, name, is_guarded)


def _calls(nodes: Iterable[ast.AST], *, is_guarded: bool) -> Iterator[tuple[ast.Call, bool]]:
    """Every call that running ``nodes`` makes, and whether a handler catches what is not found."""
    waiting = [(node, is_guarded) for node in nodes]
    while waiting:
        node, guarded = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda) or _is_not_run(node):
            continue
        if isinstance(node, ast.Call):
            yield node, guarded
        if isinstance(node, ast.Try):
            inner = guarded or any(map(_catches, node.handlers))
            waiting += [(child, inner) for child in node.body]
            others = (*node.handlers, *node.orelse, *node.finalbody)
            waiting += [(child, guarded) for child in others]
        else:
            waiting += [(child, guarded) for child in ast.iter_child_nodes(node)]


def _is_not_run(node: ast.AST) -> bool:
    """``if TYPE_CHECKING:`` and ``if __name__ == …:``."""
    if not isinstance(node, ast.If):
        return False
    names = {_dotted(child) for child in ast.walk(node.test) if isinstance(child, ast.Name | ast.Attribute)}
    return bool(names & {"TYPE_CHECKING", "typing.TYPE_CHECKING", "__name__"})


def _catches(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(_dotted(each).rpartition(".")[2] in _CATCH_MISSING for each in caught)


def _dotted(node: ast.AST) -> str:
    """``a.b.c`` of names and attributes; empty for anything else."""
    parts = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else ""
