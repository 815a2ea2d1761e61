"""A lock for a project that has none, made by the project's own tool in a copy of it."""

from __future__ import annotations

import atexit
import hashlib
import os
import shutil
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pyreq_tui.errors import BuildError, Finding, PyreqError, Where
from pyreq_tui.processes import INSTALL_HINTS, ProcessError, run

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyreq_tui.processes import Cancel
    from pyreq_tui.sources.model import Source


class _Tool(NamedTuple):
    """Who makes a lock, of what, and how."""

    command: tuple[str, ...]
    lockfile: str
    copied: tuple[str, ...]
    environment: Mapping[str, str]
    """Keeps whatever it makes besides inside the copy."""


_TOOLS = {
    "poetry": _Tool(
        ("poetry", "lock", "--no-interaction", "--no-ansi"),
        "poetry.lock",
        ("pyproject.toml", "poetry.toml"),
        {"POETRY_VIRTUALENVS_IN_PROJECT": "true"},
    ),
    "pipenv": _Tool(
        ("pipenv", "lock"),
        "Pipfile.lock",
        ("Pipfile", ".env"),
        {"PIPENV_VENV_IN_PROJECT": "1", "PIPENV_IGNORE_VIRTUALENVS": "1", "PIPENV_NOSPIN": "1"},
    ),
}


_MADE: dict[tuple[Path, str], Path] = {}
"""Locks that this process has made, by manifest and what was in it: making one takes seconds."""
_MAKING = threading.Lock()


def made_lock(source: Source, *, is_required: bool, cancel: Cancel | None) -> Path:
    """The path of a lock that is there until the process ends; the project's folder stays as it is.

    Made once while the manifest stays the same. ``is_required``: the project has to bring its lock along.
    Raises PyreqError where it has to and does not, BuildError where the tool is missing or fails, Cancelled.
    """
    manifest, tool = source.manifest, _TOOLS[source.kind]
    if manifest is None:
        raise PyreqError(f"There is no {tool.lockfile} for module {source.module}.")
    missing = f"There is no {tool.lockfile} for module {source.module}"
    name, command = tool.command[0], " ".join(tool.command[:2])
    if is_required:
        raise PyreqError(
            f"{missing}, and requirePoetryLockFile asks for one.",
            hint=f"Run {command}, and keep the file with the project.",
            where=Where(manifest),
        )
    with _MAKING:
        try:
            key = (manifest, hashlib.sha256(manifest.read_bytes()).hexdigest())
            if key not in _MADE:
                _MADE[key] = _make(manifest, tool, missing, cancel)
        except OSError as error:
            raise BuildError(
                f"{missing}, and {name} could not be given a copy of {manifest}: {error.strerror}.",
                hint=f"Run {command}, and keep the file with the project.",
            ) from error
        return _MADE[key]


def _make(manifest: Path, tool: _Tool, missing: str, cancel: Cancel | None) -> Path:
    where, name, command = Where(manifest), tool.command[0], " ".join(tool.command[:2])
    if shutil.which(name) is None:
        raise BuildError(
            f"{missing}, and {name}, which could make one, was not found.",
            hint=f"Run {command} where {name} is installed, and keep the file. {INSTALL_HINTS[name]}",
            where=where,
        )
    above = tempfile.TemporaryDirectory(prefix="pyreq-")
    atexit.register(above.cleanup)
    folder = _copy(manifest.parent, Path(above.name), tool)
    environment = {key: value for key, value in os.environ.items() if key not in _ELSEWHERE}
    try:
        run(tool.command, cwd=folder, env={**environment, **tool.environment}, cancel=cancel)
    except ProcessError as error:
        said = "\n".join(f"    {line}" for line in error.output[-12:] if line.strip())
        raise BuildError(
            f"{missing}, and {command} could not make one:\n{said}",
            hint=f"Run {command} in {manifest.parent} to see more, and keep the file with the project.",
            where=where,
        ) from error
    if not (folder / tool.lockfile).is_file():
        raise BuildError(f"{missing}, and {command} did not make one.", hint=f"Run {command}.", where=where)
    return folder / tool.lockfile


def _copy(project: Path, above: Path, tool: _Tool) -> Path:
    """A folder in ``above`` with copies of what the tool may write, and links to the rest.

    The links, here and one folder up, are for dependencies that are folders: ``lib``, ``../lib``.
    """
    folder = above / (project.name or "project")
    folder.mkdir()
    for name in tool.copied:
        if (project / name).is_file():
            shutil.copy(project / name, folder)
    for place, linked in ((folder, project), (above, project.parent)):
        # Windows lets few make links, and a folder may be closed to us; then such a dependency is not found.
        with suppress(OSError):
            for item in linked.iterdir():
                if item.is_dir() and not item.name.startswith(".") and not (place / item.name).exists():
                    (place / item.name).symlink_to(item, target_is_directory=True)
    return folder


def made_lock_finding(source: Source) -> Finding:
    """What to know of requirements that a lock was made for on the way."""
    tool = _TOOLS[source.kind]
    return Finding(
        severity="warning",
        code="lock-missing",
        message=f"There is no {tool.lockfile} for module {source.module}: {tool.command[0]} made one for "
        "this run only, and may choose other versions the next time.",
        where=Where(source.manifest) if source.manifest else None,
        hint=f"Run {' '.join(tool.command[:2])}, and keep the file with the project.",
    )


_ELSEWHERE = frozenset({"PIPENV_PIPFILE", "PIPENV_ACTIVE", "POETRY_ACTIVE", "VIRTUAL_ENV"})
"""Variables that would have the tool work on another project or environment than the copy."""
