"""A lock for a project that has none, made by the project's own tool in a copy of it."""

from __future__ import annotations

import atexit
import json
import shutil
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pyreq_tui.errors import BuildError, Finding, PyreqError, Where
from pyreq_tui.processes import INSTALL_HINTS, ProcessError, run
from pyreq_tui.sources.kept_locks import keep_lock, load_lock, lock_inputs, tool_version
from pyreq_tui.sources.lockfile import LOCK_COMMANDS
from pyreq_tui.sources.tools import TOOLS, Tool, unfit

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyreq_tui.processes import Cancel
    from pyreq_tui.sources.model import Source


_MADE: dict[str, Path] = {}
"""Locks that this process has made or read, by everything that shaped them."""
_MAKING = threading.Lock()


def made_lock(
    source: Source,
    *,
    is_required: bool,
    offline: bool,
    cache: Path | None,
    is_anew: bool,
    cancel: Cancel | None,
    on_line: Callable[[str], None] | None,
) -> Path:
    """The path of a lock that is there until the process ends; the project's folder stays as it is.

    Made once while everything that shapes it stays the same, and kept in ``cache``, where it is not looked
    for with ``is_anew``; what the tool says goes to ``on_line``. ``is_required``: the project has to bring
    its lock along. Raises PyreqError where it has to and does not, BuildError where the tool is missing, too
    old or fails, or needs a network that it may not use, and Cancelled.
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
    with _MAKING:
        try:
            inputs = lock_inputs(manifest, tool)
            key = json.dumps(inputs)
            if key in _MADE:
                return _MADE[key]
            executable = tool.executable()
            if executable is None and not offline:
                raise _not_found(source, tool, missing, Where(manifest))
            if executable is not None and cache is not None:
                inputs["version"] = tool_version(tool, executable, cancel)
            kept = load_lock(inputs, cache) if cache is not None and not is_anew else None
            if kept is None:
                if offline or executable is None:
                    raise BuildError(
                        f"{missing}, and making one takes the network.", hint=keep, where=Where(manifest)
                    )
                if on_line is not None:
                    on_line(f"{missing}: {command} makes one in a copy of {manifest.parent}.")
                kept = _make(source, manifest, tool, executable, missing, cancel, on_line)
                if cache is not None:
                    keep_lock(inputs, kept, cache)
            _MADE[key] = _lay_down(kept, manifest, tool)
            return _MADE[key]
        except OSError as error:
            raise BuildError(
                f"{missing}, and {tool.name} could not be given a copy of {manifest}: {error.strerror}.",
                hint=keep,
            ) from error


def _make(
    source: Source,
    manifest: Path,
    tool: Tool,
    executable: str,
    missing: str,
    cancel: Cancel | None,
    on_line: Callable[[str], None] | None,
) -> str:
    """The text of a lock that the tool makes in a copy of the project."""
    with tempfile.TemporaryDirectory(prefix="pyreq-") as above:
        folder = _copy(manifest.parent, Path(above), tool)
        _run(source, manifest, tool, executable, missing, folder, cancel, on_line)
        return (folder / tool.lockfile).read_text("utf-8")


def _lay_down(lock: str, manifest: Path, tool: Tool) -> Path:
    """The lock in a copy of its project, so that its paths lead somewhere, until the process ends."""
    above = tempfile.TemporaryDirectory(prefix="pyreq-")
    atexit.register(above.cleanup)
    path = _copy(manifest.parent, Path(above.name), tool) / tool.lockfile
    path.write_text(lock, "utf-8")
    return path


def _not_found(source: Source, tool: Tool, missing: str, where: Where) -> BuildError:
    command = LOCK_COMMANDS[source.kind]
    return BuildError(
        f"{missing}, and {tool.name}, which could make one, was not found.",
        hint=f"Run {command} where it is installed, and keep the file. {INSTALL_HINTS[tool.name]}",
        where=where,
    )


def _run(
    source: Source,
    manifest: Path,
    tool: Tool,
    executable: str,
    missing: str,
    folder: Path,
    cancel: Cancel | None,
    on_line: Callable[[str], None] | None,
) -> None:
    command, where = LOCK_COMMANDS[source.kind], Where(manifest)
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
        message=f"There is no {tool.lockfile} for module {source.module}: {tool.name} made one, "
        "and may choose other versions elsewhere or later.",
        where=Where(source.manifest) if source.manifest else None,
        hint=f"Run {LOCK_COMMANDS[source.kind]}, and keep the file with the project.",
    )
