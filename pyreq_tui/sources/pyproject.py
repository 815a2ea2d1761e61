"""What of a pyproject.toml tells whose project it is."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from pyreq_tui.errors import PyreqError, Where
from pyreq_tui.sources.lockfile import conflict

if TYPE_CHECKING:
    from collections.abc import Mapping

SIZE_LIMIT_BYTES = 32 * 2**20
"""Locks of a thousand packages take a few megabytes."""
_DEEP_KEY = re.compile(
    r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){100}""",
)
"""A key of this many parts is nobody's; Python's parser takes time and memory by the square of them."""
_AT_LINE = re.compile(r"\(at line (\d+), column (\d+)\)")


def read_toml(file: Path) -> Mapping[str, object]:
    """A TOML file. Raises PyreqError, with the line, for one that can't be read."""
    text = read_utf8(file)
    try:
        return _parsed(text)
    except (ValueError, RecursionError) as error:
        if found := conflict(file, text):
            raise found from error
        at = _AT_LINE.search(str(error))
        place = (int(at[1]), int(at[2])) if at else (None, None)
        reason = _AT_LINE.sub("", str(error)).strip()
        raise PyreqError(f"{file.name} is not valid TOML: {reason}.", where=Where(file, *place)) from error


def read_utf8(file: Path) -> str:
    """The text of a manifest or lock. Raises PyreqError for one that is too large or can't be read."""
    try:
        if file.stat().st_size > SIZE_LIMIT_BYTES:
            raise PyreqError(f"{file.name} is too large to be read.", where=Where(file))
        return file.read_text("utf-8")
    except OSError as error:
        raise PyreqError(f"{file.name} can't be read: {error.strerror}.", where=Where(file)) from error
    except UnicodeDecodeError as error:
        raise PyreqError(f"{file.name} is not UTF-8 text.", where=Where(file)) from error


@lru_cache(maxsize=4)
def _parsed(text: str) -> Mapping[str, object]:
    """Kept, for one lock can speak for many modules. Raises ValueError and RecursionError."""
    if deep := _DEEP_KEY.search(text):
        line, column = text.count("\n", 0, deep.start()) + 1, deep.start() - text.rfind("\n", 0, deep.start())
        raise ValueError(f"a key is nested too deep (at line {line}, column {column})")
    return tomllib.loads(text)


def table(data: object, *keys: str) -> Mapping[str, object]:
    """The table at a path of keys; an empty one where there is none."""
    for key in keys:
        data = data.get(key) if isinstance(data, dict) else None
    return data if isinstance(data, dict) else {}


def tables(value: object) -> tuple[Mapping[str, object], ...]:
    """The tables of a list; nothing where it is no list."""
    return tuple(item for item in value if isinstance(item, dict)) if isinstance(value, list) else ()


def texts(value: object) -> tuple[str, ...]:
    """The strings of a list; nothing where it is no list."""
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def project_name(manifest: Path) -> str | None:
    """The normalised ``project.name``."""
    name = table(read_toml(manifest), "project").get("name")
    return canonicalize_name(name) if isinstance(name, str) else None


def is_poetry(manifest: Path) -> bool:
    """Whether Poetry manages the project: it builds it, or has a table of its own."""
    data = read_toml(manifest)
    build = table(data, "build-system")
    backend = build.get("build-backend")
    return (
        bool(table(data, "tool", "poetry"))
        or (isinstance(backend, str) and backend.startswith("poetry"))
        or any(
            re.match(r"poetry(?:[-_]core)?\b", requirement) for requirement in texts(build.get("requires"))
        )
    )


def is_uv(manifest: Path) -> bool:
    """Whether uv manages the project: it has a table of its own."""
    data = read_toml(manifest)
    return bool(table(data, "tool", "uv")) and isinstance(table(data, "project").get("name"), str)


def workspace_members(data: Mapping[str, object], folder: Path) -> frozenset[Path]:
    """Folders that ``tool.uv.workspace`` in ``folder`` names as its members."""
    workspace = table(data, "tool", "uv", "workspace")

    def matched(key: str) -> frozenset[Path]:
        patterns = (pattern for pattern in texts(workspace.get(key)) if not Path(pattern).is_absolute())
        return frozenset(path.resolve() for pattern in patterns for path in folder.glob(pattern))

    return matched("members") - matched("exclude")
