"""HTTP as pip would do it: its certificates, proxies and netrc; bounded retries, clear errors."""

from __future__ import annotations

import re
import ssl
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

import requests
import urllib3

from pyreq_tui import __version__
from pyreq_tui.errors import BuildError, Cancelled
from pyreq_tui.redact import redact
from pyreq_tui.wheels.connections import TrustingSession

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from pyreq_tui.locks import Network
    from pyreq_tui.processes import Cancel

ATTEMPTS = 4
"""How often a request is made before its failure counts, unless a configuration says otherwise."""
FIRST_PAUSE_SECONDS = 0.25
"""Before the second attempt; each later pause is twice as long."""
LONGEST_PAUSE_SECONDS = 10.0
"""What a server may ask for by Retry-After."""
CONNECT_TIMEOUT_SECONDS = 10.0
READ_TIMEOUT_SECONDS = 30.0
"""How long a server may say nothing."""

_PARTIAL, _NO_SUCH_RANGE, _NO_RANGES_AT_ALL = 206, 416, 501
_ANSWERS = frozenset({200, _PARTIAL, _NO_SUCH_RANGE, _NO_RANGES_AT_ALL})
_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
_Answer = TypeVar("_Answer")


class Transient(Exception):  # noqa: N818 - says what kind of failure it is
    """A failure that may pass: the connection, or the server's state."""

    def __init__(self, message: str, retry_after_seconds: float | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.retry_after_seconds = retry_after_seconds


class Web:
    """A session for ``connections`` threads. ``pause`` waits between attempts; ``cancel`` ends the trying."""

    def __init__(
        self, network: Network, *, connections: int, cancel: Cancel, pause: Callable[[float], None]
    ) -> None:
        self._cancel = cancel
        self._pause = pause
        self._attempts = ATTEMPTS if network.retries is None else network.retries + 1
        seconds = network.timeout_seconds
        self._timeouts = (seconds or CONNECT_TIMEOUT_SECONDS, seconds or READ_TIMEOUT_SECONDS)
        self._proxies = {"http": network.proxy, "https": network.proxy} if network.proxy else None
        self._session = TrustingSession(network, connections)
        self._session.headers.update(
            {"User-Agent": f"pyreq-tui/{__version__}", "Accept": "*/*", "Accept-Encoding": "identity"}
        )

    def __enter__(self) -> Web:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    def retrying(self, attempt: Callable[[], _Answer]) -> _Answer:
        """What ``attempt`` returns, tried again after each Transient. Raises BuildError when none is left."""
        pause_seconds = FIRST_PAUSE_SECONDS
        for left in reversed(range(self._attempts)):
            if self._cancel.is_set():
                raise Cancelled
            try:
                return attempt()
            except Transient as failure:
                if not left:
                    raise BuildError(
                        failure.message, hint="Try again; with --offline only what is cached is used."
                    ) from failure
                self._pause(min(failure.retry_after_seconds or pause_seconds, LONGEST_PAUSE_SECONDS))
                pause_seconds *= 2
        raise AssertionError("unreachable: the last attempt returns or raises")

    def get(self, url: str, headers: Mapping[str, str]) -> requests.Response:
        """The answer to one GET, its body not yet read: 200, 206, 416 or 501; close it.

        Raises Transient, or BuildError for what trying again would not mend.
        """
        name = describe(url)
        try:
            response = self._session.get(
                url,
                headers=dict(headers),
                stream=True,
                timeout=self._timeouts,
                proxies=self._proxies,
            )
        except requests.RequestException as error:
            raise failure(name, error) from error
        if response.status_code in _ANSWERS:
            return response
        response.close()
        status = response.status_code
        if status in _TRANSIENT:
            raise Transient(
                f"The server answered {status} for {name}.", _seconds(response.headers.get("Retry-After"))
            )
        if status in (401, 403, 407):
            raise BuildError(
                f"The server refused access to {name} ({status}).",
                hint="Give credentials in the index URL (https://user:token@host/simple), or in ~/.netrc.",
            )
        if status in (404, 410):
            raise BuildError(
                f"{name} is gone from its index ({status}).",
                hint="The release was deleted or replaced: lock again, or allow another version.",
            )
        raise BuildError(f"The server answered {status} for {name}.")


def failure(name: str, error: Exception) -> Transient | BuildError:
    """What went wrong with the transfer of ``name``: Transient, unless trying again would not mend it."""
    cause = _innermost(error)
    reason = redact(re.sub(r"^<[^>]*>: |^HTTPS?Connection\([^)]*\): ", "", str(cause)).rstrip("."))
    if isinstance(cause, ssl.SSLCertVerificationError):
        return BuildError(
            f"The certificate of the server of {name} can't be verified: {cause.verify_message.rstrip('.')}.",
            hint="Name your company's CA bundle with PIP_CERT, REQUESTS_CA_BUNDLE or pip's configuration.",
        )
    if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError):
        return Transient(f"The server of {name} did not answer in time.")
    if isinstance(error, requests.RequestException) and isinstance(error, ValueError):  # its URL is not one
        return BuildError(f"{name} can't be had: its URL is not one of http, https or file.")
    return Transient(f"The connection for {name} failed: {reason or type(cause).__name__}.")


def describe(url: str) -> str:
    """A URL fit for a message: its file's name and its host."""
    try:
        parts = urlsplit(redact(url))
    except ValueError:
        return repr(redact(url))
    host = parts.netloc.rpartition("@")[2]
    return redact(f"{parts.path.rpartition('/')[2] or parts.path} at {host}")


def _innermost(error: BaseException) -> BaseException:
    """The first cause: those around it repeat the whole URL."""
    while True:
        cause = getattr(error, "reason", None) or error.__cause__ or error.__context__
        if not isinstance(cause, BaseException):
            return error
        error = cause


def _seconds(value: str | None) -> float | None:
    """Retry-After in seconds; a date there is not worth reading."""
    try:
        return max(0.0, float(value)) if value else None
    except ValueError:
        return None
