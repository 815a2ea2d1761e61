"""From a Source to what it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from pyreq_tui.errors import PyreqError
from pyreq_tui.sources.locking import made_lock, made_lock_finding
from pyreq_tui.sources.model import Locked, Requirements, Source
from pyreq_tui.sources.pdm_lock import read_pdm_lock
from pyreq_tui.sources.pipfile import read_pipfile_lock
from pyreq_tui.sources.poetry_lock import read_poetry_lock
from pyreq_tui.sources.pyproject import read_toml
from pyreq_tui.sources.requirements_txt import read_requirements
from pyreq_tui.sources.uv_lock import read_uv_lock

if TYPE_CHECKING:
    from pathlib import Path

    from pyreq_tui.errors import Finding
    from pyreq_tui.processes import Cancel
    from pyreq_tui.service import Options


def read_source(source: Source, options: Options, *, cancel: Cancel | None = None) -> Requirements | Locked:
    """What ``source`` asks for: requirements to resolve, or a lock to select from.

    Where a project has no lock, its tool makes one in a copy. Raises PyreqError for what can't be read,
    BuildError where a tool can't be run or fails, Cancelled.
    """
    if source.kind == "requirements":
        return read_requirements(source)
    if source.kind == "uv":
        return read_uv_lock(source, options)
    if source.kind == "pylock":
        return _read_pylock(source)
    if source.lockfile is not None:
        return _read_pins(source, options, source.lockfile)
    is_required = source.kind == "poetry" and options.require_poetry_lock_file
    lockfile = made_lock(source, is_required=is_required, cancel=cancel)
    return _read_pins(source, options, lockfile, (made_lock_finding(source),))


def _read_pins(
    source: Source, options: Options, lockfile: Path, problems: tuple[Finding, ...] = ()
) -> Requirements:
    if source.kind == "poetry":
        return read_poetry_lock(source, options, lockfile, problems)
    if source.kind == "pipenv":
        return read_pipfile_lock(source, lockfile, problems)
    return read_pdm_lock(source, lockfile)


def _read_pylock(source: Source) -> Locked:
    if source.lockfile is None:
        raise PyreqError(f"There is no pylock.toml for module {source.module}.")
    packages = read_toml(source.lockfile).get("packages")
    names = (
        (package.get("name") for package in packages if isinstance(package, dict))
        if isinstance(packages, list)
        else ()
    )
    return Locked(
        source=source,
        pylock=source.lockfile.read_text("utf-8"),
        direct=tuple(sorted({canonicalize_name(name) for name in names if isinstance(name, str)})),
        files=(source.lockfile,),
    )
