"""The indexes that packages of a poetry.lock come from, with the credentials that Poetry has for them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from platformdirs import user_config_path

from pyreq_tui.errors import PyreqError
from pyreq_tui.sources.pyproject import read_toml, table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def poetry_indexes(
    packages: Sequence[Mapping[str, object]], environment: Mapping[str, str]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """URLs, an empty text for the usual index; and passwords that are in them.

    Credentials are where Poetry looks for them: in ``POETRY_HTTP_BASIC_NAME_USERNAME`` and ``…_PASSWORD``,
    then in auth.toml (https://python-poetry.org/docs/repositories/#configuring-credentials). A keyring is not
    asked.
    """
    urls: dict[str, None] = {}
    secrets: set[str] = set()
    for package in packages:
        source = table(package, "source")
        url, name = source.get("url"), source.get("reference")
        if not source:
            urls[""] = None
        if source.get("type") != "legacy" or not isinstance(url, str):
            continue
        parts = urlsplit(url)
        login = None if "@" in parts.netloc else _login(str(name), environment)
        if login is not None:
            user, password = (quote(part, safe="") for part in login)
            url = parts._replace(netloc=f"{user}:{password}@{parts.netloc}").geturl()
            secrets |= {value for value in (login[1], password) if value}
        urls[url] = None
    return tuple(urls), tuple(sorted(secrets))


def _login(name: str, environment: Mapping[str, str]) -> tuple[str, str] | None:
    """User and password for the index called ``name``."""
    variable = f"POETRY_HTTP_BASIC_{re.sub(r'[^A-Za-z0-9]', '_', name).upper()}"
    if user := environment.get(f"{variable}_USERNAME"):
        return user, environment.get(f"{variable}_PASSWORD", "")
    named = environment.get("POETRY_CONFIG_DIR")
    folder = Path(named) if named else user_config_path("pypoetry", appauthor=False, roaming=True)
    try:
        kept = table(read_toml(folder / "auth.toml"), "http-basic", name)
    except PyreqError:
        return None  # there is none, or Poetry could not read it either
    match kept:
        case {"username": str(user), "password": str(password)}:
            return user, password
    return None
