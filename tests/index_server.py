"""A package index on the loopback interface, with the bad habits that real ones have."""

from __future__ import annotations

import base64
import hashlib
import html
import re
import ssl
import threading
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import TracebackType

_PROJECT_FILE = re.compile(r"(?P<name>.+?)-\d.*\.(?:whl|tar\.gz|zip)")


@dataclass(frozen=True)
class Served:
    """One request that was answered."""

    method: str
    path: str
    range: str | None
    status: int
    bytes_sent: int


@dataclass
class IndexServer:
    """Serves the files of ``folder``: PEP 503 pages under ``/simple/``, the files under ``/files/``.

    Use it as a context manager. The switches can be changed while it runs; what was asked is in ``served``.
    """

    folder: Path
    ranges: bool = True
    """Whether Range is heeded; else files come whole, with 200."""
    suffix_ranges: bool = True
    """Whether ``bytes=-N`` is understood; else it is answered with 501."""
    head: bool = True
    """Whether HEAD is answered; else with 405."""
    states_total: bool = True
    """Whether Content-Range names the size of the whole file; else ``*``."""
    hashes: bool = True
    """Whether the pages state sha256 fragments."""
    etags: bool = True
    fail_first: int = 0
    """How many requests for files are answered with ``fail_status`` before it serves."""
    fail_status: int = 500
    fail_headers: dict[str, str] = field(default_factory=dict)
    corrupt: bool = False
    """Whether one byte in the middle of every file is changed."""
    cut_first: int = 0
    """How many answers of files break off midway, the connection closed."""
    credentials: tuple[str, str] | None = None
    """User and password it insists on."""
    redirects: bool = False
    """Whether ``/files/`` redirects to ``/moved/``."""
    gzip_header: bool = False
    """Whether it sends files compressed although nobody asked."""
    hang: threading.Event | None = None
    """Answers of files stop midway until this is set."""
    hanging: threading.Event = field(default_factory=threading.Event)
    """Set as soon as one answer hangs."""
    certificate: Path | None = None
    """A PEM file with certificate and key: it then speaks https."""
    after_first: Callable[[], None] | None = None
    """Called once, before the first answer of a file is sent."""
    served: list[Served] = field(default_factory=list)
    connections: int = 0
    """How many were opened."""

    def __enter__(self) -> IndexServer:
        server = self

        class Handler(_Handler):
            index = server

        self._lock = threading.Lock()
        self._http = _Http(("127.0.0.1", 0), Handler)
        if self.certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(self.certificate)
            self._http.socket = context.wrap_socket(
                self._http.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.hang is not None:
            self.hang.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """The index URL, to be given to ``--index-url``; holds the credentials where there are some."""
        return f"{self._root(with_credentials=True)}/simple/"

    @property
    def bytes_sent(self) -> int:
        """Bodies of files, of all answers so far."""
        return sum(one.bytes_sent for one in self.served)

    @property
    def requests(self) -> int:
        """How many requests for files were answered."""
        return len(self.served)

    def file_url(self, filename: str, *, with_credentials: bool = True) -> str:
        """Where a file of the folder is served."""
        return f"{self._root(with_credentials=with_credentials)}/files/{quote(filename)}"

    def note(self, one: Served) -> None:
        """Remember an answer."""
        with self._lock:
            self.served.append(one)

    def connected(self) -> None:
        """Count a connection."""
        with self._lock:
            self.connections += 1

    def finish_first(self) -> None:
        """Call ``after_first`` the first time."""
        with self._lock:
            call, self.after_first = self.after_first, None
        if call is not None:
            call()

    def takes_one(self, switch: str) -> bool:
        """Count one of ``fail_first`` or ``cut_first`` down; whether there was one left."""
        with self._lock:
            left: int = getattr(self, switch)
            setattr(self, switch, max(0, left - 1))
            return left > 0

    def projects(self) -> dict[str, list[Path]]:
        """Files by normalised project name."""
        found: dict[str, list[Path]] = {}
        for path in sorted(self.folder.iterdir()):
            if match := _PROJECT_FILE.fullmatch(path.name):
                found.setdefault(re.sub(r"[-_.]+", "-", match["name"]).lower(), []).append(path)
        return found

    def _root(self, *, with_credentials: bool) -> str:
        user = ""
        if self.credentials and with_credentials:
            user = ":".join(quote(part, safe="") for part in self.credentials) + "@"
        scheme = "https" if self.certificate else "http"
        return f"{scheme}://{user}127.0.0.1:{self._http.server_address[1]}"


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a connection kept alive would hold the end of a test

    def handle_error(self, request: object, client_address: object) -> None:
        """Leave out the traceback: clients that hang up are part of the tests."""


class _Handler(BaseHTTPRequestHandler):
    index: IndexServer
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1

    def setup(self) -> None:
        super().setup()
        self.index.connected()

    def do_HEAD(self) -> None:
        if self.index.head:
            self._answer(with_body=False)
        else:
            self._say(HTTPStatus.METHOD_NOT_ALLOWED)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Say nothing."""

    def _answer(self, *, with_body: bool) -> None:
        path = unquote(urlsplit(self.path).path)
        if not self._is_welcome():
            self._say(HTTPStatus.UNAUTHORIZED, {"WWW-Authenticate": 'Basic realm="index"'})
        elif path.startswith("/simple/"):
            self._page(path.removeprefix("/simple/").strip("/"))
        elif path.startswith(("/files/", "/moved/")):
            self._file(path, with_body=with_body)
        else:
            self._say(HTTPStatus.NOT_FOUND)

    def _is_welcome(self) -> bool:
        if self.index.credentials is None:
            return True
        expected = base64.b64encode(":".join(self.index.credentials).encode()).decode()
        return self.headers.get("Authorization") == f"Basic {expected}"

    def _page(self, project: str) -> None:
        projects = self.index.projects()
        if project and project not in projects:
            self._say(HTTPStatus.NOT_FOUND)
            return
        links = [f'<a href="/simple/{name}/">{name}</a>' for name in projects]
        if project:
            links = []
            for path in projects[project]:
                digest = hashlib.sha256(path.read_bytes()).hexdigest()
                fragment = f"#sha256={digest}" if self.index.hashes else ""
                links.append(f'<a href="/files/{quote(path.name)}{fragment}">{html.escape(path.name)}</a>')
        page = f"<!DOCTYPE html><html><body>{'<br>'.join(links)}</body></html>".encode()
        self._say(HTTPStatus.OK, {"Content-Type": "text/html"}, page)

    def _file(self, path: str, *, with_body: bool) -> None:
        file = self.index.folder / path.split("/", 2)[2]
        if self.index.takes_one("fail_first"):
            self._note(self.index.fail_status, 0)
            self._say(HTTPStatus(self.index.fail_status), self.index.fail_headers)
        elif not file.is_file():
            self._note(404, 0)
            self._say(HTTPStatus.NOT_FOUND)
        elif self.index.redirects and path.startswith("/files/"):
            self._say(HTTPStatus.FOUND, {"Location": self.path.replace("/files/", "/moved/", 1)})
        else:
            self._bytes(file, with_body=with_body)

    def _bytes(self, file: Path, *, with_body: bool) -> None:
        data = file.read_bytes()
        if self.index.corrupt:
            middle = len(data) // 2
            data = data[:middle] + bytes([data[middle] ^ 0xFF]) + data[middle + 1 :]
        headers = {"Content-Type": "application/octet-stream"}
        etag = f'"{hashlib.sha256(data).hexdigest()[:16]}"'
        if self.index.etags:
            headers["ETag"] = etag
        asked = self.headers.get("Range")
        if asked and asked.startswith("bytes=-") and not self.index.suffix_ranges:
            self._note(501, 0)
            self._say(HTTPStatus.NOT_IMPLEMENTED)
            return
        status = HTTPStatus.OK
        if asked and self.index.ranges and self.headers.get("If-Range", etag) == etag:
            span = _span(asked, len(data))
            if span is None:
                self._note(416, 0)
                self._say(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
                return
            first, last = span
            total = len(data) if self.index.states_total else "*"
            headers["Content-Range"] = f"bytes {first}-{last}/{total}"
            data = data[first : last + 1]
            status = HTTPStatus.PARTIAL_CONTENT
        if self.index.gzip_header:
            import gzip

            headers["Content-Encoding"] = "gzip"
            data = gzip.compress(data)
        self._note(status, len(data) if with_body else 0)
        self._say(status, headers, data, with_body=with_body, is_file=True)

    def _say(
        self,
        status: HTTPStatus,
        headers: dict[str, str] | None = None,
        body: bytes = b"",
        *,
        with_body: bool = True,
        is_file: bool = False,
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if not with_body:
            return
        half = len(body) // 2
        if is_file and self.index.takes_one("cut_first"):
            self.wfile.write(body[:half])
            self.wfile.flush()
            self.close_connection = True
            return
        if is_file and self.index.hang is not None:
            self.wfile.write(body[:half])
            self.wfile.flush()
            self.index.hanging.set()
            self.index.hang.wait()
            body = body[half:]
        if is_file:
            self.index.finish_first()
        self.wfile.write(body)

    def _note(self, status: int, bytes_sent: int) -> None:
        self.index.note(Served(self.command, self.path, self.headers.get("Range"), int(status), bytes_sent))


def _span(asked: str, size: int) -> tuple[int, int] | None:
    """First and last byte of a single range; ``None`` where there are no such bytes."""
    first, _, last = asked.removeprefix("bytes=").partition("-")
    if not first:
        span = max(0, size - int(last)), size - 1
    else:
        span = int(first), min(int(last), size - 1) if last else size - 1
    return span if 0 <= span[0] <= span[1] else None
