"""One requirement: a name with versions (PEP 508), a URL, or a path."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, unquote, urlsplit

from packaging.markers import InvalidMarker
from packaging.requirements import InvalidRequirement
from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)

from pyreq_tui.errors import PyreqError
from pyreq_tui.sources.arguments import BadArguments
from pyreq_tui.sources.model import Requirement
from pyreq_tui.sources.pyproject import project_name
from pyreq_tui.sources.specification import parse_marker, parse_specification

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyreq_tui.errors import Where

VCS = ("git", "hg", "svn", "bzr")
_SCHEME = re.compile(rf"(?:https?|file|ftp|(?:{'|'.join(VCS)})(?:\+[a-z+]+)?):", re.IGNORECASE)
_ARCHIVES = (".whl", ".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tbz", ".tar.xz", ".txz")
_EXTRAS = re.compile(r"^(?P<base>.+?)\s*\[(?P<extras>[^\]]*)\]$")
_EGG = re.compile(r"^(?P<name>[A-Za-z0-9][\w.-]*)(?:\[(?P<extras>[^\]]*)\])?$")


@dataclass(frozen=True)
class _Reading:
    """What the text of a requirement says."""

    text: str
    name: str | None
    extras: tuple[str, ...]
    marker: str | None = None
    url: str | None = None
    path: Path | None = None


def parse_requirement(
    text: str,
    *,
    bases: Sequence[Path],
    where: Where,
    is_editable: bool = False,
    hashes: Sequence[str] = (),
    config_settings: Sequence[str] = (),
) -> Requirement:
    """Read one requirement as pip does; a relative path is looked for in ``bases``, in order.

    Raises BadArguments for what is none.
    """
    read = _unnamed(text, bases, is_editable=is_editable) or _specified(text, bases)
    return Requirement(
        text=read.text,
        name=read.name,
        extras=read.extras,
        hashes=tuple(hashes),
        path=read.path,
        is_editable=is_editable,
        where=where,
        marker=read.marker,
        url=read.url,
        config_settings=tuple(config_settings),
    )


def is_url(text: str) -> bool:
    """Whether a requirement, or the file an option names, is a URL rather than a name or a path."""
    return _SCHEME.match(text) is not None


def file_path(url: str) -> Path | None:
    """The path a ``file:`` URL stands for; ``None`` for any other URL, or a file on another host."""
    parts = urlsplit(url)
    if parts.scheme.lower() != "file" or parts.netloc not in ("", "localhost"):
        return None
    # Here, for urllib.request brings http.client and email along, which most runs can do without.
    from urllib.request import url2pathname

    return Path(url2pathname(parts.path))


def _specified(text: str, bases: Sequence[Path]) -> _Reading:
    """A named requirement: ``boto3[crt]~=1.2; marker`` or ``name @ URL``."""
    try:
        specification = parse_specification(text)
    except InvalidRequirement as error:
        raise _explained(text, error) from error
    url = specification.url
    try:
        path = _local(url, bases) if url else None
    except BadArguments:
        path = None  # a name with a file that is not here may be one that never ships (noDeploy)
    return _Reading(
        text,
        canonicalize_name(specification.name),
        tuple(sorted(canonicalize_name(extra) for extra in specification.extras)),
        str(specification.marker) if specification.marker else None,
        _as_url(path, url) if url and path else url,
        path,
    )


def _unnamed(text: str, bases: Sequence[Path], *, is_editable: bool) -> _Reading | None:
    """A URL or path without a name before it; ``None`` where the text is neither."""
    # In a URL a semicolon can be part of it, so there the marker needs a blank.
    target, _, marker = text.partition("; " if is_url(text) else ";")
    target = target.strip()
    match = _EXTRAS.match(target)
    base, extras = (match["base"], _extras(match["extras"])) if match else (target, ())
    if is_url(target):
        path = _local(base, bases)
        egg, egg_extras = _egg(target)
        name = egg or _name_of_file(unquote(urlsplit(base).path.rsplit("/", 1)[-1]))
        extras = extras or egg_extras
        url = _as_url(path, base) if path else base
    elif is_editable or _looks_like_path(base, bases):
        path = _found(base, bases)
        name, url = _name_of_file(path.name), path.as_uri()
    else:
        return None
    marker = marker.strip()
    if marker:
        try:
            parse_marker(marker)
        except InvalidMarker as error:
            raise BadArguments(f"its marker can't be read: {_first_line(error)}", marker) from error
    return _Reading(text, name or _name_of_folder(path), extras, marker or None, url, path)


def _looks_like_path(text: str, bases: Sequence[Path]) -> bool:
    if " @ " in text or re.match(r"[\w.-]+(\[[^\]]*\])?\s*@", text):
        return False
    has_separator = "/" in text or "\\" in text or text.startswith(".")
    is_archive = text.lower().endswith(_ARCHIVES) and not re.search(r"[<>=!~]", text)
    return has_separator or (is_archive and any((base / text).is_file() for base in bases))


def _local(url: str, bases: Sequence[Path]) -> Path | None:
    """The file or folder a URL stands for; ``None`` for one on the network. ``file:x`` is relative."""
    if not url.lower().startswith("file:"):
        return None
    bare = url.partition("#")[0]
    path = file_path(bare)
    if path is None:
        raise BadArguments("a file: URL names a file on this machine", url)
    return _found(str(path) if path.is_absolute() else unquote(bare[len("file:") :]), bases)


def _as_url(path: Path, url: str) -> str:
    """The absolute form of a ``file:`` URL, its fragment (``#subdirectory=``) kept."""
    _, separator, fragment = url.partition("#")
    return path.as_uri() + separator + fragment


def _found(text: str, bases: Sequence[Path]) -> Path:
    path = Path(text)
    candidates = [base / path for base in bases]
    found = next((candidate for candidate in candidates if candidate.exists()), None)
    if found is None:
        looked = " or ".join(dict.fromkeys(str(candidate) for candidate in candidates))
        raise BadArguments(f"there is no such file or folder; looked at {looked}", text)
    found = found.resolve()
    if found.is_dir() and not any((found / name).is_file() for name in ("pyproject.toml", "setup.py")):
        raise BadArguments("the folder can't be installed: it has neither pyproject.toml nor setup.py", text)
    return found


def _extras(text: str) -> tuple[str, ...]:
    return tuple(sorted(canonicalize_name(extra.strip()) for extra in text.split(",") if extra.strip()))


def _egg(url: str) -> tuple[str | None, tuple[str, ...]]:
    """Name and extras from ``#egg=name[extra]``."""
    eggs = parse_qs(urlsplit(url).fragment).get("egg", [])
    match = _EGG.match(eggs[0].strip()) if eggs else None
    return (canonicalize_name(match["name"]), _extras(match["extras"] or "")) if match else (None, ())


def _name_of_file(filename: str) -> str | None:
    try:
        if filename.endswith(".whl"):
            return parse_wheel_filename(filename)[0]
        return parse_sdist_filename(filename)[0]
    except (InvalidWheelFilename, InvalidSdistFilename):
        return None


def _name_of_folder(path: Path | None) -> str | None:
    """``project.name`` of a local project, where its pyproject.toml says so outright."""
    if path is None or not path.is_dir():
        return None
    try:
        return project_name(path / "pyproject.toml")
    except PyreqError:
        return None  # the tool that builds it will say what is wrong with it


def _explained(text: str, error: InvalidRequirement) -> BadArguments:
    """What is wrong with a specification, with the way it was probably meant."""
    message = _first_line(error)
    cause = error.__cause__
    span = getattr(cause, "span", None)
    culprit = text[span[0] :] if isinstance(span, tuple) else ""
    if "=>" in text or "=<" in text:
        message = "the operator is written >= or <="
    elif re.search(r"(?<![<>=!~])=(?!=)", text.partition(";")[0]) and "==" not in text and "@" not in text:
        message = "a single = is not an operator; write == for an exact version"
    return BadArguments(message, culprit)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0].strip().rstrip(".")
