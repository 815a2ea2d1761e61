"""What serverless.yml says that packaging itself does not ask for, and that findings judge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.aws import facts
from pyreq_tui.errors import PyreqError
from pyreq_tui.service.model import WrittenKey
from pyreq_tui.service.scalars import javascript_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyreq_tui.service.model import Function
    from pyreq_tui.service.places import Place
    from pyreq_tui.service.reading import Reading


def read_keys(reading: Reading, functions: tuple[Function, ...]) -> tuple[WrittenKey, ...]:
    """The keys of the service, its provider, its functions, and their ``package``, in order."""
    paths = [(), ("provider",), ("package",)]
    for function in functions:
        paths += [function.path, (*function.path, "package")]
    return tuple(key for path in paths for key in _keys(reading, path))


def _keys(reading: Reading, path: tuple[str, ...]) -> Iterator[WrittenKey]:
    place = reading.configuration.find(*path)
    for key, child in place.entries().items() if place is not None else ():
        yield WrittenKey((*path, key), child.where, child.scalar)


def read_framework_version(reading: Reading) -> str | None:
    """``frameworkVersion`` as it says it; ``None`` without one, and where it can't be known."""
    place = _found(reading, reading.configuration.root, "frameworkVersion")
    return None if place is None or place.scalar is None else javascript_text(place.scalar)


def read_ephemeral_storage(reading: Reading, function: Place) -> int | None:
    """The size of a function's /tmp in bytes; ``None`` where only a deployment knows.

    ``ephemeralStorageSize`` counts megabytes of 2^20 (AWS Lambda developer guide, "Lambda quotas").
    """
    if function.child("ephemeralStorageSize") is None:
        return facts().limits.tmp_bytes
    place = _found(reading, function, "ephemeralStorageSize")
    size = place.scalar if place is not None else None
    return int(size) * 2**20 if isinstance(size, int | float) and size else None


def _found(reading: Reading, place: Place, key: str) -> Place | None:
    """What stands there; ``None`` also where a variable leads in circles, for no package depends on it."""
    try:
        return reading.below(place, key)
    except PyreqError:
        return None
