"""Locks kept on disk, by everything that shaped them."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from pyreq_tui.errors import BuildError
from pyreq_tui.locks.model import Lock, Pin, Unbuilt, WheelFile
from pyreq_tui.redact import redact
from pyreq_tui.whole import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pyreq_tui.locks.target import Target


def load_lock(file: Path, record: Mapping[str, str], target: Target) -> Lock | None:
    """The Lock kept in ``file``; ``None`` where there is none, or it is damaged or for other inputs."""
    try:
        data = json.loads(file.read_text("utf-8"))
        if data["record"] != dict(record):
            return None
        kept = data["lock"]
        return Lock(
            target=target,
            pins=tuple(map(_pin, kept["pins"])),
            direct=tuple((str(name), tuple(map(str, extras))) for name, extras in kept["direct"]),
            dropped=tuple(map(str, kept["dropped"])),
            held_back=tuple((str(name), str(version)) for name, version in kept["held_back"]),
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        # Damaged: an empty file after a power cut, another program's. It is resolved again and written over.
        return None


def save_lock(file: Path, record: Mapping[str, str], lock: Lock) -> None:
    """Keep ``lock``, unless its URLs hold credentials: those are never written down. Raises BuildError."""
    kept = {name: value for name, value in asdict(lock).items() if name != "target"}
    text = json.dumps({"record": dict(record), "lock": kept}, indent=1, ensure_ascii=False)
    places = (place for pin in lock.pins for place in (pin.wheel, pin.unbuilt) if place is not None)
    if any(redact(place.url) != place.url for place in places):
        return
    try:
        write_whole(file, text)
    except OSError as error:
        raise BuildError(
            f"The lock could not be kept in {file.parent}: {error.strerror}.",
            hint="Check cacheLocation, and the room on its disk.",
        ) from error


def _pin(data: Mapping[str, object]) -> Pin:
    wheel, unbuilt = data["wheel"], data["unbuilt"]
    if isinstance(wheel, dict) == isinstance(unbuilt, dict):
        raise ValueError("a pin is a wheel or something to build")
    return Pin(
        name=str(data["name"]),
        version=None if data["version"] is None else str(data["version"]),
        wheel=WheelFile(**wheel) if isinstance(wheel, dict) else None,
        unbuilt=Unbuilt(**unbuilt) if isinstance(unbuilt, dict) else None,
    )
