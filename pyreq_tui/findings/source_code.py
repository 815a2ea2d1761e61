"""What one file of the user's Python says, read without running it."""

from __future__ import annotations

import ast
import threading
import warnings
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from pyreq_tui.bundle import DeflatedBytes, OpenWheels, read_entry
from pyreq_tui.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyreq_tui.bundle import Entry

MAX_SOURCE_BYTES = 2_000_000
"""A longer file is generated data, not a handler."""
_UNPACKING = (b"unzip_requirements", b".requirements.zip", b"sls-py-req")
"""What code mentions that unpacks the nested zip, be it by the helper or by itself."""
_MOVING_PATH = (b"sys.path", b"addsitedir", b"sys.modules", b"meta_path", b"pkgutil", b"from sys import")
"""What code mentions that has imports looked for elsewhere."""


class Import(NamedTuple):
    """One import: ``from ..a import b`` is of ``a``, level 2, with ``b``; ``import a.b`` is of ``a.b``."""

    module: str
    level: int
    names: tuple[str, ...]
    line: int


@dataclass(frozen=True)
class SourceCode:
    """What a file says about itself."""

    names: frozenset[str]
    """What its module level binds."""
    is_open: bool
    """Whether more may be bound than stands there: a star import, ``__getattr__``, ``globals()``."""
    imports: tuple[Import, ...]
    """Everywhere in the file, in functions too."""
    sure_imports: tuple[Import, ...]
    """Those that importing the file comes to whatever the case: not in functions, branches or ``try``."""
    unpacks: bool
    """Whether it mentions the nested zip of ``zip: true`` or what unpacks it."""
    moves_path: bool
    """Whether it mentions what adds to the places that are imported from."""


def read_user_file(entry: Entry) -> bytes | None:
    """The bytes that ship for one of the user's own files.

    ``None`` where they are not at hand any more: whoever writes the artifact says so then.
    """
    if not isinstance(entry.source, DeflatedBytes):
        return None
    try:
        with OpenWheels() as wheels:
            return read_entry(entry, wheels, threading.Event())
    except BuildError:
        return None


@lru_cache(maxsize=1024)
def source_code(entry: Entry) -> SourceCode | None:
    """What the file behind ``entry`` says; ``None`` where it can't be read here.

    Remembered: an Entry names its content by hash.
    """
    if entry.size_bytes > MAX_SOURCE_BYTES:
        return None
    data = read_user_file(entry)
    return None if data is None else parse_source(data)


def parse_source(data: bytes) -> SourceCode | None:
    """What ``data`` says; ``None`` where this interpreter can't parse it, as Python 2 or newer syntax."""
    tree = parse_tree(data)
    if tree is None:
        return None
    bound = list(_bound(tree.body))
    imports = tuple(_imports(ast.walk(tree)))
    called = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    return SourceCode(
        names=frozenset(bound),
        is_open="*" in bound
        or "__getattr__" in bound
        or bool(called & {"globals", "exec", "setattr", "vars"}),
        imports=imports,
        sure_imports=tuple(_imports(tree.body)),
        unpacks=any(word in data for word in _UNPACKING),
        moves_path=any(word in data for word in _MOVING_PATH),
    )


def parse_tree(data: bytes) -> ast.Module | None:
    """The syntax tree; ``None`` for what is no Python of this interpreter."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _imports(nodes: Iterable[ast.AST]) -> Iterator[Import]:
    for node in nodes:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, 0, (), node.lineno)
        elif isinstance(node, ast.ImportFrom):
            names = tuple(alias.name for alias in node.names)
            yield Import(node.module or "", node.level, names, node.lineno)


def _bound(body: list[ast.stmt]) -> Iterator[str]:
    """Names that running ``body`` binds, whichever branch it takes; ``*`` for a star import."""
    for statement in body:
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
                yield from _declared_global(statement)
            case ast.Import(names=names):
                yield from (alias.asname or alias.name.partition(".")[0] for alias in names)
            case ast.ImportFrom(names=names):
                yield from (alias.asname or alias.name for alias in names)
            case _:
                yield from _stored(statement)
                for field in ("body", "orelse", "finalbody"):
                    yield from _bound(getattr(statement, field, []))
                for handler in getattr(statement, "handlers", []):
                    yield from _bound(handler.body)
                for case in getattr(statement, "cases", []):
                    yield from _bound(case.body)


def _stored(statement: ast.stmt) -> Iterator[str]:
    for node in ast.walk(statement):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _declared_global(definition: ast.stmt) -> Iterator[str]:
    for node in ast.walk(definition):
        if isinstance(node, ast.Global):
            yield from node.names
