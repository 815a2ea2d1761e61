"""A folder beside the artifacts for what is not finished yet; those that nobody works in go."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pyreq_tui.build.claims import alone_if_free, claim

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX = ".pyreq-"
_YOUNG_SECONDS = 5
"""So long after it was made a folder may not be claimed yet by who made it."""


@contextmanager
def workplace(output: Path) -> Iterator[Path]:
    """A fresh folder in ``output``, removed at the end; what killed processes have left there goes first.

    Raises OSError where the disk refuses.
    """
    output.mkdir(parents=True, exist_ok=True)
    sweep(output)
    folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=output))
    try:
        with claim(folder, threading.Event()):
            yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def sweep(output: Path) -> list[Path]:
    """Remove the workplaces in ``output`` that no living process claims; what was removed."""
    removed = []
    for folder in sorted(output.glob(f"{_PREFIX}*")):
        if not folder.is_dir() or folder.is_symlink():
            continue
        if time.time() - folder.stat().st_mtime < _YOUNG_SECONDS:
            continue
        with alone_if_free(folder) as is_free:
            if is_free:
                shutil.rmtree(folder, ignore_errors=True)
                removed.append(folder)
    return removed
