"""Indexes that uv would read from its configuration, for what pyreq-tui itself reads from them.

uv resolves with its own configuration, but writes URLs without credentials, and does not hand a project's
indexes to the build of somebody else's sdist (https://docs.astral.sh/uv/concepts/indexes/).
"""

from __future__ import annotations

import os
import re
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_NAMED = re.compile(r"(?P<name>[\w.-]+)=(?P<url>[a-z][\w+.-]*://.*)", re.IGNORECASE | re.DOTALL)


class Index(NamedTuple):
    """One index; its URL holds the credentials that the environment gives it."""

    name: str | None
    url: str
    is_default: bool

    def __str__(self) -> str:
        return f"{self.name}={self.url}" if self.name else self.url


def uv_indexes(folder: Path, environment: Mapping[str, str] | None = None) -> tuple[Index, ...]:
    """The indexes named by variables, by the project of ``folder``, by the user and by the system.

    A file that can't be read is passed over: uv, which resolves with it, says what is wrong.
    """
    environment = os.environ if environment is None else environment
    found = [*_from_variables(environment)]
    for settings in (_project(folder), *map(_toml, _files(environment))):
        found += _from_settings(settings)
    return tuple(_with_credentials(index, environment) for index in found)


def uv_trusted_hosts(folder: Path, environment: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The hosts whose certificates uv does not look at (``allow-insecure-host``)."""
    environment = os.environ if environment is None else environment
    found = environment.get("UV_INSECURE_HOST", "").split()
    for settings in (_project(folder), *map(_toml, _files(environment))):
        hosts = settings.get("allow-insecure-host")
        found += [host for host in hosts if isinstance(host, str)] if isinstance(hosts, list) else []
    return tuple(dict.fromkeys(found))


def _from_variables(environment: Mapping[str, str]) -> Iterator[Index]:
    for variable, is_default in (
        ("UV_DEFAULT_INDEX", True),
        ("UV_INDEX_URL", True),
        ("UV_INDEX", False),
        ("UV_EXTRA_INDEX_URL", False),
    ):
        for text in environment.get(variable, "").split():
            named = _NAMED.fullmatch(text)
            yield Index(named["name"] if named else None, named["url"] if named else text, is_default)


def _project(folder: Path) -> Mapping[str, object]:
    """The nearest uv.toml, or ``[tool.uv]`` of the nearest pyproject.toml that has one."""
    for place in (folder, *folder.parents):
        if (place / "uv.toml").is_file():
            return _toml(place / "uv.toml")
        tool = _toml(place / "pyproject.toml").get("tool")
        settings = tool.get("uv") if isinstance(tool, dict) else None
        if isinstance(settings, dict):
            return settings
    return {}


def _files(environment: Mapping[str, str]) -> Iterator[Path]:
    """The user's and the system's files, strongest first."""
    if named := environment.get("UV_CONFIG_FILE"):
        yield Path(named)
        return
    home = Path(environment.get("HOME") or Path.home())
    if sys.platform == "win32":
        yield Path(environment.get("APPDATA", home), "uv", "uv.toml")
        yield Path(environment.get("PROGRAMDATA", "C:/ProgramData"), "uv", "uv.toml")
        return
    yield Path(environment.get("XDG_CONFIG_HOME") or home / ".config", "uv", "uv.toml")
    for folder in environment.get("XDG_CONFIG_DIRS", "/etc/xdg").split(":"):
        yield Path(folder, "uv", "uv.toml")
    yield Path("/etc/uv/uv.toml")


def _toml(file: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}


def _from_settings(settings: Mapping[str, object]) -> Iterator[Index]:
    pip = settings.get("pip")
    for table in (settings, pip if isinstance(pip, dict) else {}):
        listed = table.get("index")
        for item in listed if isinstance(listed, list) else []:
            if isinstance(item, dict) and isinstance(item.get("url"), str):
                name = item.get("name")
                is_default = item.get("default") is True
                yield Index(name if isinstance(name, str) else None, item["url"], is_default)
        if isinstance(url := table.get("index-url"), str):
            yield Index(None, url, is_default=True)
        extra = table.get("extra-index-url")
        for url in extra if isinstance(extra, list) else []:
            if isinstance(url, str):
                yield Index(None, url, is_default=False)


def _with_credentials(index: Index, environment: Mapping[str, str]) -> Index:
    """The index with ``UV_INDEX_<NAME>_USERNAME`` and ``…_PASSWORD``, which count before its URL's own."""
    if index.name is None:
        return index
    prefix = f"UV_INDEX_{re.sub(r'[^A-Z0-9]', '_', index.name.upper())}_"
    user, password = environment.get(f"{prefix}USERNAME", ""), environment.get(f"{prefix}PASSWORD", "")
    if not user and not password:
        return index
    parts = urlsplit(index.url)
    server = parts.netloc.rpartition("@")[2]
    credentials = f"{quote(user, safe='')}:{quote(password, safe='')}"
    return index._replace(url=urlunsplit(parts._replace(netloc=f"{credentials}@{server}")))
