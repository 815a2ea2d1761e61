"""Gives files of a private index the credentials that its URL was given with."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pyreq_tui.locks.model import Lock, Pin
    from pyreq_tui.locks.settings import Settings


def with_credentials(lock: Lock, settings: Settings) -> Lock:
    """``lock`` with user and password in the URLs on the servers that ``settings`` name with them.

    uv leaves them out of what it writes, and so does the cache; pip, too, sends an index's credentials to the
    server the index is on, and to no other.
    """
    known = _by_server(settings.index_urls)
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
