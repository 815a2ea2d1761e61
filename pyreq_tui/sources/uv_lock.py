"""uv.lock: what it locks for a module, as uv itself exports it."""

from __future__ import annotations

import re
import tomllib
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from pyreq_tui.errors import PyreqError, Where
from pyreq_tui.processes import ProcessError, run, uv_environment, uv_executable
from pyreq_tui.sources.lockfile import conflict, newer_format
from pyreq_tui.sources.model import Locked, Source
from pyreq_tui.sources.pyproject import project_name, read_toml, table, tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pyreq_tui.errors import Finding
    from pyreq_tui.processes import Cancel
    from pyreq_tui.service import Options

_FORMAT = 1
"""Of uv.lock, ever since there is one."""
_NEWER = re.compile(r"unsupported schema version \(v(\d{1,9})")
_NO_MEMBER = re.compile(r"does not have a member `?([\w.-]+)")
_NOT_DEFINED = re.compile(r"(?P<what>Group|Extra) `(?P<name>[^`]{1,200})` is not defined")


def read_uv_lock(
    source: Source,
    options: Options,
    lockfile: Path,
    problems: Sequence[Finding] = (),
    *,
    cancel: Cancel | None = None,
) -> Locked:
    """What ``lockfile`` holds for the module, for every platform, with the groups and extras of ``options``.

    Raises PyreqError where uv can't export it, BuildError where uv can't be run, Cancelled.
    """
    # Without its configuration: a project may ask for another uv than ours, but any can read its lock.
    command = [uv_executable(), "export", "--frozen", "--no-config", "--offline", "--no-python-downloads"]
    command += ["--format", "pylock.toml", "--no-emit-project", "--no-header", "--quiet"]
    own = source.manifest if source.lockfile else None
    if own is not None and own.parent != lockfile.parent and (name := project_name(own)):
        command += [f"--package={name}"]
    command += _selection(options)
    try:
        pylock = run(command, cwd=lockfile.parent, env=uv_environment(), cancel=cancel)
    except ProcessError as error:
        raise _explained(error, source, options, lockfile) from error
    packages = tables(tomllib.loads(pylock).get("packages"))
    names = (package.get("name") for package in packages)
    return Locked(
        source=source,
        pylock=pylock,
        direct=tuple(sorted({canonicalize_name(name) for name in names if isinstance(name, str)})),
        files=tuple(path for path in (source.manifest, source.lockfile) if path is not None),
        problems=tuple(problems),
        left_out=0 if packages else _count(lockfile),
    )


def _count(lockfile: Path) -> int:
    """How many packages the lock holds that are not the project's own."""
    sources = (table(package, "source") for package in tables(read_toml(lockfile).get("package")))
    return sum(not {"virtual", "editable"} & set(source) for source in sources)


def _choices(options: Options) -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """By flag of uv: the option that says which groups or extras it names, and those."""
    return {
        "--only-group": ("uvOnlyGroups", options.uv_only_groups),
        "--group": ("uvWithGroups", options.uv_with_groups),
        "--no-group": ("uvWithoutGroups", options.uv_without_groups),
        "--extra": ("uvOptionalDependencies", options.uv_optional_dependencies),
    }


def _selection(options: Options) -> Iterator[str]:
    """Which groups and extras ship. Development groups do not, unless they alone are asked for."""
    if not options.uv_only_groups:
        yield "--no-dev"
    for flag, (_, names) in _choices(options).items():
        yield from (f"{flag}={name}" for name in names)


def _explained(error: ProcessError, source: Source, options: Options, lockfile: Path) -> PyreqError:
    """Why uv could not export its lock."""
    said = "\n".join(line.removeprefix("error: ") for line in error.output[-8:])
    manifest = source.manifest or lockfile.with_name("pyproject.toml")
    if found := conflict(lockfile, lockfile.read_text("utf-8", "replace")):
        return found
    if (version := _NEWER.search(said)) and (
        found := newer_format(lockfile, version[1], newest=_FORMAT, tool="uv")
    ):
        return found
    if absent := _NO_MEMBER.search(said):
        return PyreqError(
            f"uv.lock in {lockfile.parent} does not lock {absent[1]}, the project of module {source.module}.",
            hint="Name it in tool.uv.workspace.members and run uv lock, or lock it in its own folder.",
            where=Where(manifest),
        )
    if unknown := _NOT_DEFINED.search(said):
        what, name = unknown["what"].lower(), unknown["name"]
        key = next(
            key
            for key, names in (*_choices(options).values(), ("uvWithGroups", (name,)))
            if canonicalize_name(name) in map(canonicalize_name, names)
        )
        return PyreqError(
            f"{key} names {name}, but the project has no such {what}.",
            hint=f"Correct it, or add the {what} to {manifest.name} and run uv lock.",
            where=options.where(key) or Where(manifest),
        )
    return PyreqError(
        f"uv could not export {lockfile.name}: {said}", hint="Run uv lock.", where=Where(lockfile)
    )
