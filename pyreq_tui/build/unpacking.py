"""Writes a Bundle as files in a folder, and puts finished folders in the place of old ones."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING

from pyreq_tui.bundle import OpenWheels, read_entry
from pyreq_tui.errors import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from pathlib import Path

    from pyreq_tui.bundle import Bundle, Entry
    from pyreq_tui.processes import Cancel

FOLDER_MODE = 0o755
PROGRAM_MODE = 0o755
FILE_MODE = 0o644


def unpack(bundle: Bundle, folder: Path, cancel: Cancel, on_bytes: Callable[[int], None]) -> None:
    """Write each Entry as a file of the mode it has in an artifact, whatever the umask.

    Raises BuildError where bytes are missing or damaged, OSError where the disk refuses, and Cancelled.
    """
    for path in sorted({folder, *(folder / parent for parent in _folders(bundle.entries))}):
        path.mkdir(parents=True, exist_ok=True)
        path.chmod(FOLDER_MODE)

    def write(entries: Sequence[Entry]) -> None:
        with OpenWheels() as wheels:
            for entry in entries:
                if cancel.is_set():
                    raise Cancelled
                path = folder / entry.path
                path.write_bytes(read_entry(entry, wheels, cancel))
                path.chmod(PROGRAM_MODE if entry.is_executable else FILE_MODE)
                on_bytes(entry.size_bytes)

    workers = max(2, os.cpu_count() or 2)
    share = -(-len(bundle.entries) // workers) or 1
    with ThreadPoolExecutor(workers) as pool:
        shares = (bundle.entries[start : start + share] for start in range(0, len(bundle.entries), share))
        for _ in pool.map(write, shares):
            pass


def _folders(entries: Iterable[Entry]) -> set[str]:
    found: set[str] = set()
    for entry in entries:
        folder = entry.path.rpartition("/")[0]
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]
    return found


def swap(fresh: Mapping[Path, Path], names: Sequence[str], workshop: Path) -> None:
    """Put the parts of each fresh folder called ``names`` into their place, or leave all places as they were.

    What stood there under these names is moved into ``workshop``, on the same disk.
    """
    moved: list[tuple[Path, Path]] = []

    def move(before: Path, now: Path) -> None:
        before.rename(now)
        moved.append((before, now))

    try:
        for folder, place in fresh.items():
            place.mkdir(parents=True, exist_ok=True)
            for name in names:
                if os.path.lexists(place / name):
                    move(place / name, workshop / f"old-{len(moved)}")
                if (folder / name).exists():
                    move(folder / name, place / name)
    except BaseException:
        for before, now in reversed(moved):
            with suppress(OSError):  # what can't go back must not keep the rest from it
                now.rename(before)
        raise
