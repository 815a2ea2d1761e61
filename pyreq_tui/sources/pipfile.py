"""Pipfile and Pipfile.lock: what ships with a module, pinned, and whether the one answers the other."""

from __future__ import annotations

import hashlib
import json
import os
import re
from typing import TYPE_CHECKING

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from pyreq_tui.errors import PyreqError, Where
from pyreq_tui.sources.lockfile import LOCK_COMMANDS, conflict, newer_format, refused
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
)
from pyreq_tui.sources.pyproject import read_toml, read_utf8, table, tables, texts
from pyreq_tui.sources.requirement import VCS, is_url

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pyreq_tui.errors import Finding
    from pyreq_tui.sources.model import Requirement, Source

_LOCK_AGAIN = f"Run {LOCK_COMMANDS['pipenv']}."
_PYPI = {"name": "pypi", "url": "https://pypi.org/simple", "verify_ssl": True}
_SPEC = 6
"""The format of Pipfile.lock, which has been the same since 2017."""
_SECTIONS = frozenset(
    {"source", "packages", "dev-packages", "requires", "scripts", "pipfile", "pipenv", "default", "develop"}
)
"""Of a Pipfile; every other table is a category of packages."""
_MARKERS = (
    *("os_name", "sys_platform", "platform_machine", "platform_python_implementation", "platform_release"),
    *("platform_system", "platform_version", "python_version", "python_full_version", "implementation_name"),
    "implementation_version",
)
"""Keys of a package in a Pipfile that are parts of a marker."""
_ENTRY = re.compile(r'^        "(?P<name>[^"]+)": \{$')


def read_pipfile_lock(source: Source, lockfile: Path, problems: Sequence[Finding] = ()) -> Requirements:
    """What the ``default`` section of ``lockfile`` pins. The measure is ``pipenv requirements``.

    Relative paths start at the lock's folder. Raises PyreqError.
    """
    lock = _read_json(lockfile)
    manifest = source.manifest or lockfile.with_name("Pipfile")
    shown = source.lockfile or manifest
    lines = _lines(lockfile.read_text("utf-8")) if source.lockfile else {}
    version = table(lock, "_meta").get("pipfile-spec")
    if newer := newer_format(shown, version, newest=_SPEC, tool="Pipenv"):
        raise newer
    default = lock.get("default")
    if not isinstance(default, dict):
        raise refused(shown, "it has no section named default", hint=_LOCK_AGAIN)
    stated = table(read_toml(manifest), "packages") if manifest.is_file() else {}
    asked: dict[str, object] = {canonicalize_name(name): said for name, said in stated.items()}
    if asked and not default:
        raise PyreqError(
            f"{shown.name} locks nothing, though {manifest.name} asks for {len(asked)} "
            f"package{'s' if len(asked) > 1 else ''}.",
            hint=f"Pipenv leaves such a lock behind when locking failed. {_LOCK_AGAIN}",
            where=Where(shown),
        )
    indexes, secrets = _indexes(lock)
    return Requirements(
        source=source,
        requirements=tuple(
            _requirement(name, said, asked, lockfile.parent, Where(shown, lines.get(name)))
            for name, said in default.items()
        ),
        constraints=(),
        options=indexes,
        files=tuple(path for path in (source.manifest, source.lockfile) if path is not None),
        problems=tuple(problems),
        secrets=secrets,
        is_complete=True,
        left_out=sum(len(table(said)) for name, said in lock.items() if name not in ("_meta", "default")),
    )


def is_fresh(manifest: Path, lockfile: Path) -> bool | None:
    """Whether Pipfile.lock was made from the Pipfile as it stands; ``None`` where it does not say.

    Computed as Pipenv does: over sources, requirements and packages as sorted JSON, package names as they are
    written or, since 2025, normalised. Raises PyreqError for files that can't be read.
    """
    noted = table(_read_json(lockfile), "_meta", "hash").get("sha256")
    pipfile = read_toml(manifest)
    if not isinstance(noted, str):
        return None
    try:
        return noted in (_hash(pipfile, is_normalised=False), _hash(pipfile, is_normalised=True))
    except (TypeError, ValueError, RecursionError):
        return None  # a date, say, which Pipenv could not write as JSON either


