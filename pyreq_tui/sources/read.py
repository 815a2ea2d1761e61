"""From a Source to what it asks for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pyreq_tui.errors import Finding, Where
from pyreq_tui.sizes import count
from pyreq_tui.sources.model import Locked

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from pyreq_tui.processes import Cancel
    from pyreq_tui.service import Options
    from pyreq_tui.sources.model import Requirements, Source, SourceKind


def read_source(
    source: Source,
    options: Options,
    *,
    offline: bool = False,
    cache: Path | None = None,
    cancel: Cancel | None = None,
    on_line: Callable[[str], None] | None = None,
) -> Requirements | Locked:
    """What ``source`` asks for: requirements to resolve, or a lock to select from.

    Where a project has no lock, its tool makes one in a copy, which is kept in the folder ``cache``; what the
    tool says goes to ``on_line``. That nothing is asked for is among the problems. Raises PyreqError for what
    can't be read, BuildError where a tool can't be run or fails, Cancelled.
    """
    asked = _read(source, options, offline=offline, cache=cache, cancel=cancel, on_line=on_line)
    is_empty = not (asked.direct if isinstance(asked, Locked) else asked.requirements)
    return replace(asked, problems=(*asked.problems, _nothing_asked(asked))) if is_empty else asked


def _read(
    source: Source,
    options: Options,
    *,
    offline: bool,
    cache: Path | None,
    cancel: Cancel | None,
    on_line: Callable[[str], None] | None,
) -> Requirements | Locked:
    # Each reader is imported where its kind is read: a service has one kind, seldom two.
    if source.kind == "requirements":
        from pyreq_tui.sources.requirements_txt import read_requirements

        return read_requirements(source)
    if source.kind == "pylock":
        from pyreq_tui.sources.pylock import read_pylock

        return read_pylock(source)
    lockfile = source.lockfile
    problems: tuple[Finding, ...] = ()
    if lockfile is None:
        from pyreq_tui.sources.locking import made_lock, made_lock_finding

        is_required = source.kind == "poetry" and options.require_poetry_lock_file
        lockfile = made_lock(
            source,
            is_required=is_required,
            offline=offline,
            cache=cache,
            is_anew=options.invalidate_caches or not options.use_static_cache,
            cancel=cancel,
            on_line=on_line,
        )
        problems = (made_lock_finding(source),)
    if source.kind == "uv":
        from pyreq_tui.sources.uv_lock import read_uv_lock

        return read_uv_lock(source, options, lockfile, problems, cancel=cancel)
    if source.kind == "poetry":
        from pyreq_tui.sources.poetry_lock import read_poetry_lock

        return read_poetry_lock(source, options, lockfile, problems)
    if source.kind == "pipenv":
        from pyreq_tui.sources.pipfile import read_pipfile_lock

        return read_pipfile_lock(source, lockfile, problems)
    from pyreq_tui.sources.pdm_lock import read_pdm_lock

    return read_pdm_lock(source, lockfile)


def _nothing_asked(asked: Requirements | Locked) -> Finding:
    """That a source asks for no package at all, which may or may not be meant."""
    source = asked.source
    file = source.lockfile or source.manifest or source.folder
    message, hint = f"{file.name} asks for no package.", None
    if asked.left_out:
        message = f"{file.name} locks {count(asked.left_out, 'package')}, and none is in a group that ships."
        hint = _GROUPS.get(source.kind)
    return Finding("warning", "zero-requirements", message, where=Where(file), hint=hint)


_GROUPS: Mapping[SourceKind, str] = {
    "pipenv": "Only [packages] of a Pipfile ships: move there what the functions need.",
    "poetry": "Name the groups that ship with poetryWithGroups or poetryOnlyGroups.",
    "uv": "Name the groups that ship with uvWithGroups or uvOnlyGroups.",
    "pdm": "Only project.dependencies ships: move there what the functions need.",
}
"""By kind of source: how a group comes to ship."""
