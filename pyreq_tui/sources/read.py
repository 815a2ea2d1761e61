"""From a Source to what it asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from pyreq_tui.errors import PyreqError, Where
from pyreq_tui.sources.model import Locked, Requirements, Source
from pyreq_tui.sources.pyproject import read_toml
from pyreq_tui.sources.requirements_txt import read_requirements
from pyreq_tui.sources.uv_lock import read_uv_lock

if TYPE_CHECKING:
    from pyreq_tui.service import Options

_EXPORTS = {
    "pipenv": ("Pipenv", "pipenv requirements > requirements.txt", "usePipenv: false"),
    "poetry": ("Poetry", "poetry export --without-hashes -o requirements.txt", "usePoetry: false"),
    "pdm": ("PDM", "pdm export --prod -f pylock -o pylock.toml", ""),
}


def read_source(source: Source, options: Options) -> Requirements | Locked:
    """What ``source`` asks for: requirements to resolve, or a lock to select from.

    Raises PyreqError for what can't be read, BuildError where uv can't be run.
    """
    if source.kind == "requirements":
        return read_requirements(source)
    if source.kind == "uv":
        return read_uv_lock(source, options)
    if source.kind == "pylock":
        return _read_pylock(source)
    tool, command, option = _EXPORTS[source.kind]
    file = source.lockfile or source.manifest
    raise PyreqError(
        f"{tool} speaks for module {source.module}, but its lock is not read yet.",
        hint=f"Export it: {command}" + (f", and set {option}." if option else "."),
        where=Where(file) if file else None,
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
