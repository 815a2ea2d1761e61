"""What is kept that can be made again: seen, checked, pruned and cleared.

Only files that pyreq-tui itself names are ever removed, for ``cacheLocation`` may be any folder.
"""

from __future__ import annotations

import json
import os
import re
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from pyreq_tui import processes
from pyreq_tui.build.claims import alone_if_free, claim
from pyreq_tui.bundle import DeflatedBytes, NestedBytes, WheelBytes, is_kept_whole
from pyreq_tui.errors import BuildError
from pyreq_tui.wheels import Store

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pyreq_tui.bundle import Entry
    from pyreq_tui.processes import Cancel

CacheKind = Literal[
    "wheels", "contents", "built", "deflated", "stripped", "locks", "builds", "docker", "findings", "uv"
]
"""``built`` says which wheel was built of what, ``contents`` what is in each wheel, ``builds`` what each
service's last build was made of, ``docker`` what containers gave back, ``findings`` what is known of binaries
and of who reads metadata."""
_PLACES: dict[CacheKind, tuple[str, ...]] = {
    "wheels": ("wheels/wheels/??/*/*.whl", "wheels/urls/??/*/*.whl"),
    "contents": ("wheels/contents/??/*",),
    "built": ("wheels/built/*.json",),
    "deflated": ("deflated/??/*",),
    "stripped": ("stripped/??/*.json",),
    "locks": ("locks/*.json", "locks/made/*.json"),
    "builds": ("builds/*.json",),
    "docker": ("docker/*.json",),
    "findings": ("findings/*/??/*.json",),
}
_KEY = re.compile(r"[0-9a-f]{32,64}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_UV_MARK = "CACHEDIR.TAG"
"""uv writes it into a cache it makes; a folder called uv without it is somebody else's."""
_DAY_SECONDS = 24 * 60 * 60


@dataclass(frozen=True)
class CacheListing:
    """One kind of what is kept."""

    kind: CacheKind
    count: int
    """Files."""
    size_bytes: int
    last_used: float | None
    """Seconds since 1970; ``None`` where nothing is kept. For uv, when it last wrote."""


@dataclass(frozen=True)
class Removed:
    """What was taken out of one kind."""

    kind: CacheKind
    count: int
    size_bytes: int


def list_caches(cache: Path) -> tuple[CacheListing, ...]:
    """What is kept in the folder ``cache``, kind by kind."""
    return tuple(_use(kind, cache) for kind in get_args(CacheKind))


def mark_used(entries: Iterable[Entry], store: Store) -> None:
    """Note that a build uses what ``entries`` are written from, and what is known of their wheels.

    The time of last access is set, on any file system; the time of change stays, for it tells whether a
    local wheel is still the one that was copied.
    """
    for path in set(_kept_files(entries, store)):
        with suppress(OSError):  # gone, or another user's: then it is simply not noted
            os.utime(path, ns=(time.time_ns(), path.stat().st_mtime_ns))


def prune_caches(cache: Path, *, days: int, max_versions: int = 0, cancel: Cancel) -> tuple[Removed, ...]:
    """Remove what no build used for ``days``, and all but the last ``max_versions`` builds (0: no limit).

    With the builds that go, what only they were made of goes too. Raises BuildError and Cancelled.
    """
    before = time.time() - days * _DAY_SECONDS
    with _alone(cache, cancel):
        doomed = {
            kind: {path for path in _files(kind, cache) if _last_used(path) < before} for kind in _PLACES
        }
        if max_versions:
            _add_old_versions(doomed, cache, max_versions)
        return (*_remove_doomed(doomed, cache), _uv(cache, "prune", cancel))


def keep_versions(cache: Path, max_versions: int) -> None:
    """Remove all but the last ``max_versions`` builds (0: no limit), where nobody else is at work.

    What can't be removed stays for the next time: the build it comes after stands.
    """
    if not max_versions:
        return
    with alone_if_free(cache) as is_free, suppress(OSError):
        if is_free:
            doomed: dict[CacheKind, set[Path]] = {kind: set() for kind in _PLACES}
            _add_old_versions(doomed, cache, max_versions)
            _remove_doomed(doomed, cache)


def clear_caches(cache: Path, *, cancel: Cancel) -> tuple[Removed, ...]:
    """Remove everything that is kept. Raises BuildError and Cancelled."""
    with _alone(cache, cancel):
        removed = [_remove(kind, set(_files(kind, cache))) for kind in _PLACES]
        return (*removed, _uv(cache, "clean", cancel))


def verify_caches(cache: Path, *, cancel: Cancel) -> tuple[Path, ...]:
    """Read again what is kept by checksum; remove what is damaged, and return where it stood.

    Reading for this is no use: the times of last access stay. Raises BuildError and Cancelled.
    """
    checked: tuple[CacheKind, ...] = ("wheels", "contents", "deflated")
    with _alone(cache, cancel):
        before = {path: path.stat() for kind in checked for path in _files(kind, cache)}
        damaged = list(Store(cache / "wheels").verify())
        for path in _files("deflated", cache):
            if not is_kept_whole(path):
                path.unlink()
                damaged.append(path)
        for path, state in before.items():
            if path not in damaged:
                os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    return tuple(damaged)


@contextmanager
def _alone(cache: Path, cancel: Cancel) -> Iterator[None]:
    with claim(cache, cancel, alone=True):
        try:
            yield
        except OSError as error:
            raise BuildError(
                f"{error.filename or cache} could not be read or removed: {error.strerror or error}.",
                hint="Check the permissions of the cache.",
            ) from error


def _files(kind: CacheKind, cache: Path) -> Iterator[Path]:
    """The files of a kind, by the names pyreq-tui gives; nobody else's."""
    if kind == "uv":
        folder = cache / "uv"
        if (folder / _UV_MARK).is_file():
            yield from (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
        return
    for place in _PLACES[kind]:
        for path in cache.glob(place):
            key = path.parent.name if kind == "wheels" else path.name.removesuffix(".json")
            if _KEY.fullmatch(key) and path.is_file():
                yield path


def _use(kind: CacheKind, cache: Path) -> CacheListing:
    count = size_bytes = 0
    last_used: float | None = None
    for path in _files(kind, cache):
        with suppress(FileNotFoundError):  # another process removed it
            state = path.stat()
            count += 1
            size_bytes += state.st_size
            last_used = max(last_used or 0, _last_used(path) if kind != "uv" else state.st_mtime)
    return CacheListing(kind, count, size_bytes, last_used)


def _last_used(path: Path) -> float:
    state = path.stat()
    return max(state.st_atime, state.st_mtime)


def _kept_files(entries: Iterable[Entry], store: Store) -> Iterator[Path]:
    sources = {id(entry.source): entry.source for entry in entries}  # thousands share a wheel
    for source in sources.values():
        match source:
            case WheelBytes(path):
                yield path
                yield store.folder / "contents" / path.parent.parent.name / path.parent.name
            case DeflatedBytes(_, deflated):
                yield deflated
            case NestedBytes(inner):
                yield from _kept_files(inner, store)


def _add_old_versions(doomed: dict[CacheKind, set[Path]], cache: Path, max_versions: int) -> None:
    """Doom all builds and locks but the last ones, and what only those builds were made of."""
    locks = sorted(_files("locks", cache), key=_last_used, reverse=True)
    doomed["locks"] |= set(locks[max_versions:])
    builds = sorted(_files("builds", cache), key=_last_used, reverse=True)
    old = set(builds[max_versions:])
    doomed["builds"] |= old
    needed = {key for path in builds if path not in doomed["builds"] for key in _made_of(path)}
    unneeded = {key for path in old for key in _made_of(path)} - needed
    doomed["wheels"] |= {path for path in _files("wheels", cache) if path.parent.name in unneeded}
    doomed["built"] |= set(_files("built", cache))  # as far as what was built goes
    for kind in ("contents", "deflated"):
        doomed[kind] |= {path for path in _files(kind, cache) if path.name in unneeded}


def _remove_doomed(doomed: dict[CacheKind, set[Path]], cache: Path) -> list[Removed]:
    for kind in ("built", "stripped"):
        doomed[kind] = {path for path in doomed[kind] if not _leads_to_kept(path, kind, cache, doomed)}
    return [_remove(kind, paths) for kind, paths in doomed.items()]


def _made_of(build: Path) -> Iterator[str]:
    """The sha256 of every wheel and every file that a build's record names."""
    inputs = _read(build).get("inputs")
    for value in inputs.values() if isinstance(inputs, dict) else ():
        if isinstance(value, str):
            yield from _SHA256.findall(value)


def _read(record: Path) -> dict[str, object]:
    """A record of ours; empty where it is damaged."""
    try:
        data = json.loads(record.read_text("utf-8"))
    except ValueError:
        return {}
    return data if isinstance(data, dict) else {}


def _leads_to_kept(
    record: Path, kind: Literal["built", "stripped"], cache: Path, doomed: dict[CacheKind, set[Path]]
) -> bool:
    """Whether what a record leads to is kept: then the record is too, for it is worth as much."""
    data = _read(record)
    if kind == "stripped":
        path = Path(str(data.get("deflated", "")))
        return path.is_file() and path not in doomed["deflated"]
    wheel = data.get("wheel")
    if not isinstance(wheel, dict):
        return False
    sha256, filename = str(wheel.get("sha256")), str(wheel.get("filename"))
    path = cache / "wheels" / "wheels" / sha256[:2] / sha256 / filename
    return path.is_file() and path not in doomed["wheels"]


def _remove(kind: CacheKind, paths: Iterable[Path]) -> Removed:
    count = size_bytes = 0
    for path in paths:
        size_bytes += path.stat().st_size
        path.unlink()
        count += 1
        with suppress(OSError):  # it holds more
            path.parent.rmdir()
    return Removed(kind, count, size_bytes)


def _uv(cache: Path, verb: Literal["prune", "clean"], cancel: Cancel) -> Removed:
    """uv knows best what of its own cache nothing refers to."""
    before = _use("uv", cache)
    if not before.count:
        return Removed("uv", 0, 0)
    command = [processes.uv_executable(), "cache", verb, "--quiet", "--cache-dir", str(cache / "uv")]
    processes.run(command, env=processes.uv_environment(), cancel=cancel)
    after = _use("uv", cache)
    return Removed("uv", before.count - after.count, before.size_bytes - after.size_bytes)
