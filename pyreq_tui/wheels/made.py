"""Remembers which wheel was made of what: by a readable record of everything that went into it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

from pyreq_tui.errors import PyreqError
from pyreq_tui.locks import WheelFile
from pyreq_tui.wheels.store import publish

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pyreq_tui.wheels.store import Store


def made_wheel(inputs: Mapping[str, object], store: Store) -> WheelFile | None:
    """The wheel made of ``inputs`` earlier; ``None`` where there is none, or it is not kept any more."""
    try:
        record = json.loads(_path(inputs, store).read_bytes())
        found = record["wheel"]
        if record["inputs"] != json.loads(json.dumps(inputs)):
            return None
        wheel = kept_as(store, found["filename"], found["sha256"], found["size_bytes"])
    except (OSError, ValueError, TypeError, KeyError, PyreqError):
        return None  # never made, or a record that something has damaged or nobody may read
    return wheel if store.has(wheel) else None


def remember_made(inputs: Mapping[str, object], wheel: WheelFile, store: Store) -> None:
    """Remember that ``wheel``, which is in ``store``, was made of ``inputs``. Raises BuildError."""
    found = {"filename": wheel.filename, "sha256": wheel.sha256, "size_bytes": wheel.size_bytes}
    with store.workshop() as workshop:
        record = workshop / "record"
        record.write_text(json.dumps({"inputs": inputs, "wheel": found}, indent=1) + "\n", "utf-8")
        publish(record, _path(inputs, store))


def kept_as(store: Store, filename: str, sha256: str, size_bytes: int) -> WheelFile:
    """A wheel that nobody but ``store`` has: its URL is its place there."""
    nowhere = WheelFile(filename, "", sha256, size_bytes)
    return WheelFile(filename, store.wheel_path(nowhere).absolute().as_uri(), sha256, size_bytes)


def _path(inputs: Mapping[str, object], store: Store) -> Path:
    key = hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()
    return store.folder / "built" / f"{key}.json"
