"""Whether wheels in the cache still are what was downloaded: what is spliced is not looked at again."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from hashlib import file_digest
from typing import TYPE_CHECKING

from pyreq_tui.bundle.entry import NestedBytes, WheelBytes
from pyreq_tui.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pyreq_tui.bundle.entry import Entry

_State = tuple[int, int, int]
"""Size in bytes, time of change in nanoseconds, inode."""
_checked: dict[Path, _State] = {}
"""Wheels found intact by this process: the artifacts of a service share theirs."""


def check_wheels(entries: Iterable[Entry]) -> None:
    """Compare every wheel that ``entries`` come from with its sha256, where one is known.

    Reading 90 MB takes a twentieth of a second on each core, and a disk that has lost a block, or a machine
    that went off while the cache was written, would else ship what nobody can import. Raises BuildError for
    wheels that are damaged; they are removed. What can't be read is left to whoever needs it.
    """
    wheels = _wheels(entries)
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        intact = threads.map(_is_intact, wheels, wheels.values())
        damaged = [path for path, is_intact in zip(wheels, intact, strict=True) if not is_intact]
    for path in damaged:
        with suppress(OSError):  # a cache that is read only: building again says the same
            path.unlink()
    if damaged:
        names = ", ".join(sorted(path.name for path in damaged))
        raise BuildError(
            f"Damaged in the cache, and removed: {names}.", hint="Build again: it is downloaded anew."
        )


def _wheels(entries: Iterable[Entry]) -> dict[Path, str]:
    sources = {id(entry.source): entry.source for entry in entries}
    found: dict[Path, str] = {}
    for source in sources.values():
        if isinstance(source, NestedBytes):
            found |= _wheels(source.entries)
        elif isinstance(source, WheelBytes) and source.sha256 is not None:
            found[source.path] = source.sha256
    return found


def _is_intact(path: Path, sha256: str) -> bool:
    try:
        state = path.stat()
        seen = (state.st_size, state.st_mtime_ns, state.st_ino)
        if _checked.get(path) == seen:
            return True
        with path.open("rb") as file:
            if file_digest(file, "sha256").hexdigest() != sha256:
                return False
    except OSError:
        return True
    _checked[path] = seen
    return True
