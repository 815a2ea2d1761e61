"""How the servers of packages are reached: the same for pip, for uv and for pyreq-tui's own reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyreq_tui.locks.settings import Settings

MOST_RETRIES = 10
"""However many a configuration asks for."""


@dataclass(frozen=True)
class Network:
    """Certificates, proxy and patience. ``None``: as the environment says, or the usual."""

    cert: str | None = None
    """A CA bundle, or a folder of certificates."""
    client_cert: str | None = None
    proxy: str | None = None
    """May hold a password: redact before showing."""
    trusted_hosts: tuple[str, ...] = ()
    """``host`` or ``host:port``, whose certificates are not looked at."""
    timeout_seconds: float | None = None
    retries: int | None = None


USUAL = Network()
"""Where nothing is configured."""


def network_of(each: Iterable[Settings]) -> Network:
    """What several modules' settings say of the network: of each the first that says anything."""
    settings = list(each)
    return Network(
        cert=_first(one.cert for one in settings),
        client_cert=_first(one.client_cert for one in settings),
        proxy=_first(one.proxy for one in settings),
        trusted_hosts=tuple(dict.fromkeys(host for one in settings for host in one.trusted_hosts)),
        timeout_seconds=_number(_first(one.timeout_seconds for one in settings)),
        retries=_whole(_number(_first(one.retries for one in settings))),
    )


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value), None)


def _number(text: str | None) -> float | None:
    """What pip would take for a number; its own complaint about anything else is as good as ours."""
    try:
        number = float(text or "")
    except ValueError:
        return None
    return number if 0 < number < float("inf") else None


def _whole(number: float | None) -> int | None:
    return None if number is None else min(int(number), MOST_RETRIES)
