"""poetry.lock: what of it ships with a module, pinned. The measure is ``poetry export``."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name
from packaging.version import Version

from pyreq_tui.errors import PyreqError, Where
from pyreq_tui.sources.constraints import parse_constraint
from pyreq_tui.sources.lockfile import LOCK_COMMANDS, newer_format, refused
from pyreq_tui.sources.model import Requirements
from pyreq_tui.sources.pinned import (
    index_options,
    optional_text,
    path_reference,
    pinned,
    text,
    url_reference,
    vcs_reference,
    version_reference,
)
from pyreq_tui.sources.poetry_indexes import poetry_indexes
from pyreq_tui.sources.poetry_project import MAIN, dependency, group_names, needs_of
from pyreq_tui.sources.pyproject import read_toml, table, tables, texts
from pyreq_tui.sources.reach import Node, NotLocked, reached

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pyreq_tui.errors import Finding
    from pyreq_tui.service import Options
    from pyreq_tui.sources.model import Requirement, Source

_LOCK_AGAIN = f"Run {LOCK_COMMANDS['poetry']}."
_REQUIREMENT_NAME = re.compile(r"\s*([A-Za-z0-9][\w.-]*)")


def read_poetry_lock(
    source: Source, options: Options, lockfile: Path, problems: Sequence[Finding] = ()
) -> Requirements:
    """What ``lockfile`` pins for the module, with the groups of ``options``. Raises PyreqError.

    Extras of the project do not ship; relative paths start at the lock's folder.
    """
    manifest = source.manifest or lockfile.with_name("pyproject.toml")
    project = read_toml(manifest) if manifest.is_file() else {}
    lock = read_toml(lockfile)
    packages = tables(lock.get("package"))
    # A lock that was made on the way does not stay: the manifest is what can be opened.
    shown = source.lockfile or manifest
    lines = _lines(lockfile) if source.lockfile else {}
    version = table(lock, "metadata").get("lock-version")
    if newer := newer_format(shown, version, newest=2, tool="Poetry"):
        raise newer
    groups = _groups(options, group_names(project) | _locked_groups(packages), manifest)
    try:
        markers = _markers(packages, project, groups)
        python = parse_constraint(
            optional_text(table(lock, "metadata"), "python-versions") or "*"
        ).python_marker
    except NotLocked as error:
        raise PyreqError(
            f"{shown.name} does not hold {error}, which the project needs.",
            hint=f"The lock is older than {manifest.name}, or damaged. {_LOCK_AGAIN}",
            where=Where(shown),
        ) from error
    except ValueError as error:
        raise refused(shown, error, hint=_LOCK_AGAIN) from error
    ours = [(packages[index], marker) for index, marker in sorted(markers.items())]
    files = _files(lock)
    urls, secrets = poetry_indexes([package for package, _ in ours], os.environ)
    return Requirements(
        source=source,
        requirements=tuple(
            _requirement(package, marker, files, lockfile.parent, shown, lines) for package, marker in ours
        ),
        constraints=(),
        options=index_options([url for url in urls if url], is_everything="" not in urls),
        files=tuple(path for path in (source.manifest, source.lockfile) if path is not None),
        problems=tuple(problems),
        secrets=secrets,
        is_complete=True,
        environment=python,
        left_out=len(packages) - len(ours),
    )


def _groups(options: Options, known: frozenset[str], manifest: Path) -> frozenset[str]:
    """The groups that ship, as ``poetry export`` takes ``--only``, ``--with`` and ``--without``."""
    chosen = {
        "poetryOnlyGroups": options.poetry_only_groups,
        "poetryWithGroups": options.poetry_with_groups,
        "poetryWithoutGroups": options.poetry_without_groups,
    }
    split = {
        key: {canonicalize_name(name.strip()) for item in items for name in item.split(",") if name.strip()}
        for key, items in chosen.items()
    }
    for key, names in split.items():
        if unknown := sorted(names - known):
            raise PyreqError(
                f"{key} names {', '.join(unknown)}, but the project has no such group.",
                hint=f"It has {', '.join(sorted(known))}.",
                where=Where(manifest),
            )
    only, more, less = split.values()
    return frozenset(only or ({MAIN} | more) - less)


def _locked_groups(packages: Sequence[Mapping[str, object]]) -> frozenset[str]:
    return frozenset(canonicalize_name(name) for package in packages for name in texts(package.get("groups")))


def _markers(
    packages: Sequence[Mapping[str, object]],
    project: Mapping[str, object],
    groups: frozenset[str],
) -> Mapping[int, str | None]:
    """By index: what ships, and under which marker. Poetry 2 states that; older locks state the edges."""
    if any("groups" in package for package in packages):
        return {
            index: _marker(package, groups)
            for index, package in enumerate(packages)
            if groups & {canonicalize_name(name) for name in texts(package.get("groups"))}
        }
    return reached(needs_of(project, sorted(groups)), [_node(package) for package in packages])


def _marker(package: Mapping[str, object], groups: frozenset[str]) -> str | None:
    """The marker that holds for any of ``groups``: one for all, or one by group."""
    said = package.get("markers")
    if not isinstance(said, dict):
        return optional_text(package, "markers")
    by_group = {canonicalize_name(name): said[name] for name in said}
    ours = [
        by_group.get(canonicalize_name(name))
        for name in texts(package.get("groups"))
        if canonicalize_name(name) in groups
    ]
    return None if not all(ours) else " or ".join(f"({marker})" for marker in dict.fromkeys(ours))


def _node(package: Mapping[str, object]) -> Node:
    return Node(
        name=canonicalize_name(text(package, "name")),
        version=Version(text(package, "version")),
        python=parse_constraint(optional_text(package, "python-versions") or "*"),
        needs=tuple(
            need for name, said in table(package, "dependencies").items() for need in dependency(name, said)
        ),
        extras={
            canonicalize_name(extra): frozenset(
                canonicalize_name(match[1])
                for line in texts(said)
                if (match := _REQUIREMENT_NAME.match(line))
            )
            for extra, said in table(package, "extras").items()
        },
    )


def _files(lock: Mapping[str, object]) -> Mapping[str, tuple[str, ...]]:
    """Hashes by package, where old locks keep them: ``metadata.files``, before that ``metadata.hashes``."""
    metadata = table(lock, "metadata")
    found = {
        name: [str(item.get("hash", "")) for item in tables(said)]
        for name, said in table(metadata, "files").items()
    }
    found |= {
        name: [f"sha256:{item}" for item in texts(said)] for name, said in table(metadata, "hashes").items()
    }
    return {canonicalize_name(name): tuple(hashes) for name, hashes in found.items()}


def _requirement(
    package: Mapping[str, object],
    marker: str | None,
    files: Mapping[str, tuple[str, ...]],
    base: Path,
    file: Path,
    lines: Mapping[tuple[str, str], int],
) -> Requirement:
    name, version = str(package.get("name")), str(package.get("version"))
    line = lines.get((name, version))
    try:
        reference, is_hashed = _reference(package)
        own = [str(item.get("hash", "")) for item in tables(package.get("files"))]
        return pinned(
            text(package, "name"),
            reference,
            marker=marker,
            hashes=(own or files.get(canonicalize_name(name), ())) if is_hashed else (),
            base=base,
            where=Where(file, line),
        )
    except ValueError as error:
        raise refused(file, f"package {name}: {error}", line=line, hint=_LOCK_AGAIN) from error


def _reference(package: Mapping[str, object]) -> tuple[str, bool]:
    """Where the package comes from, and whether its files have hashes."""
    source = table(package, "source")
    kind = optional_text(source, "type")
    subdirectory = optional_text(source, "subdirectory")
    if kind == "git":
        revision = optional_text(source, "resolved_reference") or text(source, "reference")
        # Poetry 2 writes the host that a file:// URL does not have as the word None.
        url = re.sub(r"^file://None/", "file:///", text(source, "url"))
        return vcs_reference("git", url, revision, subdirectory), False
    if kind == "url":
        return url_reference(text(source, "url"), subdirectory), True
    if kind in ("file", "directory"):
        return path_reference(text(source, "url"), subdirectory), kind == "file"
    return version_reference(text(package, "version")), True


def _lines(lockfile: Path) -> Mapping[tuple[str, str], int]:
    """The line on which each package, by name and version, starts."""
    return {(name, version): line for line, name, version in _headings(lockfile.read_text("utf-8"))}


def _headings(lock: str) -> Iterator[tuple[int, str, str]]:
    heading, name = 0, ""
    for number, line in enumerate(lock.splitlines(), 1):
        if line == "[[package]]":
            heading, name = number, ""
        elif line.startswith('name = "') and not name:
            name = line[8:].rstrip('"')
        elif line.startswith('version = "') and name:
            yield heading, name, line[11:].rstrip('"')
            name = "-"
