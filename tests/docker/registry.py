"""A registry that begins to hand out an image, and then takes its time."""

from __future__ import annotations

import hashlib
import json
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_MANIFEST = "application/vnd.docker.distribution.manifest.v2+json"
_LAYER_BYTES = 50_000_000
_CONFIG = json.dumps(
    {"architecture": "amd64", "os": "linux", "rootfs": {"type": "layers", "diff_ids": ["sha256:" + "0" * 64]}}
).encode()


@dataclass
class SlowRegistry:
    """What it is called, and how far it got."""

    reference: str
    is_pulled: threading.Event = field(default_factory=threading.Event)
    """Set once part of the layer has been sent."""
    is_left: threading.Event = field(default_factory=threading.Event)
    """Set once who pulled has hung up."""


@contextmanager
def slow_registry() -> Iterator[SlowRegistry]:
    """Serve one image whose only layer never comes to its end."""
    over = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_HEAD(self) -> None:
            self.do_GET()

        def do_GET(self) -> None:
            if "/blobs/" in self.path and digest(_CONFIG) not in self.path:
                self.begin("application/octet-stream", _LAYER_BYTES)
                self.drip()
            elif "/blobs/" in self.path:
                self.begin("application/octet-stream", len(_CONFIG))
                self.wfile.write(_CONFIG)
            elif "/manifests/" in self.path:
                self.begin(_MANIFEST, len(manifest))
                if self.command == "GET":
                    self.wfile.write(manifest)
            else:
                self.begin("application/json", 2)
                self.wfile.write(b"{}")

        def begin(self, kind: str, size_bytes: int) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(size_bytes))
            self.send_header("Docker-Content-Digest", digest(manifest))
            self.end_headers()

        def drip(self) -> None:
            """A block now and then, until whoever listens is gone."""
            try:
                while not over.wait(0.05):
                    self.wfile.write(bytes(10_000))
                    registry.is_pulled.set()
            except OSError:
                registry.is_left.set()
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    manifest = json.dumps(
        {
            "schemaVersion": 2,
            "mediaType": _MANIFEST,
            "config": {
                "mediaType": "application/vnd.docker.container.image.v1+json",
                "size": len(_CONFIG),
                "digest": digest(_CONFIG),
            },
            "layers": [
                {
                    "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip",
                    "size": _LAYER_BYTES,
                    "digest": digest(b"layer"),
                }
            ],
        }
    ).encode()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    registry = SlowRegistry(f"127.0.0.1:{server.server_port}/slow/image:1")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield registry
    finally:
        over.set()
        server.shutdown()
        thread.join()
        server.server_close()


def digest(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"
