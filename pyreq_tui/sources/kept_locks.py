"""Locks that a project's tool has made, kept by everything that shaped them: making one takes seconds."""

from __future__ import annotations

import hashlib
import json
import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from pyreq_tui.processes import ProcessError, run
from pyreq_tui.redact import redact
from pyreq_tui.sources.pyproject import read_toml, workspace_members
from pyreq_tui.whole import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pyreq_tui.processes import Cancel
    from pyreq_tui.sources.tools import Tool

_FORMAT = "1"
_STEERING = re.compile(r"(?:PIP|PIPENV|POETRY|UV)_\w+|VIRTUAL_ENV|PYTHON_VERSION")
"""Variables by which a tool is told what to lock, or from where."""
_PATH = re.compile(r"(?:\bpath\s*=\s*[\"']|\bfile:(?://)?)([^\"'\n;#]+)")
"""A dependency that is a folder, in pyproject.toml and in a Pipfile."""
_PROJECT_FILES = ("pyproject.toml", "setup.py", "setup.cfg")
"""What a folder says of its own requirements in."""
_versions: dict[str, str] = {}
"""What each tool of this process has said of itself."""


def tool_version(tool: Tool, executable: str, cancel: Cancel | None) -> str:
    """What the tool says of itself, asked once; empty where it says nothing. Raises BuildError, Cancelled."""
    if executable not in _versions:
        try:
            said = run([executable, "--version"], env=tool.environment(), cancel=cancel)
        except ProcessError:
            said = ""
        _versions[executable] = redact(said.strip())
    return _versions[executable]


def lock_inputs(manifest: Path, tool: Tool) -> dict[str, str]:
    """Everything but the tool that shapes the lock of a project, readable. Raises OSError, PyreqError."""
    environment = "\n".join(
        f"{name}={value}" for name, value in sorted(os.environ.items()) if _STEERING.fullmatch(name)
    )
    return {
        "format": _FORMAT,
        "tool": tool.name,
        "project": str(manifest.parent),
        "environment": _digest(environment.encode()),
        **dict(_files(manifest, tool)),
    }


def load_lock(inputs: Mapping[str, str], cache: Path) -> str | None:
    """The text of the lock made of ``inputs``; ``None`` where there is none, or it is damaged."""
    try:
        data = json.loads(_path(inputs, cache).read_text("utf-8"))
        return str(data["lock"]) if data["inputs"] == dict(inputs) else None
    except (OSError, ValueError, KeyError, TypeError):
        return None


def keep_lock(inputs: Mapping[str, str], lock: str, cache: Path) -> None:
    """Keep a lock, unless it holds credentials: those are never written down.

    Where the cache can't be written to it is made again the next time.
    """
    if redact(lock) == lock:
        with suppress(OSError):
            write_whole(_path(inputs, cache), json.dumps({"inputs": dict(inputs), "lock": lock}, indent=1))


def _files(manifest: Path, tool: Tool) -> Iterator[tuple[str, str]]:
    """What the tool reads, and what dependencies that are folders say of themselves, with a digest each."""
    folders = [*_PATH.findall(manifest.read_text("utf-8", "replace"))]
    if manifest.name == "pyproject.toml":
        folders += sorted(map(str, workspace_members(read_toml(manifest), manifest.parent)))
    named = [*tool.copied, *(f"{folder}/{name}" for folder in folders for name in _PROJECT_FILES)]
    for name in dict.fromkeys(named):
        with suppress(OSError):  # not there
            yield f"file {name}", _digest((manifest.parent / name).read_bytes())


def _path(inputs: Mapping[str, str], cache: Path) -> Path:
    return cache / "locks" / "made" / f"{_digest(json.dumps(dict(inputs), sort_keys=True).encode())}.json"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
