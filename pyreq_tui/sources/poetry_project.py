"""What Poetry goes by in a pyproject.toml: dependencies in groups, and the hash that its lock notes."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from pyreq_tui.sources.constraints import ANY, Constraint, parse_constraint
from pyreq_tui.sources.pyproject import read_toml, table, texts
from pyreq_tui.sources.reach import Need
from pyreq_tui.sources.specification import parse_marker, parse_specification

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

MAIN = "main"
_LEGACY_KEYS = ("dependencies", "source", "extras", "dev-dependencies")
_PROJECT_KEYS = ("requires-python", "dependencies", "optional-dependencies")
_CONTENT_HASH = re.compile(r'^content-hash = "(?P<hash>[0-9a-f]+)"', re.MULTILINE)


def group_names(data: Mapping[str, object]) -> frozenset[str]:
    """Normalised names of all dependency groups."""
    names = {MAIN, *table(data, "tool", "poetry", "group"), *table(data, "dependency-groups")}
    if table(data, "tool", "poetry", "dev-dependencies"):
        names.add("dev")
    return frozenset(map(canonicalize_name, names))


def needs_of(data: Mapping[str, object], groups: Iterable[str]) -> tuple[Need, ...]:
    """What the project depends on in ``groups``. Raises ValueError for what Poetry could not read."""
    return tuple(need for group in groups for need in _needs_of_group(data, group))


def dependency(name: str, said: object) -> tuple[Need, ...]:
    """One entry of a table of dependencies: a constraint, a table, or a list of such. Raises ValueError."""
    if isinstance(said, list):
        return tuple(need for item in said for need in dependency(name, item))
    given: Mapping[str, object] = {"version": said} if isinstance(said, str) else table(said)
    markers = (
        given.get("markers"),
        _constraint(given.get("python")).python_marker,
        _platform_marker(given.get("platform")),
    )
    parts = [str(parse_marker(str(marker))) for marker in markers if marker]
    return (
        Need(
            name=canonicalize_name(name),
            extras=frozenset(map(canonicalize_name, texts(given.get("extras")))),
            versions=_constraint(given.get("version")),
            marker=" and ".join(f"({part})" if " or " in part else part for part in parts) or None,
            is_optional=given.get("optional") is True,
        ),
    )


def is_fresh(manifest: Path, lockfile: Path) -> bool | None:
    """Whether poetry.lock was made from the manifest as it stands; ``None`` where it does not say.

    Computed as Poetry does: over what it reads of pyproject.toml, as sorted JSON; before 2.3 without
    ``dependency-groups``. Raises PyreqError for a manifest that is not TOML.
    """
    try:
        lock = lockfile.read_text("utf-8")
    except (OSError, UnicodeDecodeError):
        return None  # reading it will say so
    found = _CONTENT_HASH.findall(lock)
    data = read_toml(manifest)
    try:
        hashes = {_content_hash(data), _content_hash({**data, "dependency-groups": {}})}
    except (TypeError, ValueError, RecursionError):
        return None  # a date, say, which Poetry could not write as JSON either
    return found[-1] in hashes if found else None


def _content_hash(data: Mapping[str, object]) -> str:
    poetry, project = table(data, "tool", "poetry"), table(data, "project")
    ours = {key: project[key] for key in _PROJECT_KEYS if project.get(key) is not None}
    groups = table(data, "dependency-groups")
    theirs = {
        key: poetry.get(key)
        for key in (*_LEGACY_KEYS, "group")
        if poetry.get(key) is not None or (key in _LEGACY_KEYS and not ours and not groups)
    }
    content: dict[str, object] = {"project": ours} if ours else {}
    if groups:
        content["dependency-groups"] = groups
    content = {**content, "tool": {"poetry": theirs}} if content else theirs
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _needs_of_group(data: Mapping[str, object], group: str) -> Iterator[Need]:
    poetry = table(data, "tool", "poetry")
    sections: list[object] = []
    if group == MAIN:
        for line in texts(table(data, "project").get("dependencies")):
            yield _specified(line)
        sections.append(poetry.get("dependencies"))
    elif group == "dev":
        sections.append(poetry.get("dev-dependencies"))
    sections += [
        table(said).get("dependencies")
        for name, said in table(poetry, "group").items()
        if canonicalize_name(name) == group
    ]
    for section in sections:
        for name, said in table(section).items():
            if name.lower() != "python":
                yield from dependency(name, said)


def _specified(line: str) -> Need:
    specification = parse_specification(line)
    return Need(
        name=canonicalize_name(specification.name),
        extras=frozenset(map(canonicalize_name, specification.extras)),
        versions=replace(ANY, alternatives=(specification.specifier,)),
        marker=str(specification.marker) if specification.marker else None,
    )


def _constraint(said: object) -> Constraint:
    return parse_constraint(said) if isinstance(said, str) else ANY


def _platform_marker(said: object) -> str | None:
    """``platform = "linux || !=win32"``, from Poetry's early days."""
    if not isinstance(said, str) or said.strip() in ("", "*"):
        return None
    parts = (part.strip() for part in said.split("||"))
    return " or ".join(
        f'sys_platform != "{part.removeprefix("!=").strip()}"'
        if part.startswith("!=")
        else f'sys_platform == "{part.lstrip("= ")}"'
        for part in parts
    )
