"""Which functions of a folder's Python files look like Lambda handlers. Files are parsed, never run."""

from __future__ import annotations

import ast
import os
import re
import warnings
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

MAX_SOURCE_BYTES = 2_000_000
"""A longer file is generated data, not a handler."""
MOST_FILES = 5_000
"""Python files looked into: a folder of more is no service's."""
_PASSED_OVER = frozenset(
    {"__pycache__", "node_modules", "site-packages", "tests", "test", "build", "dist", "docs"}
)
_EVENT = re.compile(r"_*(?:event|evt)")
_CONTEXT = re.compile(r"_*(?:context|ctx)|_+")
_ADAPTERS = frozenset({"Mangum"})
"""Classes whose instances are handlers: Mangum wraps an ASGI app (https://mangum.fastapiexpert.com)."""
_PLAIN_NAMES = frozenset({"handler", "lambda_handler", "main", "run", "handle"})
"""Names of handlers that say nothing: then the file's tells more."""
_PLAIN_FILES = frozenset({"handler", "handlers", "main", "app", "index", "lambda_function", "__init__"})
"""Names of files that say nothing: then the folder's tells more."""


@dataclass(frozen=True)
class Handler:
    """A function that Lambda could call."""

    file: PurePosixPath
    """Relative to the service's folder."""
    attribute: str
    line: int

    @property
    def path(self) -> str:
        """As ``handler:`` names it: ``report/handler.run``."""
        return f"{self.file.with_suffix('')}.{self.attribute}"


@dataclass(frozen=True)
class PythonFiles:
    """What a walk through a folder found."""

    handlers: tuple[Handler, ...]
    environments: tuple[PurePosixPath, ...]
    """Virtual environments, relative to the folder: they must not ship."""


def find_handlers(folder: Path) -> PythonFiles:
    """Every handler below ``folder``, by path, and the virtual environments passed over on the way."""
    environments: list[PurePosixPath] = []
    files = sorted(islice(_python_files(folder, environments), MOST_FILES))
    handlers = [handler for file in files for handler in _handlers_of(folder, file)]
    return PythonFiles(tuple(handlers), tuple(sorted(environments)))


def name_functions(handlers: Sequence[Handler]) -> dict[str, Handler]:
    """A name for each, unique, of the letters that the Framework takes (``[a-zA-Z0-9-_]``)."""
    named: dict[str, Handler] = {}
    for handler in handlers:
        base = _name(handler)
        name = base
        number = 2
        while name in named:
            name, number = f"{base}-{number}", number + 1
        named[name] = handler
    return named


def _name(handler: Handler) -> str:
    words = [handler.attribute]
    if handler.attribute in _PLAIN_NAMES:
        folder = handler.file.parent.name
        is_plain = handler.file.stem in _PLAIN_FILES
        words = (
            [folder] if is_plain and folder else [handler.file.stem if not is_plain else handler.attribute]
        )
    return re.sub(r"[^a-zA-Z0-9-_]+", "-", "-".join(words)).strip("-") or "function"


def _python_files(folder: Path, environments: list[PurePosixPath]) -> Iterator[PurePosixPath]:
    for place, folders, files in os.walk(folder):
        here = Path(place)
        relative = PurePosixPath(here.relative_to(folder).as_posix())
        for name in sorted(folders):
            if (here / name / "pyvenv.cfg").is_file():
                environments.append(relative / name)
                folders.remove(name)
        folders[:] = [name for name in folders if not name.startswith(".") and name not in _PASSED_OVER]
        yield from (
            relative / name for name in files if name.endswith(".py") and not name.startswith("test_")
        )


def _handlers_of(folder: Path, file: PurePosixPath) -> Iterator[Handler]:
    tree = _parsed(folder / file)
    for statement in tree.body if tree else ():
        match statement:
            case ast.FunctionDef(name=name, args=args) if not name.startswith("_") and _takes_an_event(args):
                yield Handler(file, name, statement.lineno)
            case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id=called))) if (
                called in _ADAPTERS
            ):
                yield Handler(file, name, statement.lineno)


def _takes_an_event(arguments: ast.arguments) -> bool:
    """``(event, context)``, whatever underscores say that one is not used."""
    names = [argument.arg for argument in (*arguments.posonlyargs, *arguments.args)]
    if len(names) != 2 or any(default is None for default in arguments.kw_defaults):
        return False
    return _EVENT.fullmatch(names[0]) is not None and _CONTEXT.fullmatch(names[1]) is not None


def _parsed(file: Path) -> ast.Module | None:
    """The syntax tree; ``None`` for what can't be read, or is no Python of this interpreter."""
    try:
        if not file.is_file() or file.stat().st_size > MAX_SOURCE_BYTES:
            return None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        return None
