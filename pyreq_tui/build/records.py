"""What a build was made of, kept readable, so that the next one can say what changed."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyreq_tui import __version__
from pyreq_tui.build.comparison import plain_sizes, read_sizes
from pyreq_tui.bundle import (
    SERVICE_CODE,
    VENDOR,
    Bytes,
    DeflatedBytes,
    Entry,
    LiteralBytes,
    NestedBytes,
    UnknownBytes,
    WheelBytes,
)
from pyreq_tui.redact import redact
from pyreq_tui.service import OPTION_SPECS
from pyreq_tui.whole import write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from pyreq_tui.build.comparison import Sizes
    from pyreq_tui.build.materials import Materials
    from pyreq_tui.build.model import Plan
    from pyreq_tui.service import Service


@dataclass(frozen=True)
class Record:
    """One build: its inputs by readable name, and the sha256 of each artifact it wrote."""

    inputs: Mapping[str, object]
    sha256: Mapping[str, str]
    cause: str = ""
    """Why the build before could not be reused."""
    sizes: Sizes | None = None
    """What its artifacts came to; ``None`` where an older version kept the record."""


@dataclass(frozen=True)
class LastBuild:
    """The last build that wrote anything."""

    written: float
    """When, in seconds since 1970."""
    cause: str
    """Why the one before could not be reused: ``slim changed``."""


def record_of(plan: Plan, materials: Materials) -> dict[str, object]:
    """Every input of a build: tools, options, runtimes, pins, the user's files, each artifact's listing.

    In the order in which `compare` names what changed: a runtime that changes brings other packages with it.
    """
    options = plan.service.options
    inputs: dict[str, object] = {"pyreq-tui": __version__}
    for spec in OPTION_SPECS:
        inputs[f"option {spec.key}"] = _plain(options.value(spec.key))
    if options.slim and options.strip:
        for architecture, stripper in sorted(materials.strippers.items()):
            inputs[f"strip for {architecture}"] = stripper.version if stripper else ""
    for artifact in plan.artifacts:
        inputs[f"runtime of {artifact.filename}"] = artifact.target.runtime if artifact.target else ""
        inputs[f"architecture of {artifact.filename}"] = (
            artifact.target.architecture if artifact.target else ""
        )
    inputs |= _containers(materials)
    inputs |= _packages(materials)
    for artifact in plan.artifacts:
        for entry in artifact.bundle.entries:
            if isinstance(entry.source, DeflatedBytes) and entry.owner in (SERVICE_CODE, VENDOR):
                inputs[f"file {entry.path} in {artifact.filename}"] = (
                    f"{entry.source.deflated.name} {entry.is_executable}"
                )
        inputs[f"listing of {artifact.filename}"] = listing_digest(artifact.bundle.entries)
    return inputs


def _containers(materials: Materials) -> dict[str, object]:
    """What each module's container was, and was told; its packages are told apart by their wheels."""
    containers: dict[str, object] = {}
    for (module, _), known in sorted(materials.requirements.items(), key=lambda item: str(item[0])):
        if known.filled is not None:
            told = {**known.filled.order.inputs, "image's content": known.filled.digest}
            containers |= {
                f"container {name} of {module}": value
                for name, value in told.items()
                if not name.startswith("package ")
            }
    return containers


def _packages(materials: Materials) -> dict[str, object]:
    """Each package's version and hash, by name and module; by Target too where a module is for several."""
    packages: dict[str, object] = {}
    targets = Counter(unit.module for unit in materials.requirements)
    for (module, target), known in sorted(materials.requirements.items(), key=lambda item: str(item[0])):
        place = module if targets[module] == 1 else f"{module} for {target.runtime} {target.architecture}"
        versions = {pin.name: pin.version for pin in known.lock.pins} if known.lock else {}
        for name, wheel in known.wheels.items():
            version = versions[name] or wheel.filename.split("-")[1]
            packages[f"package {name} in {place}"] = f"{version} {wheel.sha256 or wheel.filename}"
        for name, made in known.bytecode.items():
            packages[f"bytecode of {name} in {place}"] = made.contents.sha256
        if known.compiler is not None:
            packages[f"compiler of {place}"] = known.compiler.version
    return packages


def _plain(value: object) -> object:
    return redact(json.dumps(value, default=str, sort_keys=True))


