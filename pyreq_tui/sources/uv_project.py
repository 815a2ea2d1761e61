"""What uv notes of a project in its lock, and whether the project still says the same."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl

from packaging.markers import InvalidMarker
from packaging.requirements import InvalidRequirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name

from pyreq_tui.sources.pyproject import read_toml, table, tables, texts
from pyreq_tui.sources.reach import EXTRA
from pyreq_tui.sources.specification import parse_marker, parse_specification

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from packaging.markers import Marker

_ELSEWHERE = frozenset({"git", "url", "path", "directory", "editable", "virtual", "workspace"})
"""Keys of a requirement that comes from elsewhere than an index."""
_PYTHONS = tuple(f"3.{minor}.{patch}" for minor in range(7, 17) for patch in (0, 9))
_MACHINES = (
    {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "x86_64"},
    {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "platform_machine": "aarch64"},
    {"sys_platform": "darwin", "platform_system": "Darwin", "os_name": "posix", "platform_machine": "arm64"},
    {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64"},
)

_Holds = tuple[tuple[str, tuple[bool, ...]], ...]


class _Need(NamedTuple):
    """One requirement, in a form that is the same however it is written."""

    group: str
    """The dependency group it stands in; empty for the project's own and its extras'."""
    name: str
    extras: frozenset[str]
    versions: str | None
    """``None``: it comes from elsewhere than an index."""
    holds: _Holds
    """Where its marker holds: uv writes markers its own way, and leaves out what requires-python implies."""
    revision: frozenset[tuple[str, str]]
    """Of a repository: branch, tag or commit, and the folder in it."""


class _Terms(NamedTuple):
    """What the wording of a requirement depends on."""

    places: Mapping[str, object]
    """By name: where ``tool.uv.sources`` has it come from."""
    pythons: tuple[str, ...]
    """Those that the lock is for."""


def is_fresh(manifest: Path, lockfile: Path) -> bool | None:
    """Whether the lock was made from the manifest as it stands; ``None`` where that can't be told from here.

    Compares what uv noted of the project: its requirements with extras and groups, and its Pythons. Raises
    PyreqError for files that are not TOML.
    """
    data, lock = read_toml(manifest), read_toml(lockfile)
    project = table(data, "project")
    name = project.get("name")
    if not isinstance(name, str) or {"dependencies", "optional-dependencies"} & set(
        texts(project.get("dynamic"))
    ):
        return None
    noted = next(
        (one for one in tables(lock.get("package")) if one.get("name") == canonicalize_name(name)), None
    )
    if noted is None:
        return False
    root = lockfile.with_name("pyproject.toml")
    shared = read_toml(root) if root != manifest and root.is_file() else {}
    places: dict[str, object] = {
        canonicalize_name(name): said
        for settings in (shared, data)
        for name, said in table(settings, "tool", "uv", "sources").items()
    }
    try:
        pythons = SpecifierSet(str(lock.get("requires-python") or "")).filter(_PYTHONS)
        terms = _Terms(places, tuple(pythons))
        wanted, locked = set(_wanted(data, terms)), set(_locked(table(noted, "metadata"), terms))
        is_for_same = _is_for_same_pythons(project.get("requires-python"), lock)
    except (InvalidRequirement, InvalidMarker, InvalidSpecifier):
        return None
    return wanted == locked and is_for_same


def _is_for_same_pythons(stated: object, lock: Mapping[str, object]) -> bool:
    """Of several projects in one lock each may state other Pythons: then nothing can be said."""
    noted = lock.get("requires-python")
    if not isinstance(stated, str) or not isinstance(noted, str) or table(lock, "manifest").get("members"):
        return True
    ours, theirs = SpecifierSet(stated), SpecifierSet(noted)
    return all(ours.contains(python) == theirs.contains(python) for python in _PYTHONS)


def _wanted(data: Mapping[str, object], terms: _Terms) -> Iterator[_Need]:
    """What the manifest asks for, each extra's requirements with the marker that uv gives them."""
    project = table(data, "project")
    for line in texts(project.get("dependencies")):
        yield from _stated("", line, None, terms)
    for extra, lines in table(project, "optional-dependencies").items():
        for line in texts(lines):
            yield from _stated("", line, f"extra == '{canonicalize_name(extra)}'", terms)
    groups: dict[str, object] = {
        canonicalize_name(name): said for name, said in table(data, "dependency-groups").items()
    }
    for name in groups:
        for line in _lines_of_group(name, groups, ()):
            yield from _stated(name, line, None, terms)
    for line in texts(table(data, "tool", "uv").get("dev-dependencies")):
        yield from _stated("dev", line, None, terms)


def _lines_of_group(name: str, groups: Mapping[str, object], above: tuple[str, ...]) -> Iterator[str]:
    """The lines of a group (PEP 735) and of those that it includes."""
    said = groups.get(name)
    for item in said if isinstance(said, list) and name not in above else ():
        if isinstance(item, str):
            yield item
        elif isinstance(item, dict) and isinstance(included := item.get("include-group"), str):
            yield from _lines_of_group(canonicalize_name(included), groups, (*above, name))


def _stated(group: str, line: str, guard: str | None, terms: _Terms) -> Iterator[_Need]:
    need = parse_specification(line)
    name = canonicalize_name(need.name)
    place = terms.places.get(name)
    if isinstance(place, list):
        return  # by marker from one place or another: uv notes one requirement for each
    place = table(place)
    own = [f"({need.marker})"] if need.marker else []
    marker = " and ".join([*own, *([guard] if guard else [])])
    yield _Need(
        group,
        name,
        frozenset(map(canonicalize_name, need.extras)),
        None if need.url or _ELSEWHERE & set(place) else str(need.specifier),
        _holds(marker, terms.pythons),
        _revision(place if "git" in place else {}),
    )


def _locked(noted: Mapping[str, object], terms: _Terms) -> Iterator[_Need]:
    """The same, as the lock notes it."""
    sections = {"": noted.get("requires-dist"), **table(noted, "requires-dev")}
    for group, entries in sections.items():
        for entry in tables(entries):
            name = canonicalize_name(str(entry.get("name")))
            if isinstance(terms.places.get(name), list):
                continue
            asked = dict(parse_qsl(str(entry.get("git", "")).partition("?")[2]))
            yield _Need(
                canonicalize_name(group) if group else "",
                name,
                frozenset(map(canonicalize_name, texts(entry.get("extras")))),
                None if _ELSEWHERE & set(entry) else str(SpecifierSet(str(entry.get("specifier") or ""))),
                _holds(str(entry.get("marker") or ""), terms.pythons),
                _revision(asked if name in terms.places else {}),
            )


def _revision(place: Mapping[str, object]) -> frozenset[tuple[str, str]]:
    keys = ("branch", "tag", "rev", "subdirectory")
    return frozenset((key, str(place[key])) for key in keys if key in place)


@cache
def _holds(marker: str, pythons: tuple[str, ...]) -> _Holds:
    """By extra that a marker speaks of: on which of ``pythons`` and machines it holds."""
    if not marker:
        return (("", (True,) * (len(pythons) * len(_MACHINES))),)
    parsed = parse_marker(marker)
    extras = sorted({match["name"] for match in EXTRA.finditer(marker)}) or [""]
    return tuple((extra, tuple(_evaluated(parsed, extra, pythons))) for extra in extras)


def _evaluated(marker: Marker, extra: str, pythons: tuple[str, ...]) -> Iterator[bool]:
    for python in pythons:
        version = {"python_version": python.rpartition(".")[0], "python_full_version": python}
        for machine in _MACHINES:
            yield marker.evaluate({**version, **machine, "extra": extra})
