"""Reads what is in wheels without downloading them."""

from __future__ import annotations

import gc
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyreq_tui.errors import BuildError, Cancelled
from pyreq_tui.locks import USUAL
from pyreq_tui.redact import redact
from pyreq_tui.sizes import format_size
from pyreq_tui.wheels.download import keep, refuse_offline
from pyreq_tui.wheels.local import local_path, read_local
from pyreq_tui.wheels.metadata import read_contents
from pyreq_tui.wheels.parallel import THREADS, Stop, each

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pyreq_tui.locks import Network, WheelFile
    from pyreq_tui.processes import Cancel
    from pyreq_tui.wheels.model import Contents
    from pyreq_tui.wheels.store import Store
    from pyreq_tui.wheels.web import Web


@dataclass(frozen=True, eq=False)
class Inspection:
    """What is in some wheels, and what it took to know it."""

    contents: Mapping[WheelFile, Contents]
    """In the order the wheels were named."""
    bytes_fetched: int
    """Over the network, without headers."""
    seconds: float
    downloaded_whole: tuple[str, ...] = ()
    """Filenames of wheels whose server sends files only whole; they are in the store now."""


@dataclass(frozen=True)
class _Reading:
    contents: Contents
    bytes_fetched: int = 0
    is_whole: bool = False


def inspect(
    wheels: Sequence[WheelFile],
    store: Store,
    *,
    network: Network = USUAL,
    offline: bool,
    cancel: Cancel,
    on_advance: Callable[[int, int], None],
    on_line: Callable[[str], None],
    pause: Callable[[float], None] = time.sleep,
) -> Inspection:
    """The Contents of every wheel: from the store, or by fetching little more than its directory.

    ``on_advance(done, total)`` counts wheels; ``on_line`` may be called from other threads. ``pause`` waits
    between attempts, in seconds.

    Raises BuildError where a wheel can't be had or is not an honest archive, and Cancelled.
    """
    started = time.monotonic()
    wanted = list(dict.fromkeys(wheels))
    with _collector_paused():
        contents = {wheel: known for wheel in wanted if (known := store.contents(wheel)) is not None}
    missing = [wheel for wheel in wanted if wheel not in contents]
    on_advance(len(contents), len(wanted))
    bytes_fetched = 0
    whole: list[str] = []
    for wheel, reading in _read_all(missing, store, network, offline, cancel, on_line, pause):
        contents[wheel] = reading.contents
        bytes_fetched += reading.bytes_fetched
        if reading.is_whole:
            whole.append(wheel.filename)
        on_advance(len(contents), len(wanted))
    return Inspection(
        contents={wheel: contents[wheel] for wheel in wanted},
        bytes_fetched=bytes_fetched,
        seconds=time.monotonic() - started,
        downloaded_whole=tuple(sorted(whole)),
    )


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Make many lasting objects without a search for garbage now and then: two to three times as fast."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _read_all(
    missing: Sequence[WheelFile],
    store: Store,
    network: Network,
    offline: bool,
    cancel: Cancel,
    on_line: Callable[[str], None],
    pause: Callable[[float], None],
) -> Iterator[tuple[WheelFile, _Reading]]:
    """Wheels with what was read, first those on this machine."""
    afar = []
    for wheel in missing:
        if cancel.is_set():
            raise Cancelled
        contents = _read_here(wheel, store)
        if contents is None:
            afar.append(wheel)
        else:
            store.put_contents(wheel, contents)
            yield wheel, _Reading(contents)
    if not afar:
        return
    if offline:
        refuse_offline(afar)
    from pyreq_tui.wheels.web import Web  # here, for with everything known requests need not be imported

    stop = Stop(cancel)
    with Web(network, connections=THREADS, cancel=stop, pause=pause) as web, store.workshop() as workshop:

        def read(wheel: WheelFile) -> _Reading:
            return _read_afar(wheel, store, workshop, web, stop, on_line)

        yield from each(afar, read, stop=stop, cancel=cancel)


def _read_here(wheel: WheelFile, store: Store) -> Contents | None:
    """The Contents of a wheel on this machine; ``None`` where it is on an index."""
    if store.has(wheel):
        try:
            return read_local(wheel, store.wheel_path(wheel))
        except BuildError:  # it was whole when it was kept: damaged since, so have it anew
            store.forget(wheel)
    path = local_path(wheel.url)
    return None if path is None else read_local(wheel, path)


def _read_afar(
    wheel: WheelFile,
    store: Store,
    workshop: Path,
    web: Web,
    stop: Cancel,
    on_line: Callable[[str], None],
) -> _Reading:
    from pyreq_tui.wheels.remote import RangesIgnoredError, RemoteFile

    try:
        remote = RemoteFile(wheel, web)
        contents = read_contents(wheel, remote.size_bytes, remote.read)
    except RangesIgnoredError as ignored:
        size = "" if wheel.size_bytes is None else f" ({format_size(wheel.size_bytes)})"
        on_line(f"{redact(wheel.filename)}: its server sends files only whole; fetching it{size}.")
        came = keep(
            wheel, store, workshop, web=web, stop=stop, advance=lambda _: None, begun=ignored.response
        )
        contents = store.contents(wheel) or read_local(wheel, store.wheel_path(wheel))
        return _Reading(contents, came, is_whole=True)
    store.put_contents(wheel, contents)
    return _Reading(contents, remote.bytes_fetched)
