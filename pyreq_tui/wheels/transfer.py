"""Brings one file to the disk, whole and verified; a broken download is taken up where it broke."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

import urllib3

from pyreq_tui.errors import BuildError, Cancelled
from pyreq_tui.redact import redact
from pyreq_tui.wheels.local import local_path
from pyreq_tui.wheels.web import Transient, describe, failure

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    import requests

    from pyreq_tui.processes import Cancel
    from pyreq_tui.wheels.web import Web

CHUNK_BYTES = 128 * 1024
"""How much is written, hashed and reported at a time; a cancel is seen between two of them."""

_RANGE_START = re.compile(r"bytes (\d+)-")
_OK, _PARTIAL = 200, 206


@dataclass(frozen=True)
class Wanted:
    """A file to be had, and what it must turn out to be."""

    filename: str
    url: str
    """``https://…`` or ``file://…``."""
    sha256: str | None
    size_bytes: int | None


def transfer(
    wanted: Wanted,
    path: Path,
    *,
    web: Web,
    stop: Cancel,
    advance: Callable[[int], None],
    begun: requests.Response | None = None,
) -> int:
    """Write ``wanted`` to ``path``; return the bytes that came over the network.

    ``advance`` is told how many bytes are there. ``begun`` is an answer that has the whole file as its body.

    Raises BuildError where it can't be had or is not what it must be, OSError where it can't be written,
    and Cancelled.
    """
    source = local_path(wanted.url)
    with path.open("wb") as file:
        arrival = _Arrival(wanted, file, stop, advance)
        if source is None:
            waiting = [begun] if begun is not None else []
            web.retrying(lambda: arrival.receive(waiting.pop() if waiting else None, web))
        else:
            arrival.copy(source)
    arrival.verify()
    return 0 if source else arrival.bytes_fetched


class _Arrival:
    """What has arrived of a file, and its hash so far."""

    def __init__(self, wanted: Wanted, file: IO[bytes], stop: Cancel, advance: Callable[[int], None]) -> None:
        self._wanted = wanted
        self._file = file
        self._stop = stop
        self._advance = advance
        self._etag: str | None = None
        self._start_over()
        self.bytes_fetched = 0

    def receive(self, response: requests.Response | None, web: Web) -> None:
        """One attempt at what is still missing. Raises Transient where another may get on."""
        url = self._wanted.url
        headers = {}
        if self._bytes:
            headers["Range"] = f"bytes={self._bytes}-"
            if self._etag:
                headers["If-Range"] = self._etag
        with web.get(url, headers) if response is None else response as answer:
            encoding = answer.headers.get("Content-Encoding", "identity")
            if not self._continues(answer):
                self._start_over()
                if answer.status_code != _OK:
                    raise Transient(f"The server answered {answer.status_code} for {describe(url)}.")
            etag = answer.headers.get("ETag", "")
            self._etag = None if etag.startswith("W/") else etag or None
            try:
                for chunk in answer.raw.stream(CHUNK_BYTES, decode_content=True):
                    self._take(chunk)
                    self.bytes_fetched += len(chunk)
            except (urllib3.exceptions.HTTPError, ConnectionError, TimeoutError) as error:
                if encoding != "identity":  # positions in the decoded file say nothing to the server
                    self._start_over()
                raise failure(describe(url), error) from error
            is_announced = "Content-Length" in answer.headers  # then coming short of it was an error above
        size_bytes = self._wanted.size_bytes
        if size_bytes is not None and self._bytes < size_bytes and not is_announced:
            raise Transient(f"The server cut {describe(url)} short.")

    def copy(self, source: Path) -> None:
        """Copy a local file; not linked, for its owner may write to it in place."""
        try:
            original = source.open("rb")
        except OSError as error:
            raise BuildError(
                f"{source} can't be read: {error.strerror or error}.",
                hint="Put the file back, or lock again.",
            ) from error
        with original:
            while chunk := original.read(CHUNK_BYTES):
                self._take(chunk)

    def verify(self) -> None:
        """Raise BuildError unless the file is what was wanted."""
        wanted, found = self._wanted, self._digest.hexdigest()
        name = redact(wanted.filename)
        if wanted.size_bytes not in (None, self._bytes):
            raise BuildError(
                f"{name} has {self._bytes} bytes where {wanted.size_bytes} were expected.",
                hint="The file was replaced on its index: lock again.",
            )
        if wanted.sha256 not in (None, found):
            raise BuildError(
                f"{name} is not the file the lock means: sha256 expected {wanted.sha256}, found {found}.",
                hint="The file was replaced or damaged on its way. Try again; if it stays so, lock again.",
            )

    def _continues(self, answer: requests.Response) -> bool:
        """Whether the answer's body goes on where the file ends."""
        if not self._bytes:
            return answer.status_code == _OK
        match = _RANGE_START.match(answer.headers.get("Content-Range", ""))
        return answer.status_code == _PARTIAL and match is not None and int(match[1]) == self._bytes

    def _start_over(self) -> None:
        self._file.seek(0)
        self._file.truncate()
        self._digest = hashlib.sha256()
        self._bytes = 0

    def _take(self, chunk: bytes) -> None:
        if self._stop.is_set():
            raise Cancelled
        self._file.write(chunk)
        self._digest.update(chunk)
        self._bytes += len(chunk)
        if self._wanted.size_bytes is not None and self._bytes > self._wanted.size_bytes:
            self.verify()
        self._advance(self._bytes)
