"""The tools that make a project's lock: how each is run, and from which version on it can."""

from __future__ import annotations

import os
import re
import shutil
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from packaging.version import Version

from pyreq_tui.errors import BuildError
from pyreq_tui.processes import run, uv_environment, uv_executable
from pyreq_tui.sources.pyproject import read_toml, table

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pyreq_tui.processes import Cancel
    from pyreq_tui.sources.model import SourceKind


@dataclass(frozen=True)
class Tool:
    """Who makes a lock, of what, and how."""

    name: str
    arguments: tuple[str, ...]
    lockfile: str
    copied: tuple[str, ...]
    """Files of a project that it reads, and may write."""
    update: str
    """The command that brings it up to date."""
    variables: Mapping[str, str] = field(default_factory=dict)
    """Keep whatever it makes besides inside the copy."""

    def executable(self) -> str | None:
        """Its path; ``None`` where it is not installed. uv comes with pyreq-tui."""
        return uv_executable() if self.name == "uv" else shutil.which(self.name)

    def environment(self) -> dict[str, str]:
        """The environment it works in: the user's, without what would have it work elsewhere."""
        whole = uv_environment(is_configured=True) if self.name == "uv" else dict(os.environ)
        return {**{key: value for key, value in whole.items() if key not in _ELSEWHERE}, **self.variables}


TOOLS: Mapping[SourceKind, Tool] = {
    "poetry": Tool(
        "poetry",
        ("lock", "--no-interaction", "--no-ansi"),
        "poetry.lock",
        ("pyproject.toml", "poetry.toml"),
        "pipx upgrade poetry",
        {"POETRY_VIRTUALENVS_IN_PROJECT": "true"},
    ),
    "pipenv": Tool(
        "pipenv",
        ("lock",),
        "Pipfile.lock",
        ("Pipfile", ".env"),
        "pip install --upgrade pipenv",
        {"PIPENV_VENV_IN_PROJECT": "1", "PIPENV_IGNORE_VIRTUALENVS": "1", "PIPENV_NOSPIN": "1"},
    ),
    "uv": Tool(
        "uv",
        ("lock",),
        "uv.lock",
        ("pyproject.toml", "uv.toml", ".python-version"),
        "pip install --upgrade uv",
    ),
}
_ELSEWHERE = frozenset(
    {
        *("PIPENV_PIPFILE", "PIPENV_ACTIVE", "POETRY_ACTIVE", "VIRTUAL_ENV"),
        *("UV_PROJECT", "UV_WORKING_DIR", "UV_WORKING_DIRECTORY", "UV_FROZEN", "UV_LOCKED", "UV_DRY_RUN"),
    }
)
"""Variables that would have a tool work on another project or environment than the copy, or not at all."""
_VERSION = re.compile(r"\d+(?:\.\d+)+")


class Unfit(NamedTuple):
    """Why a tool can't do what it was asked to, and what to do about it."""

    what: str
    hint: str


def unfit(tool: Tool, executable: str, manifest: Path, cancel: Cancel | None) -> Unfit | None:
    """Why ``tool`` could not lock ``manifest``, where that is its own fault; ``None`` where it is not.

    Raises PyreqError for a manifest that is not TOML, and Cancelled.
    """
    hint = f"Update it ({tool.update}), run it, and keep the file with the project."
    try:
        found = _VERSION.search(run([executable, "--version"], env=tool.environment(), cancel=cancel))
        version = Version(found[0]) if found else None
    except BuildError:
        return Unfit(f"{tool.name} does not run at all", hint)
    if version is None or (needed := _needed(tool, manifest)) is None:
        return None
    oldest, reason = needed
    if version >= Version(oldest):
        return None
    return Unfit(f"{tool.name} {version} is too old to make one: {reason} {oldest}", hint)


def _needed(tool: Tool, manifest: Path) -> tuple[str, str] | None:
    """The first version that can lock ``manifest``, and what it takes that for; ``None``: any, as uv's."""
    if tool.name == "pipenv":
        return "2022.4.8", "the first that is supported is"
    if tool.name != "poetry":
        return None
    data = read_toml(manifest)
    settings = table(data, "tool", "poetry")
    if table(data, "project") and "name" not in settings:
        return "2.0", "[project] without [tool.poetry] takes"
    return (
        ("1.2", "dependency groups take")
        if "group" in settings
        else ("1.0", "the first that is supported is")
    )
