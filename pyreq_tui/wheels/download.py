"""Downloads wheels into the store: in parallel, verified, never half."""

from __future__ import annotations

import shutil
import threading
import time
from typing import TYPE_CHECKING

from pyreq_tui.errors import BuildError
from pyreq_tui.locks import USUAL
from pyreq_tui.redact import redact
from pyreq_tui.wheels.local import checksums_hold, local_path, read_local
from pyreq_tui.wheels.parallel import THREADS, Stop, each
from pyreq_tui.wheels.store import publish

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    import requests

    from pyreq_tui.locks import Network, WheelFile
    from pyreq_tui.processes import Cancel
    from pyreq_tui.wheels.model import Contents
    from pyreq_tui.wheels.store import Store
    from pyreq_tui.wheels.web import Web


def fetch(
    wheels: Sequence[WheelFile],
    store: Store,
    *,
    network: Network = USUAL,
    offline: bool,
    cancel: Cancel,
    on_bytes: Callable[[int, int | None], None],
    on_line: Callable[[str], None],
    pause: Callable[[float], None] = time.sleep,
) -> int:
    """Bring every wheel into ``store``; return the bytes that came over the network.

    ``on_bytes(done, total)`` is called from several threads, one at a time; ``total`` is ``None`` where a
    size is unknown. ``pause`` waits between attempts, in seconds.

    Raises BuildError where a wheel can't be had, is not what the lock says, or does not fit the disk, and
    Cancelled; a wheel is in the store whole or not at all.
    """
    missing = [wheel for wheel in dict.fromkeys(wheels) if not store.has(wheel)]
    if not missing:
        return 0
    if offline:
        refuse_offline(missing)
    from pyreq_tui.wheels.web import Web  # here, for with every wheel at hand requests need not be imported

    stop = Stop(cancel)
    tally = _Tally(missing, on_bytes)
    fetched_bytes = 0
    with Web(network, connections=THREADS, cancel=stop, pause=pause) as web, store.workshop() as workshop:

        def bring(wheel: WheelFile) -> int:
            return keep(wheel, store, workshop, web=web, stop=stop, advance=tally.advance_of(wheel))

        for wheel, came in each(missing, bring, stop=stop, cancel=cancel):
            fetched_bytes += came
            on_line(f"{'Fetched' if came else 'Copied'} {redact(wheel.filename)}")
    return fetched_bytes


def keep(
    wheel: WheelFile,
    store: Store,
    workshop: Path,
    *,
    web: Web,
    stop: Cancel,
    advance: Callable[[int], None],
    begun: requests.Response | None = None,
) -> int:
    """Bring one wheel into ``store`` through ``workshop``, read its Contents; return the bytes that came.

    Raises what `transfer` does, and BuildError where the archive is not what its directory said from afar.
    """
    from pyreq_tui.wheels.transfer import Wanted, transfer

    path = store.wheel_path(wheel)
    unfinished = workshop / f"{path.parent.name}-{path.name}"
    wanted = Wanted(wheel.filename, wheel.url, wheel.sha256, wheel.size_bytes)
    came = transfer(wanted, unfinished, web=web, stop=stop, advance=advance, begun=begun)
    contents = read_local(wheel, unfinished)
    if wheel.sha256 is None and not checksums_hold(unfinished):
        raise BuildError(f"{redact(wheel.filename)} was damaged on its way.", hint="Try again.")
    known = store.contents(wheel)
    if known is not None and not _agree(known, contents):
        store.forget(wheel)
        raise BuildError(
            f"{redact(wheel.filename)} holds other files than its index said when it was read from afar.",
            hint="What was known of it has been dropped: run again.",
        )
    source = local_path(wheel.url)
    if source is not None:  # see Store.has
        shutil.copystat(source, unfinished)
        unfinished.chmod(0o644)
    publish(unfinished, path)
    if known is None:
        store.put_contents(wheel, contents)
    return came


def refuse_offline(missing: Sequence[WheelFile]) -> None:
    """Raise BuildError where one of the wheels that are missing can only be had from the network."""
    afar = sorted(redact(wheel.filename) for wheel in missing if local_path(wheel.url) is None)
    if afar:
        shown = ", ".join(afar[:5]) + (f" and {len(afar) - 5} more" if len(afar) > 5 else "")
        raise BuildError(f"Offline, and not in the cache: {shown}.", hint="Run once without --offline.")


def _agree(known: Contents, found: Contents) -> bool:
    return known.members == found.members and known.requires == found.requires


class _Tally:
    """Adds up what has arrived of several wheels at a time."""

    def __init__(self, wheels: Sequence[WheelFile], on_bytes: Callable[[int, int | None], None]) -> None:
        sizes = [wheel.size_bytes for wheel in wheels]
        self._total = None if None in sizes else sum(size for size in sizes if size is not None)
        self._arrived = dict.fromkeys(wheels, 0)
        self._done = 0
        self._on_bytes = on_bytes
        self._lock = threading.Lock()

    def advance_of(self, wheel: WheelFile) -> Callable[[int], None]:
        """What the transfer of ``wheel`` is to report its position to."""

        def advance(arrived: int) -> None:
            with self._lock:
                self._done += arrived - self._arrived[wheel]
                self._arrived[wheel] = arrived
                self._on_bytes(self._done, self._total)

        return advance
