"""Which manifest and lockfile speak for a module."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pyreq_tui.errors import PyreqError
from pyreq_tui.sources.model import Source
from pyreq_tui.sources.pyproject import is_poetry, is_uv, project_name, read_toml, workspace_members

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pyreq_tui.service import Options, Service

_Kind = Literal["pipenv", "poetry", "uv", "pylock", "pdm"]
_Found = tuple[_Kind, Path | None, Path | None]
"""Kind, manifest, lockfile."""

_PYLOCK = re.compile(r"(?:^|/)pylock(?:\.[^./]+)?\.toml$")


def find_source(service: Service, module: str) -> Source | None:
    """What speaks for ``module`` (a folder below the service's root, ``.`` for the root itself).

    The module's own folder comes first: uv.lock, a Poetry project, a Pipfile, pylock.toml, pdm.lock, then the
    requirements file that ``fileName`` names. A folder without any of them is spoken for by the nearest
    lock above it, up to the service's root; a uv workspace may reach further up. Last comes a project of uv's
    that has not been locked. ``None``: nothing speaks.
    Raises PyreqError for a module outside the root and for files that can't be read.
    """
    root = service.root
    folder = (root / module).resolve()
    if folder != root.resolve() and root.resolve() not in folder.parents:
        raise PyreqError(
            f"Module {module} lies outside the service's folder {root}.",
            hint="Move it below the folder of serverless.yml, or correct module:.",
            where=None,
        )
    found = _locked(folder, service.options)
    if found is not None:
        return _source(module, folder, *found)
    requirements = folder / service.options.file_name
    if requirements.is_file():
        return Source("requirements", module, folder, requirements, None, None)
    for above in _between(folder, root.resolve()):
        found = _locked(above, service.options)
        if found is not None:
            return _source(module, folder, *found)
    if service.options.use_uv and (own := _file(folder, "pyproject.toml")):
        lockfile = _workspace_lock(folder, root.resolve())
        if lockfile or is_uv(own):
            return _source(module, folder, "uv", own, lockfile)
    return None


def _source(module: str, folder: Path, kind: _Kind, manifest: Path | None, lockfile: Path | None) -> Source:
    if kind == "uv" and lockfile is not None:
        own = folder / "pyproject.toml"
        manifest = own if own.is_file() and project_name(own) else manifest
    fresh = _is_fresh(kind, manifest, lockfile) if manifest and lockfile else None
    return Source(kind, module, folder, manifest, lockfile, fresh)


def _is_fresh(kind: _Kind, manifest: Path, lockfile: Path) -> bool | None:
    """Whether the lock answers the manifest; ``None`` where that can't be told."""
    # Each imported where it is asked: a service has one kind, seldom two.
    match kind:
        case "uv":
            from pyreq_tui.sources.uv_project import is_fresh
        case "poetry":
            from pyreq_tui.sources.poetry_project import is_fresh
        case "pipenv":
            from pyreq_tui.sources.pipfile import is_fresh
        case "pdm":
            from pyreq_tui.sources.pdm_lock import is_fresh
        case "pylock":
            return None
    return is_fresh(manifest, lockfile)


def _locked(folder: Path, options: Options) -> _Found | None:
    """What a folder holds besides a requirements file, in the order of precedence."""
    checks: tuple[tuple[bool, Callable[[Path], _Found | None]], ...] = (
        (options.use_uv, _uv),
        (options.use_poetry, _poetry),
        (options.use_pipenv, _pipenv),
        (True, partial(_pylock, named=options.file_name)),
        (True, _pdm),
    )
    return next((found for is_wanted, check in checks if is_wanted and (found := check(folder))), None)


def _uv(folder: Path) -> _Found | None:
    lockfile = _file(folder, "uv.lock")
    return ("uv", _file(folder, "pyproject.toml"), lockfile) if lockfile else None


def _poetry(folder: Path) -> _Found | None:
    manifest = _file(folder, "pyproject.toml")
    lockfile = _file(folder, "poetry.lock")
    # Since version 2 Poetry works on a pyproject.toml that does not speak of it.
    return ("poetry", manifest, lockfile) if manifest and (lockfile or is_poetry(manifest)) else None


def _pipenv(folder: Path) -> _Found | None:
    manifest = _file(folder, "Pipfile")
    return ("pipenv", manifest, _file(folder, "Pipfile.lock")) if manifest else None


def _pylock(folder: Path, named: str) -> _Found | None:
    """PEP 751: what ``fileName`` names, ``pylock.toml``, or the only ``pylock.NAME.toml``."""
    chosen = _file(folder, named) if _PYLOCK.search(named) else None
    others = sorted(path for path in folder.glob("pylock.*.toml") if path.is_file())
    lockfile = chosen or _file(folder, "pylock.toml") or next(iter(others), None)
    if lockfile is None:
        return None
    if lockfile in others[:1] and lockfile != chosen and len(others) > 1:
        raise PyreqError(
            f"Several locks speak for {folder}: {', '.join(path.name for path in others)}.",
            hint=f"Choose one: fileName: {lockfile.name}, or rename the one that ships to pylock.toml.",
        )
    return "pylock", _file(folder, "pyproject.toml"), lockfile


def _pdm(folder: Path) -> _Found | None:
    lockfile = _file(folder, "pdm.lock")
    return ("pdm", _file(folder, "pyproject.toml"), lockfile) if lockfile else None


def _file(folder: Path, name: str) -> Path | None:
    path = folder / name
    return path if path.is_file() else None


def _between(folder: Path, root: Path) -> Iterator[Path]:
    """The folders above ``folder``, nearest first, up to ``root``."""
    for above in folder.parents:
        if root != above and root not in above.parents:
            return
        yield above


def _workspace_lock(folder: Path, root: Path) -> Path | None:
    """The lock of a uv workspace above the service that names ``folder`` as a member.

    Looks no further than the repository it stands in.
    """
    manifest = _file(folder, "pyproject.toml")
    if manifest is None or not project_name(manifest) or (root / ".git").exists():
        return None
    for above in root.parents:
        lockfile, parent = _file(above, "uv.lock"), _file(above, "pyproject.toml")
        if lockfile and parent and folder in workspace_members(read_toml(parent), above):
            return lockfile
        if (above / ".git").exists():
            return None
    return None
