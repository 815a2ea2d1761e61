"""Connections quick to open by the dozen: one name look-up and one reading of the certificates for all."""

from __future__ import annotations

import os
import socket
import ssl
import threading
import time
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import certifi
import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection

from pyreq_tui.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from requests.adapters import BaseAdapter

    from pyreq_tui.locks import Network

ADDRESS_SECONDS = 30.0
"""How long an address is used again without asking."""

_CERTIFICATES = ("PIP_CERT", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")


class SharingAdapter(HTTPAdapter):
    """An adapter for ``connections`` threads, for http and https alike.

    requests reads the CA bundle anew for each connection: with sixteen of them that was 0.25 s of 0.29. And
    glibc asks for the address each time; where a resolver loses one packet in fifty, as in many a
    container, one of sixteen look-ups often waits its five seconds.
    """

    def __init__(self, network: Network, connections: int, *, verifies: bool = True) -> None:
        bundle = network.cert or _first_variable(*_CERTIFICATES)
        self._verifies = verifies
        client = network.client_cert or _first_variable("PIP_CLIENT_CERT", "SSL_CLIENT_CERT")
        self._context = _tls_context(bundle, client) if verifies else _trusting_context(client)
        super().__init__(pool_connections=connections, pool_maxsize=connections)

    def init_poolmanager(
        self, connections: int, maxsize: int, block: bool = False, **pool_kwargs: object
    ) -> None:
        super().init_poolmanager(connections, maxsize, block, ssl_context=self._context, **pool_kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: object) -> object:
        return super().proxy_manager_for(proxy, ssl_context=self._context, **proxy_kwargs)

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float, float] | tuple[float, None] | None = None,
        verify: bool | str = True,  # noqa: ARG002 - as the shared context does
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,  # noqa: ARG002 - in the context
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        return super().send(request, stream, timeout, verify=self._verifies, cert=None, proxies=proxies)

    def cert_verify(self, conn: object, url: str, verify: object, cert: object) -> None:
        """Leave the connection to the shared context, which requires a certificate."""


def _first_variable(*names: str) -> str | None:
    return next((value for name in names if (value := os.environ.get(name))), None)


class TrustingSession(requests.Session):
    """A session that does not look at the certificates of the hosts which are to be trusted without."""

    def __init__(self, network: Network, connections: int) -> None:
        super().__init__()
        self._trusted = frozenset(host.lower() for host in network.trusted_hosts)
        self.mount("http://", SharingAdapter(network, connections))
        self.mount("https://", SharingAdapter(network, connections))
        self._unverified = SharingAdapter(network, connections, verifies=False) if self._trusted else None
        if self._trusted:  # it is what the user asked for
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)

    def get_adapter(self, url: str | bytes) -> BaseAdapter:
        """The adapter for ``url``, by its host and port."""
        url = url if isinstance(url, str) else url.decode("ascii", "replace")
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        if self._unverified is not None and {host, f"{host}:{parts.port}"} & self._trusted:
            return self._unverified
        return super().get_adapter(url)


class _Addresses:
    """One address a host, looked up once for all who wait for it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._known: dict[tuple[str, int], tuple[float, str]] = {}

    def find(self, host: str, port: int) -> str | None:
        """An address of ``host``; ``None`` where the look-up fails."""
        with self._lock:
            found_at, address = self._known.get((host, port), (float("-inf"), ""))
            if time.monotonic() - found_at < ADDRESS_SECONDS:
                return address
            try:
                found = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)
            except (OSError, UnicodeError):
                return None
            address = str(found[0][4][0])
            self._known[host, port] = time.monotonic(), address
            return address

    def forget(self, host: str, port: int) -> None:
        """Ask again next time."""
        with self._lock:
            self._known.pop((host, port), None)


_addresses = _Addresses()


class _RememberingConnection(HTTPConnection):
    """Opens its socket to the address known for its host, and to any other where that one does not answer."""

    def _new_conn(self) -> socket.socket:
        host = self._dns_host
        address = _addresses.find(host, self.port)
        if address is not None:
            self._dns_host = address
            try:
                return super()._new_conn()
            except urllib3.exceptions.HTTPError:
                _addresses.forget(host, self.port)
            finally:
                self._dns_host = host  # the host again, for TLS to check the certificate against
        return super()._new_conn()


class _RememberingTlsConnection(_RememberingConnection, HTTPSConnection):
    """The same, with TLS."""


class _Pool(urllib3.HTTPConnectionPool):
    ConnectionCls = _RememberingConnection


class _TlsPool(urllib3.HTTPSConnectionPool):
    ConnectionCls = _RememberingTlsConnection


@cache
def _tls_context(bundle: str | None, client: str | None) -> ssl.SSLContext:
    """What pip trusts: the bundle it is given, else the system's certificates and certifi's."""
    try:
        if bundle is None:
            context = ssl.create_default_context()
            context.load_verify_locations(certifi.where())
        elif os.path.isdir(bundle):  # noqa: PTH112 - the environment's word, kept as it stands
            context = ssl.create_default_context(capath=bundle)
        else:
            context = ssl.create_default_context(cafile=bundle)
        if client:
            context.load_cert_chain(client)
    except (OSError, ssl.SSLError) as error:
        files = " or ".join(filter(None, (bundle, client))) or certifi.where()
        raise BuildError(
            f"{files} can't be read as certificates: {error}.",
            hint=f"Correct or unset {', '.join(_CERTIFICATES)}, PIP_CLIENT_CERT.",
        ) from error
    return context


def _trusting_context(client: str | None) -> ssl.SSLContext:
    """What takes any certificate, as pip does of a trusted host."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    if client:
        context.load_cert_chain(client)
    return context
