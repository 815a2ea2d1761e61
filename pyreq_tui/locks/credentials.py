"""Gives files of a private index the credentials that its URL was given with."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from pyreq_tui.errors import BuildError
from pyreq_tui.processes import run

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pyreq_tui.locks.model import Lock, Pin
    from pyreq_tui.locks.settings import Settings
    from pyreq_tui.processes import Cancel


def with_credentials(lock: Lock, settings: Settings, *, cancel: Cancel) -> Lock:
    """``lock`` with user and password in the URLs on the servers that ``settings`` name with them.

    uv leaves them out of what it writes, and so does the cache; pip, too, sends an index's credentials to the
    server the index is on, and to no other. Where pip or uv would ask the ``keyring`` command for a user's
    password, so does this. Raises Cancelled.
    """
    known = _by_server(settings.index_urls)
    if settings.keyring_provider in ("subprocess", "import"):
        known = {
            server: user if ":" in user else _from_keyring(server, user, cancel)
            for server, user in known.items()
        }
    return replace(lock, pins=tuple(_pin(pin, known) for pin in lock.pins)) if known else lock


def _by_server(urls: Iterable[str]) -> dict[tuple[str, str], str]:
    """User and password as they stand in the URL, by scheme and server; the first named counts."""
    found: dict[tuple[str, str], str] = {}
    for url in urls:
        parts = urlsplit(url)
        user, at, server = parts.netloc.rpartition("@")
        if at and parts.scheme in ("http", "https"):
            found.setdefault((parts.scheme, server), user)
    return found


def _from_keyring(server: tuple[str, str], user: str, cancel: Cancel) -> str:
    """The user with the password that ``keyring`` has for the server, if it has one; asked once a process."""
    scheme, host = server
    if (server, user) not in _passwords:
        password = ""
        for service in (f"{scheme}://{host}", host):
            with suppress(BuildError):  # no such command, or no such password: then the server will say
                password = password or run(["keyring", "get", service, unquote(user)], cancel=cancel).strip()
        _passwords[server, user] = password
    password = _passwords[server, user]
    return f"{user}:{quote(password, safe='')}" if password else user


_passwords: dict[tuple[tuple[str, str], str], str] = {}


def _pin(pin: Pin, known: Mapping[tuple[str, str], str]) -> Pin:
    if pin.wheel is not None:
        return replace(pin, wheel=replace(pin.wheel, url=_url(pin.wheel.url, known)))
    if pin.unbuilt is not None and pin.unbuilt.kind == "sdist":
        return replace(pin, unbuilt=replace(pin.unbuilt, url=_url(pin.unbuilt.url, known)))
    return pin


def _url(url: str, known: Mapping[tuple[str, str], str]) -> str:
    parts = urlsplit(url)
    user = known.get((parts.scheme, parts.netloc))
    return urlunsplit(parts._replace(netloc=f"{user}@{parts.netloc}")) if user else url
