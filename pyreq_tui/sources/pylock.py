"""pylock.toml (PEP 751): a lock that is taken as it is, with its default groups and without extras."""

from __future__ import annotations

from packaging.utils import canonicalize_name

from pyreq_tui.errors import PyreqError
from pyreq_tui.sources.lockfile import newer_format
from pyreq_tui.sources.model import Locked, Source
from pyreq_tui.sources.pyproject import read_toml, tables


def read_pylock(source: Source) -> Locked:
    """The lock of ``source``. Raises PyreqError."""
    if source.lockfile is None:
        raise PyreqError(f"There is no pylock.toml for module {source.module}.")
    lock = read_toml(source.lockfile)
    if newer := newer_format(source.lockfile, lock.get("lock-version"), newest=1, tool="tool"):
        raise newer
    names = (package.get("name") for package in tables(lock.get("packages")))
    return Locked(
        source=source,
        pylock=source.lockfile.read_text("utf-8"),
        direct=tuple(sorted({canonicalize_name(name) for name in names if isinstance(name, str)})),
        files=(source.lockfile,),
    )
