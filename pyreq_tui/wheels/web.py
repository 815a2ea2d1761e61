"""HTTP as pip would do it: its certificates, proxies and netrc; bounded retries, clear errors."""

from __future__ import annotations

import os
import re
import ssl
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

import certifi
import requests
import urllib3
from requests.adapters import HTTPAdapter

from pyreq_tui import __version__
from pyreq_tui.errors import BuildError, Cancelled
from pyreq_tui.redact import redact

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

    from pyreq_tui.processes import Cancel

ATTEMPTS = 4
"""How often a request is made before its failure counts."""
FIRST_PAUSE_SECONDS = 0.25
"""Before the second attempt; each later pause is twice as long."""
LONGEST_PAUSE_SECONDS = 10.0
"""What a server may ask for by Retry-After."""
CONNECT_TIMEOUT_SECONDS = 10.0
READ_TIMEOUT_SECONDS = 30.0
"""How long a server may say nothing."""

_TIMEOUTS = (CONNECT_TIMEOUT_SECONDS, READ_TIMEOUT_SECONDS)
_PARTIAL, _NO_SUCH_RANGE, _NO_RANGES_AT_ALL = 206, 416, 501
_ANSWERS = frozenset({200, _PARTIAL, _NO_SUCH_RANGE, _NO_RANGES_AT_ALL})
_TRANSIENT = frozenset({408, 425, 429, 500, 502, 503, 504})
_CERTIFICATES = ("PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
_Answer = TypeVar("_Answer")


class Transient(Exception):  # noqa: N818 - says what kind of failure it is
    """A failure that may pass: the connection, or the server's state."""

    def __init__(self, message: str, retry_after_seconds: float | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.retry_after_seconds = retry_after_seconds


class Web:
    """A session for ``connections`` threads. ``pause`` waits between attempts; ``cancel`` ends the trying."""

    def __init__(self, *, connections: int, cancel: Cancel, pause: Callable[[float], None]) -> None:
        self._cancel = cancel
        self._pause = pause
        self._session = requests.Session()
        self._session.headers.update(
            {"User-Agent": f"pyreq-tui/{__version__}", "Accept": "*/*", "Accept-Encoding": "identity"}
        )
        self._session.mount("http://", HTTPAdapter(pool_connections=connections, pool_maxsize=connections))
        self._session.mount("https://", _OneContextAdapter(connections))

    def __enter__(self) -> Web:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._session.close()

    def retrying(self, attempt: Callable[[], _Answer]) -> _Answer:
        """What ``attempt`` returns, tried again after each Transient. Raises BuildError when none is left."""
        pause_seconds = FIRST_PAUSE_SECONDS
        for left in reversed(range(ATTEMPTS)):
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
                timeout=_TIMEOUTS,
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
                f"{name} is no longer there ({status}).",
                hint="The lock names a file its index has removed: lock again.",
            )
        raise BuildError(f"The server answered {status} for {name}.")


def failure(name: str, error: Exception) -> Transient | BuildError:
    """What went wrong with the transfer of ``name``: Transient, unless trying again would not mend it."""
    if isinstance(error, requests.exceptions.SSLError):
        return BuildError(
            f"The certificate of the server of {name} can't be verified: {_reason(error)}.",
            hint="Name your company's CA bundle with PIP_CERT or REQUESTS_CA_BUNDLE.",
        )
    if isinstance(error, requests.Timeout | urllib3.exceptions.TimeoutError):
        return Transient(f"The server of {name} did not answer in time.")
    if isinstance(error, requests.RequestException) and isinstance(error, ValueError):  # its URL is not one
        return BuildError(f"{name} can't be had: its URL is not one of http, https or file.")
    return Transient(f"The connection for {name} failed: {_reason(error)}.")


def describe(url: str) -> str:
    """A URL fit for a message: its file's name and its host."""
    parts = urlsplit(redact(url))
    host = parts.netloc.rpartition("@")[2]
    return redact(f"{parts.path.rpartition('/')[2] or parts.path} at {host}")


class _OneContextAdapter(HTTPAdapter):
    """Connections that share one TLS context.

    requests loads the CA bundle anew for each connection: with sixteen of them that took 0.3 s of a
    0.05 s job.
    """

    def __init__(self, connections: int) -> None:
        self._context = _tls_context()
        super().__init__(pool_connections=connections, pool_maxsize=connections)

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: object
    ) -> None:
        super().init_poolmanager(connections, maxsize, block, ssl_context=self._context, **pool_kwargs)

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: object) -> object:
        return super().proxy_manager_for(proxy, ssl_context=self._context, **proxy_kwargs)

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,  # noqa: ARG002 - always, and as the shared context says
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,  # noqa: ARG002 - in the context
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        return super().send(request, stream, timeout, verify=True, cert=None, proxies=proxies)

    def cert_verify(self, conn: object, url: str, verify: object, cert: object) -> None:
        """Leave the connection to the shared context, which requires a certificate."""


def _tls_context() -> ssl.SSLContext:
    """What pip trusts: the bundle it is given, else the system's certificates and certifi's."""
    bundle = next((path for name in _CERTIFICATES if (path := os.environ.get(name))), None)
    try:
        if bundle is None:
            context = ssl.create_default_context()
            context.load_verify_locations(certifi.where())
        elif os.path.isdir(bundle):  # noqa: PTH112 - the environment's word, kept as it stands
            context = ssl.create_default_context(capath=bundle)
        else:
            context = ssl.create_default_context(cafile=bundle)
        if client := os.environ.get("PIP_CLIENT_CERT"):
            context.load_cert_chain(client)
    except (OSError, ssl.SSLError) as error:
        named = ", ".join(name for name in (*_CERTIFICATES, "PIP_CLIENT_CERT") if os.environ.get(name))
        raise BuildError(
            f"The certificates named by {named or 'the system'} can't be read: {error}.",
            hint="Point it at a file of PEM certificates, or unset it.",
        ) from error
    return context


def _reason(error: BaseException) -> str:
    """The innermost cause, short: the outer ones repeat the whole URL."""
    inner = error
    while True:
        cause = getattr(inner, "reason", None) or inner.__cause__ or inner.__context__
        if not isinstance(cause, BaseException):
            break
        inner = cause
    text = re.sub(r"^<[^>]*>: |^HTTPS?Connection\([^)]*\): ", "", str(inner))
    return redact(text.rstrip(".")) or type(inner).__name__


def _seconds(value: str | None) -> float | None:
    """Retry-After in seconds; a date there is not worth reading."""
    try:
        return max(0.0, float(value)) if value else None
    except ValueError:
        return None