def _hash(pipfile: Mapping[str, object], *, is_normalised: bool) -> str:
    def named(section: object) -> object:
        if not is_normalised:
            return section
        return {canonicalize_name(name): said for name, said in table(section).items()}

    content = {
        "_meta": {"sources": pipfile.get("source", [_PYPI]), "requires": pipfile.get("requires", {})},
        "default": named(pipfile.get("packages", {})),
        "develop": named(pipfile.get("dev-packages", {})),
        **{name: named(said) for name, said in pipfile.items() if name not in _SECTIONS},
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _read_json(file: Path) -> Mapping[str, object]:
    text = read_utf8(file)
    try:
        data: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        if found := conflict(file, text):
            raise found from error
        line = error.lineno if isinstance(error, json.JSONDecodeError) else None
        raise refused(file, f"it is not valid JSON: {error}", line=line, hint=_LOCK_AGAIN) from error
    if not isinstance(data, dict):
        raise refused(file, "it is no object", hint=_LOCK_AGAIN)
    return data


def _requirement(
    name: str, said: object, asked: Mapping[str, object], base: Path, where: Where
) -> Requirement:
    try:
        if not isinstance(said, dict):
            raise ValueError("it is no object")  # noqa: TRY004, TRY301 - one kind of error for hostile input
        reference = _reference(said)
        is_local = reference.startswith("@ file:")
        return pinned(
            name,
            reference,
            extras=texts(said.get("extras")),
            marker=optional_text(said, "markers")
            or _marker(reference, table(asked.get(canonicalize_name(name)))),
            hashes=() if is_local else texts(said.get("hashes")),
            base=base,
            where=where,
        )
    except ValueError as error:
        raise refused(where.file, f"package {name}: {error}", line=where.line, hint=_LOCK_AGAIN) from error


def _marker(reference: str, asked: Mapping[str, object]) -> str | None:
    """The marker of the Pipfile, for what Pipenv could not lock: its lock has lost it."""
    if reference:
        return None
    stated = [f"({asked['markers']})"] if isinstance(asked.get("markers"), str) else []
    stated += [f"{name} {asked[name]}" for name in _MARKERS if isinstance(asked.get(name), str)]
    return " and ".join(stated) or None


def _reference(said: Mapping[str, object]) -> str:
    """Where a package comes from: a repository, a file, a folder, or an index."""
    subdirectory = optional_text(said, "subdirectory")
    for kind in VCS:
        if kind in said:
            return vcs_reference(kind, text(said, kind), optional_text(said, "ref"), subdirectory)
    if path := optional_text(said, "path"):
        return path_reference(path, subdirectory)
    if file := optional_text(said, "file"):
        return url_reference(file, subdirectory) if is_url(file) else path_reference(file, subdirectory)
    version = text(said, "version")
    # What Pipenv could not lock on the machine where it ran stands in the lock as the Pipfile has it.
    return "" if version == "*" else str(SpecifierSet(version))


def _indexes(lock: Mapping[str, object]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Options for the indexes, variables in their URLs filled in; and the values of those variables."""
    urls, trusted, secrets = list[str](), list[str](), set[str]()
    for said in tables(table(lock, "_meta").get("sources")):
        written = said.get("url")
        if not isinstance(written, str):
            continue
        url, values = filled(written, os.environ, takes_bare=True)
        secrets |= values
        urls.append(url)
        if said.get("verify_ssl") is False and url.startswith("https://"):
            trusted += ["--trusted-host", url.removeprefix("https://").partition("/")[0].rpartition("@")[2]]
    return (*index_options(urls, is_everything=True), *trusted), tuple(sorted(secrets))


def _lines(text: str) -> Mapping[str, int]:
    """The line on which each package stands; of one in two sections the first, which is the default one."""
    found: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), 1):
        if match := _ENTRY.match(line):
            found.setdefault(match["name"], number)
    return found
