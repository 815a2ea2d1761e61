"""A lock for a project that has none, made by the project's own tool in a copy of it."""

from __future__ import annotations

import atexit
import hashlib
import shutil
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pyreq_tui.errors import BuildError, Finding, PyreqError, Where
from pyreq_tui.processes import INSTALL_HINTS, ProcessError, run
from pyreq_tui.sources.lockfile import LOCK_COMMANDS
from pyreq_tui.sources.tools import TOOLS, Tool, unfit

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyreq_tui.processes import Cancel
    from pyreq_tui.sources.model import Source


_MADE: dict[tuple[Path, str], Path] = {}
"""Locks that this process has made, by manifest and what was in it: making one takes seconds."""
_MAKING = threading.Lock()


def made_lock(
    source: Source,
    *,
    is_required: bool,
    offline: bool,
    cancel: Cancel | None,
    on_line: Callable[[str], None] | None,
) -> Path:
    """The path of a lock that is there until the process ends; the project's folder stays as it is.

    Made once while the manifest stays the same; what the tool says goes to ``on_line``. ``is_required``: the
    project has to bring its lock along. Raises PyreqError where it has to and does not, BuildError where the
    tool is missing, too old or fails, or needs a network that it may not use, and Cancelled.
    """
    manifest, tool, command = source.manifest, TOOLS[source.kind], LOCK_COMMANDS[source.kind]
    missing = f"There is no {tool.lockfile} for module {source.module}"
    if manifest is None:
        raise PyreqError(f"{missing}.", hint=f"Run {command}.")
    keep = f"Run {command}, and keep the file with the project."
    if is_required:
        raise PyreqError(
            f"{missing}, and requirePoetryLockFile asks for one.", hint=keep, where=Where(manifest)
        )
    if offline:
        raise BuildError(f"{missing}, and making one takes the network.", hint=keep, where=Where(manifest))
    with _MAKING:
        try:
            key = (manifest, hashlib.sha256(manifest.read_bytes()).hexdigest())
            if key not in _MADE:
                if on_line is not None:
                    on_line(f"{missing}: {command} makes one in a copy of {manifest.parent}.")
                _MADE[key] = _make(source, manifest, tool, missing, cancel, on_line)
        except OSError as error:
            raise BuildError(
                f"{missing}, and {tool.name} could not be given a copy of {manifest}: {error.strerror}.",
                hint=keep,
            ) from error
        return _MADE[key]


def _make(
    source: Source,
    manifest: Path,
    tool: Tool,
    missing: str,
    cancel: Cancel | None,
    on_line: Callable[[str], None] | None,
) -> Path:
    command, where = LOCK_COMMANDS[source.kind], Where(manifest)
    executable = tool.executable()
    if executable is None:
        raise BuildError(
            f"{missing}, and {tool.name}, which could make one, was not found.",
            hint=f"Run {command} where it is installed, and keep the file. {INSTALL_HINTS[tool.name]}",
            where=where,
        )
    above = tempfile.TemporaryDirectory(prefix="pyreq-")
    atexit.register(above.cleanup)
    folder = _copy(manifest.parent, Path(above.name), tool)
    try:
        run([executable, *tool.arguments], cwd=folder, env=tool.environment(), cancel=cancel, on_line=on_line)
    except ProcessError as error:
        said = "\n".join(f"    {line}" for line in error.output[-12:] if line.strip())
        if reason := unfit(tool, executable, manifest, cancel):
            raise BuildError(
                f"{missing}, and {reason.what}:\n{said}", hint=reason.hint, where=where
            ) from error
        raise BuildError(
            f"{missing}, and {command} could not make one:\n{said}",
            hint=f"Run {command} in {manifest.parent} to see more, and keep the file with the project.",
            where=where,
        ) from error
    if not (folder / tool.lockfile).is_file():
        raise BuildError(f"{missing}, and {command} did not make one.", hint=f"Run {command}.", where=where)
    return folder / tool.lockfile


def _copy(project: Path, above: Path, tool: Tool) -> Path:
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
    tool = TOOLS[source.kind]
    return Finding(
        severity="warning",
        code="lock-missing",
        message=f"There is no {tool.lockfile} for module {source.module}: {tool.name} made one for "
        "this run only, and may choose other versions the next time.",
        where=Where(source.manifest) if source.manifest else None,
        hint=f"Run {LOCK_COMMANDS[source.kind]}, and keep the file with the project.",
    )