def listing_digest(entries: Iterable[Entry]) -> str:
    """A digest of all that decides an artifact's bytes: path, mode, method and content of each entry."""
    contents: dict[int, str] = {}
    lines = []
    for entry in entries:
        # All files of a wheel share one source: what names it is put together once.
        content = contents.get(id(entry.source)) or contents.setdefault(
            id(entry.source), _content(entry.source)
        )
        lines.append(
            f"{entry.path}\0{entry.is_executable}\0{entry.method}\0{entry.crc}\0{entry.size_bytes}"
            f"\0{entry.offset}\0{content}\n"
        )
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def _content(source: Bytes) -> str:
    match source:
        case WheelBytes(path):
            return f"{path.parent.name}/{path.name}"
        case DeflatedBytes(_, deflated):
            return deflated.name
        case LiteralBytes(data):
            return hashlib.sha256(data).hexdigest()
        case NestedBytes(entries):
            return listing_digest(entries)
        case UnknownBytes(why):
            return why


def compare(last: Mapping[str, object], now: Mapping[str, object]) -> str | None:
    """What changed since the last build, in the words of the service; ``None`` when nothing did."""
    changed = [key for key in now if last.get(key) != now[key]] + [key for key in last if key not in now]
    telling = [key for key in changed if not _follows(key, last, now)] or changed
    if not telling:
        return None
    named = [_name_change(key, last.get(key), now.get(key)) for key in telling[:3]]
    more = len(telling) - len(named)
    return "; ".join(named) + (f" and {more} more" if more else "")


def _follows(key: str, last: Mapping[str, object], now: Mapping[str, object]) -> bool:
    """Whether a change only follows from another: a listing, and a tool that is needed now or no more."""
    return key.startswith("listing ") or (key.startswith("strip ") and (key not in last or key not in now))


def _name_change(key: str, before: object, after: object) -> str:
    kind, _, name = key.partition(" ")
    if kind == "package":
        was, now = str(before or "").split(" ")[0], str(after or "").split(" ")[0]
        package = name.partition(" in ")[0]
        if before is None:
            return f"{package} {now} added"
        if after is None:
            return f"{package} {was} removed"
        return f"{package} {was} became {now}" if was != now else f"{package} {now} has other contents"
    if kind == "file":
        verb = "added" if before is None else "removed" if after is None else "changed"
        return f"{name.partition(' in ')[0]} {verb}"
    if kind == "container":
        return f"the container's {name.rpartition(' of ')[0]} changed"
    if kind == "option":
        return f"{name} changed"
    return f"{key} changed"


def record_path(service: Service, cache: Path, output: Path) -> Path:
    """Where the record of the last build of ``service`` into ``output`` is kept."""
    place = f"{service.config_file}\n{service.stage}\n{output.resolve()}"
    return cache / "builds" / f"{hashlib.sha256(place.encode()).hexdigest()[:32]}.json"


def load_record(path: Path) -> Record | None:
    """The record of a build; ``None`` where there is none that can be read."""
    try:
        data = json.loads(path.read_text("utf-8"))
        sha256 = {str(name): str(value) for name, value in data["sha256"].items()}
        sizes = read_sizes(data.get("sizes"))
        return Record(dict(data["inputs"]), sha256, str(data.get("cause", "")), sizes)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def last_build(service: Service, cache: Path) -> LastBuild | None:
    """When and why ``service`` was last built anew; ``None`` where that is not known."""
    path = record_path(service, cache, service.output)
    record = load_record(path)
    return LastBuild(path.stat().st_mtime, record.cause) if record else None


def save_record(path: Path, record: Record) -> None:
    """Keep what a build was made of. Two builds at once leave one record or the other, never a mixture.

    Where the cache can't be written to there is no record: the artifacts stand, and the next build is whole.
    """
    kept = {
        "inputs": record.inputs,
        "sha256": record.sha256,
        "cause": record.cause,
        "sizes": plain_sizes(record.sizes or ()),
    }
    with suppress(OSError):
        write_whole(path, json.dumps(kept, indent=1, sort_keys=True))


def note_used(path: Path) -> None:
    """Note that a build's record is worth keeping: what it says of the artifacts still holds."""
    with suppress(OSError):  # a cache that is read only
        os.utime(path)
