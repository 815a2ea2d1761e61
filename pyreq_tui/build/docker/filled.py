"""What containers gave back, remembered by everything that shaped it."""

from __future__ import annotations

import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from pyreq_tui.bundle import DeflatedBytes, Entry
from pyreq_tui.errors import PyreqError
from pyreq_tui.locks import WheelFile
from pyreq_tui.whole import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pyreq_tui.build.docker.order import Order
    from pyreq_tui.bundle import Bytes
    from pyreq_tui.service import Service
    from pyreq_tui.wheels import Store

CONTAINER = "(container)"
"""Owner of files from a container that belong to no package: ``dockerExtraFiles``, leavings of installers."""


@dataclass(frozen=True)
class Filled:
    """What a container gave back for an Order."""

    digest: str
    """The id of the image it ran."""
    order: Order
    wheels: Mapping[str, WheelFile]
    """By package: in the store, or from the index where the container had left it as it was."""
    loose: tuple[Entry, ...]
    """Files that belong to no package."""


def reuses(service: Service) -> bool:
    """Whether what a container gave back earlier is good enough."""
    return service.options.use_static_cache and not service.options.invalidate_caches


def load_filled(order: Order, cache: Path, store: Store) -> Filled | None:
    """What was kept for ``order``, whichever image it was; ``None`` where something of it is gone."""
    if order.key is None:
        return None
    try:
        data = json.loads(_path(cache, order.key).read_bytes())
        wheels = {str(name): WheelFile(**wheel) for name, wheel in data["wheels"].items()}
        loose = tuple(_entry(cache, item) for item in data["loose"])
        digest = str(data["digest"])
        if not all(_is_there(wheel, store) for wheel in wheels.values()):
            return None
        os.utime(_path(cache, order.key))
    except (OSError, ValueError, LookupError, TypeError, AttributeError, PyreqError):
        return None  # never filled, or a record that something has damaged
    if not order.deferred and set(wheels) != {pin.name for pin in order.pins}:
        return None
    return Filled(digest, order, wheels, loose)


def save_filled(filled: Filled, cache: Path) -> None:
    """Remember what a container gave back. Where the cache can't be written to, the next build asks again."""
    key = filled.order.key
    if key is None:
        return
    data = {
        "inputs": dict(filled.order.inputs),
        "digest": filled.digest,
        "wheels": {name: asdict(wheel) for name, wheel in filled.wheels.items()},
        "loose": [
            [path, size_bytes, compressed_bytes, crc, method, is_executable, _deflated(source).name]
            for path, size_bytes, compressed_bytes, _, source, _, crc, method, is_executable in filled.loose
        ],
    }
    with suppress(OSError):
        write_whole(_path(cache, key), json.dumps(data, indent=1, sort_keys=True))


def _is_there(wheel: WheelFile, store: Store) -> bool:
    return store.has(wheel) if wheel.url == "" or wheel.url.startswith("file:") else True


def _entry(cache: Path, item: list[object]) -> Entry:
    path, size_bytes, compressed_bytes, crc, method, is_executable, name = item
    deflated = cache / "deflated" / str(name)[:2] / str(name)
    if not deflated.is_file():
        raise FileNotFoundError(deflated)
    return Entry(
        str(path),
        int(str(size_bytes)),
        int(str(compressed_bytes)),
        CONTAINER,
        DeflatedBytes(deflated, deflated),
        0,
        int(str(crc)),
        int(str(method)),
        bool(is_executable),
    )


def _deflated(source: Bytes) -> Path:
    if not isinstance(source, DeflatedBytes):
        raise TypeError("what comes from a container is deflated")
    return source.deflated


def _path(cache: Path, key: str) -> Path:
    return cache / "docker" / f"{key}.json"
