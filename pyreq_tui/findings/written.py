"""What serverless.yml says that a Service does not hold: keys where they stand, sizes of /tmp."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pyreq_tui.aws import facts
from pyreq_tui.errors import PyreqError, Where
from pyreq_tui.service.configuration import Configuration, Inputs
from pyreq_tui.service.nodes import Mapping, Scalar, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyreq_tui.service import Service
    from pyreq_tui.service.places import Place

_KEPT = 4


class Written(NamedTuple):
    """What was looked up."""

    keys: tuple[tuple[str, str, Where], ...]
    """The keys of the maps that packaging reads: the map (``package``), the key, its place."""
    ephemeral_storage: dict[str, int | None]
    """By function: megabytes of /tmp, ``None`` where only a deployment knows."""
    framework_version: str
    """As ``frameworkVersion`` says it; empty where it does not."""


_NOTHING = Written((), {}, "")
_known: dict[tuple[Path, int, int, int], tuple[Inputs, Written]] = {}
"""By file, size, time and inputs; the inputs are held, so that their identity stays theirs."""


def written(service: Service) -> Written:
    """What the service's file says now; nothing where it can't be read any more."""
    try:
        state = service.config_file.stat()
    except OSError:  # it has gone since the service was read: there is nothing to say about it
        return _NOTHING
    key = (service.config_file, state.st_size, state.st_mtime_ns, id(service.inputs))
    if key not in _known:
        while len(_known) >= _KEPT:
            _known.pop(next(iter(_known)))
        _known[key] = (service.inputs, _read(service))
    return _known[key][1]


def ephemeral_storage_bytes(service: Service, function: str) -> int | None:
    """The size of a function's /tmp; ``None`` where it can't be known here."""
    megabytes = written(service).ephemeral_storage.get(function, 0)
    if megabytes is None:
        return None
    return megabytes * 2**20 or facts().limits.tmp_bytes


def _read(service: Service) -> Written:
    try:
        configuration = Configuration(service.config_file, service.inputs)
        functions = dict(_functions(configuration, configuration.find("functions")))
        maps = {
            "the service": configuration.root,
            "provider": configuration.find("provider"),
            "package": configuration.find("package"),
        }
        version = configuration.find("frameworkVersion")
        sizes: dict[str, int | None] = {}
        for name, place in functions.items():
            maps[f"functions.{name}"] = place
            maps[f"functions.{name}.package"] = configuration.below(place, "package")
            size = configuration.below(place, "ephemeralStorageSize")
            if size is not None:
                sizes[name] = int(size.scalar) if isinstance(size.scalar, int | float) else None
    except PyreqError:  # the file has changed since the service was read, and whoever reads it next says so
        return _NOTHING
    keys = tuple(
        (name, key, child.where)
        for name, place in maps.items()
        if place is not None
        for key, child in place.entries().items()
    )
    return Written(keys, sizes, "" if version is None or version.scalar is None else str(version.scalar))


def _functions(configuration: Configuration, place: Place | None) -> Iterator[tuple[str, Place]]:
    """Every function, from a map or a list of maps."""
    if place is None:
        return
    if isinstance(place.node, Sequence):
        for element in place.elements():
            yield from _functions(configuration, configuration.resolve(element))
    elif isinstance(place.node, Mapping):
        for name, child in place.entries().items():
            found = configuration.resolve(child)
            if not isinstance(found.node, Scalar):
                yield name, found
