"""From a Source to what it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.sources.locking import made_lock, made_lock_finding
from pyreq_tui.sources.pdm_lock import read_pdm_lock
from pyreq_tui.sources.pipfile import read_pipfile_lock
from pyreq_tui.sources.poetry_lock import read_poetry_lock
from pyreq_tui.sources.pylock import read_pylock
from pyreq_tui.sources.requirements_txt import read_requirements
from pyreq_tui.sources.uv_lock import read_uv_lock

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyreq_tui.errors import Finding
    from pyreq_tui.processes import Cancel
    from pyreq_tui.service import Options
    from pyreq_tui.sources.model import Locked, Requirements, Source


def read_source(
    source: Source,
    options: Options,
    *,
    offline: bool = False,
    cancel: Cancel | None = None,
    on_line: Callable[[str], None] | None = None,
) -> Requirements | Locked:
    """What ``source`` asks for: requirements to resolve, or a lock to select from.

    Where a project has no lock, its tool makes one in a copy; what the tool says goes to ``on_line``. Raises
    PyreqError for what can't be read, BuildError where a tool can't be run or fails, Cancelled.
    """
    if source.kind == "requirements":
        return read_requirements(source)
    if source.kind == "pylock":
        return read_pylock(source)
    lockfile = source.lockfile
    problems: tuple[Finding, ...] = ()
    if lockfile is None:
        is_required = source.kind == "poetry" and options.require_poetry_lock_file
        lockfile = made_lock(source, is_required=is_required, offline=offline, cancel=cancel, on_line=on_line)
        problems = (made_lock_finding(source),)
    if source.kind == "uv":
        return read_uv_lock(source, options, lockfile, problems, cancel=cancel)
    if source.kind == "poetry":
        return read_poetry_lock(source, options, lockfile, problems)
    if source.kind == "pipenv":
        return read_pipfile_lock(source, lockfile, problems)
    return read_pdm_lock(source, lockfile)
