"""From a Source to what it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from pyreq_tui.errors import PyreqError, Where
from pyreq_tui.sources.model import Locked, Requirements, Source
from pyreq_tui.sources.pdm_lock import read_pdm_lock
from pyreq_tui.sources.pipfile import read_pipfile_lock
from pyreq_tui.sources.poetry_lock import read_poetry_lock
from pyreq_tui.sources.pyproject import read_toml
from pyreq_tui.sources.requirements_txt import read_requirements
from pyreq_tui.sources.uv_lock import read_uv_lock

if TYPE_CHECKING:
    from pyreq_tui.service import Options

_LOCKS = {
    "pipenv": ("Pipfile.lock", "pipenv lock"),
    "poetry": ("poetry.lock", "poetry lock"),
    "pdm": ("pdm.lock", "pdm lock"),
}


def read_source(source: Source, options: Options) -> Requirements | Locked:
    """What ``source`` asks for: requirements to resolve, or a lock to select from.

    Raises PyreqError for what can't be read, BuildError where a tool can't be run.
    """
    if source.kind == "requirements":
        return read_requirements(source)
    if source.kind == "uv":
        return read_uv_lock(source, options)
    if source.kind == "pylock":
        return _read_pylock(source)
    if source.lockfile is None:
        raise _nothing_locked(source)
    if source.kind == "poetry":
        return read_poetry_lock(source, options, source.lockfile)
    if source.kind == "pipenv":
        return read_pipfile_lock(source, source.lockfile)
    return read_pdm_lock(source, source.lockfile)


def _nothing_locked(source: Source) -> PyreqError:
    name, command = _LOCKS[source.kind]
    return PyreqError(
        f"There is no {name} for module {source.module}.",
        hint=f"Run {command}.",
        where=Where(source.manifest) if source.manifest else None,
    )


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
