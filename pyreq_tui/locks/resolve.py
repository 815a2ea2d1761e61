"""From what a module asks for to the pins for its Target."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.errors import Where
from pyreq_tui.locks.cache import load_lock, save_lock
from pyreq_tui.locks.credentials import with_credentials
from pyreq_tui.locks.model import Lock
from pyreq_tui.locks.record import lock_key, lock_record
from pyreq_tui.sources import Locked

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pyreq_tui.locks.pip_resolver import Pip
    from pyreq_tui.locks.settings import Settings
    from pyreq_tui.locks.target import Target
    from pyreq_tui.processes import Cancel
    from pyreq_tui.service import Options
    from pyreq_tui.sources import Requirements


def resolve(
    source: Requirements | Locked,
    target: Target,
    options: Options,
    settings: Settings,
    *,
    cache: Path | None,
    offline: bool,
    cancel: Cancel,
    on_line: Callable[[str], None],
) -> Lock:
    """The pins of everything that ``source`` asks for, for ``target``, as ``settings`` steer it.

    ``cache`` is the folder of pyreq-tui's caches; without one nothing is kept. Lines of uv go to ``on_line``.
    Raises PyreqError where the requirements have no answer, BuildError where the network or a tool fails, and
    Cancelled.
    """
    if isinstance(source, Locked):
        return with_credentials(_select_locked(source, target), settings, cancel=cancel)
    pip = _pip_for(settings, target, cancel)
    record = lock_record(source, target, options, settings, pip=pip)
    file = cache / "locks" / f"{lock_key(record)}.json" if cache is not None else None
    if file is not None and not settings.is_anew and (kept := load_lock(file, record, target)):
        return with_credentials(kept, settings, cancel=cancel)
    from pyreq_tui.locks.fresh import fresh_lock  # here, for most Locks are kept

    lock = fresh_lock(
        source, target, options, settings, pip, offline=offline, cache=cache, cancel=cancel, on_line=on_line
    )
    if file is not None:
        save_lock(file, record, lock)
    return with_credentials(lock, settings, cancel=cancel)


def _pip_for(settings: Settings, target: Target, cancel: Cancel) -> Pip | None:
    """The pip that has to resolve, where arguments say what only pip understands."""
    if settings.installer == "uv" or not settings.installer_only:
        return None
    from pyreq_tui.locks.pip_resolver import find_pip

    return find_pip(target, settings.python_bin, cancel=cancel)


def _select_locked(source: Locked, target: Target) -> Lock:
    from pyreq_tui.locks.select import select

    lockfile = source.source.lockfile
    base = lockfile.parent if lockfile is not None else source.source.folder
    selection = select(source.pylock, target, base=base, where=Where(lockfile) if lockfile else None)
    asked = set(source.direct)
    return Lock(
        target=target,
        pins=selection.pins,
        direct=tuple((pin.name, ()) for pin in selection.pins if pin.name in asked),
        dropped=tuple(sorted(asked - {pin.name for pin in selection.pins})),
    )
