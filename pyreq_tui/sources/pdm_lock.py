"""pdm.lock: what ships with a module, pinned, and whether it answers its manifest."""

from __future__ import annotations

import hashlib
import json
import os
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from pyreq_tui.errors import PyreqError, Where
from pyreq_tui.sources.constraints import parse_constraint
from pyreq_tui.sources.lockfile import LOCK_COMMANDS, newer_format, refused
from pyreq_tui.sources.model import Requirements
from pyreq_tui.sources.pinned import (
    filled,
    index_options,
    optional_text,
    path_reference,
    pinned,
    text,
    url_reference,
    vcs_reference,
    version_reference,
)
from pyreq_tui.sources.pyproject import read_toml, table, tables, texts
from pyreq_tui.sources.requirement import VCS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pyreq_tui.sources.model import Requirement, Source

_LOCK_AGAIN = f"Run {LOCK_COMMANDS['pdm']}."
_DEFAULT = "default"
"""The group of the project's own dependencies; all others, development's and extras, do not ship."""


def read_pdm_lock(source: Source, lockfile: Path) -> Requirements:
    """What ``lockfile`` pins for the default group, as ``pdm export --prod`` does. Raises PyreqError."""
    lock = read_toml(lockfile)
    version = table(lock, "metadata").get("lock_version")
    if newer := newer_format(lockfile, version, newest=4, tool="PDM"):
        raise newer
    packages = tables(lock.get("package"))
    if packages and not any("groups" in package for package in packages):
        raise PyreqError(
            f"{lockfile.name} does not say which packages belong to which group.",
            hint="It was made by an old PDM, or without the strategy inherit_metadata. "
            "Run pdm lock -S inherit_metadata.",
            where=Where(lockfile),
        )
    ours: dict[tuple[str, str], Mapping[str, object]] = {}
    for package in packages:
        # A package with extras stands in the lock once more, with the same files.
        if _DEFAULT in texts(package.get("groups")):
            ours.setdefault((str(package.get("name")), str(package.get("version"))), package)
    project = read_toml(source.manifest) if source.manifest else {}
    try:
        said = optional_text(table(project, "project"), "requires-python") or "*"
        python = parse_constraint(said).python_marker
    except ValueError as error:
        raise refused(source.manifest or lockfile, error, hint="Correct requires-python.") from error
    places = [
        filled(text(said, "url"), os.environ)
        for said in tables(table(project, "tool", "pdm").get("source"))
        if isinstance(said.get("url"), str)
    ]
    return Requirements(
        source=source,
        requirements=tuple(_requirement(package, lockfile) for package in ours.values()),
        constraints=(),
        options=index_options([url for url, _ in places], is_everything=False),
        files=tuple(path for path in (source.manifest, lockfile) if path is not None),
        secrets=tuple(sorted(value for _, values in places for value in values)),
        is_complete=True,
        environment=python,
        left_out=sum(_DEFAULT not in texts(package.get("groups")) for package in packages),
    )


def is_fresh(manifest: Path, lockfile: Path) -> bool | None:
    """Whether pdm.lock was made from the manifest as it stands; ``None`` where it does not say.

    Computed as PDM does: over what it reads of pyproject.toml, as sorted JSON. Raises PyreqError for files
    that are not TOML.
    """
    noted = table(read_toml(lockfile), "metadata").get("content_hash")
    data = read_toml(manifest)
    algorithm, _, digest = noted.partition(":") if isinstance(noted, str) else ("", "", "")
    if algorithm != "sha256":
        return None
    try:
        is_same = digest in {hashlib.sha256(content.encode()).hexdigest() for content in _contents(data)}
    except (TypeError, ValueError, RecursionError):
        return None  # a date, say, which PDM could not write as JSON either
    # The hash of a workspace is made of its members' as well.
    return True if is_same else None if "workspace" in table(data, "tool", "pdm") else False


def _contents(data: Mapping[str, object]) -> Iterator[str]:
    """What is hashed: as PDM does today, and as it did before 2.13 and before it knew dependency-groups."""
    project, settings = table(data, "project"), table(data, "tool", "pdm")
    resolution = table(settings, "resolution")
    groups: dict[str, object] = {
        canonicalize_name(name): said for name, said in table(data, "dependency-groups").items()
    }
    for name, said in table(settings, "dev-dependencies").items():
        before = groups.get(canonicalize_name(name), [])
        if isinstance(before, list) and isinstance(said, list):
            groups[canonicalize_name(name)] = [*before, *said]
    for development in (groups, settings.get("dev-dependencies", {})):
        for steered in ({"resolution": resolution}, {"overrides": resolution.get("overrides", {})}):
            content = {
                "sources": settings.get("source", []),
                "dependencies": project.get("dependencies", []),
                "dev-dependencies": development,
                "optional-dependencies": project.get("optional-dependencies", {}),
                "requires-python": project.get("requires-python", ""),
                **steered,
            }
            yield json.dumps(content, sort_keys=True)


def _requirement(package: Mapping[str, object], lockfile: Path) -> Requirement:
    try:
        reference, is_hashed = _reference(package)
        return pinned(
            text(package, "name"),
            reference,
            marker=optional_text(package, "marker"),
            hashes=[str(item.get("hash", "")) for item in tables(package.get("files"))] if is_hashed else (),
            base=lockfile.parent,
            where=Where(lockfile),
        )
    except ValueError as error:
        raise refused(lockfile, f"package {package.get('name')}: {error}", hint=_LOCK_AGAIN) from error


def _reference(package: Mapping[str, object]) -> tuple[str, bool]:
    """Where the package comes from, and whether its files have hashes."""
    subdirectory = optional_text(package, "subdirectory")
    for kind in VCS:
        if kind in package:
            revision = optional_text(package, "revision") or optional_text(package, "ref")
            return vcs_reference(kind, text(package, kind), revision, subdirectory), False
    if path := optional_text(package, "path"):
        return path_reference(path, subdirectory), False
    if url := optional_text(package, "url"):
        return url_reference(url, subdirectory), True
    return version_reference(text(package, "version")), True
