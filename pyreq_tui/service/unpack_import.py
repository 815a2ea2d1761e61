"""Puts the import that unpacks the nested zip of ``zip: true`` into a handler's text."""

from __future__ import annotations

import ast
import re

from pyreq_tui.errors import PyreqError

UNPACK_MODULE = "unzip_requirements"
"""The module that ships beside the nested zip and unpacks it when it is imported."""
_LINES = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
"""Lines as Python counts them: a form feed ends none."""


def with_unpacking(text: str) -> str:
    """``text`` with the import of `UNPACK_MODULE` before all others; as it is where it imports it already.

    The import stands in ``try``, so that the module runs without the nested zip too. Raises PyreqError for
    what is no Python of this interpreter's, and where there is no line to put it on.
    """
    code = text.removeprefix("\ufeff")
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise PyreqError(
            f"The handler can't be read as Python: {error}.",
            hint=f"Put `import {UNPACK_MODULE}` at its top by hand.",
        ) from error
    if any(_imports_helper(node) for node in ast.walk(tree)):
        return text
    lines = _LINES.findall(code)
    first = [statement for statement in tree.body if _must_stay_first(statement, tree.body[0])]
    rest = tree.body[len(first) :]
    at = (first[-1].end_lineno or 0) if first else _comments(lines)
    if rest and rest[0].lineno <= at:
        raise PyreqError(
            "The handler's first lines hold several statements each.",
            hint=f"Put `import {UNPACK_MODULE}` before its other imports by hand.",
        )
    end = "\r\n" if any(line.endswith("\r\n") for line in lines) else "\n"
    block = ["try:", f"    import {UNPACK_MODULE}  # noqa: F401", "except ImportError:", "    pass"]
    above, below = "".join(lines[:at]), "".join(lines[at:])
    if above and not above.endswith(("\n", "\r")):
        above += end
    put = "".join(f"{line}{end}" for line in block)
    mark = text[: len(text) - len(code)]
    return (
        mark
        + above
        + (end if above else "")
        + put
        + (end if below.strip(" \t\f")[:1] not in "\r\n" else "")
        + below
    )


def _imports_helper(node: ast.AST) -> bool:
    if isinstance(node, ast.Import):
        return any(alias.name == UNPACK_MODULE for alias in node.names)
    return isinstance(node, ast.ImportFrom) and node.module == UNPACK_MODULE


def _must_stay_first(statement: ast.stmt, first: ast.stmt) -> bool:
    """The docstring, and what speaks to the compiler."""
    if isinstance(statement, ast.ImportFrom):
        return statement.module == "__future__"
    return (
        statement is first
        and isinstance(statement, ast.Expr)
        and isinstance(statement.value, ast.Constant)
        and isinstance(statement.value.value, str)
    )


def _comments(lines: list[str]) -> int:
    """How many comment lines stand at the top: who runs it, in what encoding, under which licence."""
    return next((index for index, line in enumerate(lines) if not line.startswith("#")), len(lines))
