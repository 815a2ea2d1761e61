"""uv.lock: whether it answers its manifest, and what it locks for a module."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from packaging.markers import InvalidMarker, Marker
from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Specification
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from pyreq_tui.errors import PyreqError, Where
from pyreq_tui.processes import ProcessError, run, uv_environment, uv_executable
from pyreq_tui.sources.model import Locked, Source
from pyreq_tui.sources.pyproject import project_name, read_toml, table, texts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pyreq_tui.service import Options

_Need = tuple[str, frozenset[str], str | None, str | None]
"""Name, extras, versions (``None``: from elsewhere than an index), marker."""


def read_uv_lock(source: Source, options: Options) -> Locked:
    """What uv.lock holds for the module, for every platform, with the groups and extras of ``options``.

    Raises PyreqError where uv can't export it, BuildError where uv can't be run.
    """
    if source.lockfile is None:
        raise PyreqError(f"There is no uv.lock for module {source.module}.", hint="Run uv lock.")
    folder = source.lockfile.parent
    command = [uv_executable(), "export", "--frozen", "--format", "pylock.toml", "--no-emit-project"]
    command += ["--quiet", "--no-header", "--offline", "--no-python-downloads"]
    if (
        source.manifest is not None
        and source.manifest.parent != folder
        and (name := project_name(source.manifest))
    ):
        command += ["--package", name]
    command += _selection(options)
    try:
        pylock = run(command, cwd=folder, env=uv_environment())
    except ProcessError as error:
        reason = "\n".join(line.removeprefix("error: ") for line in error.output[-8:])
        raise PyreqError(
            f"uv could not export uv.lock: {reason}",
            hint="Run uv lock, and check the names of groups and extras in serverless.yml.",
            where=Where(source.lockfile),
        ) from error
    names = (package.get("name") for package in _packages(tomllib.loads(pylock)))
    return Locked(
        source=source,
        pylock=pylock,
        direct=tuple(sorted({canonicalize_name(name) for name in names if isinstance(name, str)})),
        files=tuple(path for path in (source.manifest, source.lockfile) if path is not None),
    )


def is_fresh(manifest: Path, lockfile: Path) -> bool | None:
    """Whether the lock was made from the manifest as it stands; ``None`` where that can't be told from here.

    Compares what uv noted of the project's requirements. Raises PyreqError for files that are not TOML.
    """
    data, lock = read_toml(manifest), read_toml(lockfile)
    project = table(data, "project")
    name = project.get("name")
    if not isinstance(name, str) or {"dependencies", "optional-dependencies"} & set(
        texts(project.get("dynamic"))
    ):
        return None
    noted = next(
        (package for package in _packages(lock) if package.get("name") == canonicalize_name(name)), None
    )
    if noted is None:
        return False
    try:
        wanted = sorted(_wanted(project), key=str)
        locked = sorted(_locked(table(noted, "metadata").get("requires-dist")), key=str)
    except (InvalidRequirement, InvalidMarker, InvalidSpecifier):
        return None
    if len({need[0] for need in wanted}) != len({need[0] for need in locked}) or not _agree(wanted, locked):
        return False
    return True if [need[3] for need in wanted] == [need[3] for need in locked] else None


def _selection(options: Options) -> Iterator[str]:
    """Which groups and extras ship. Development groups do not, unless named."""
    for group in options.uv_only_groups:
        yield from ("--only-group", group)
    if not options.uv_only_groups:
        yield "--no-dev"
    for flag, names in (
        ("--group", options.uv_with_groups),
        ("--no-group", options.uv_without_groups),
        ("--extra", options.uv_optional_dependencies),
    ):
        for name in names:
            yield f"{flag}={name}"


def _packages(data: Mapping[str, object], key: str = "packages") -> Iterator[Mapping[str, object]]:
    packages = data.get(key, data.get("package"))
    return (
        (package for package in packages if isinstance(package, dict))
        if isinstance(packages, list)
        else iter(())
    )


def _wanted(project: Mapping[str, object]) -> Iterator[_Need]:
    """What the manifest asks for, each extra's requirements with the marker that uv gives them."""
    sections: list[tuple[str | None, Sequence[str]]] = [(None, texts(project.get("dependencies")))]
    sections += [(extra, texts(lines)) for extra, lines in table(project, "optional-dependencies").items()]
    for extra, lines in sections:
        for line in lines:
            need = Specification(line)
            guard = f"extra == '{canonicalize_name(extra)}'" if extra else None
            marker = " and ".join(part for part in (str(need.marker) if need.marker else None, guard) if part)
            yield (
                canonicalize_name(need.name),
                frozenset(map(canonicalize_name, need.extras)),
                None if need.url else str(need.specifier),
                str(Marker(marker)) if marker else None,
            )


def _locked(noted: object) -> Iterator[_Need]:
    """The same, as the lock notes it."""
    for entry in noted if isinstance(noted, list) else ():
        name, specifier, marker = entry.get("name"), entry.get("specifier"), entry.get("marker")
        is_elsewhere = {"git", "url", "path", "directory", "editable", "virtual"} & set(entry)
        yield (
            canonicalize_name(str(name)),
            frozenset(map(canonicalize_name, texts(entry.get("extras")))),
            None if is_elsewhere else str(SpecifierSet(str(specifier or ""))),
            str(Marker(str(marker))) if marker else None,
        )


def _agree(wanted: Sequence[_Need], locked: Sequence[_Need]) -> bool:
    """Whether names, extras and versions are the same; what tool.uv.sources redirects has no versions."""
    if len(wanted) != len(locked):
        return False
    return all(
        ours[:2] == theirs[:2] and (theirs[2] is None or ours[2] == theirs[2])
        for ours, theirs in zip(wanted, locked, strict=True)
    )
