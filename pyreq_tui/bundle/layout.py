"""Where the members of a wheel lie once it is installed into a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.bundle.entry import Entry, WheelBytes
from pyreq_tui.bundle.memo import remembered
from pyreq_tui.errors import PyreqError

if TYPE_CHECKING:
    from pathlib import Path

    from pyreq_tui.wheels import Contents

_SCHEMES = {"purelib": "", "platlib": "", "data": "", "scripts": "bin/", "headers": "include/python/"}
"""Where each folder of ``NAME-VERSION.data`` (PEP 427) goes with ``pip install --target``."""


@remembered(size=1_024)
def lay_out(contents: Contents, owner: str, wheel_path: Path) -> tuple[Entry, ...]:
    """The files of a wheel as ``pip install --target`` leaves them, less what an installation adds.

    Left out: launchers for console scripts, bytecode, ``INSTALLER``, ``REQUESTED`` and ``direct_url.json``.
    ``RECORD`` is the wheel's own, and scripts keep their ``#!python`` line: the bytes are those of the wheel.
    What ``data`` puts under ``lib`` stays there, as with uv; pip loses it. ``owner`` is the package's
    normalised name. Raises PyreqError for a wheel with an unknown ``.data`` folder.
    """
    source = WheelBytes(wheel_path, contents.sha256)
    entries = []
    for name, size_bytes, compressed_bytes, crc, method, is_executable, offset in contents.members:
        path, is_script = _installed(name, contents.filename) if ".data/" in name else (name, False)
        runs = is_executable or is_script
        entries.append(Entry(path, size_bytes, compressed_bytes, owner, source, offset, crc, method, runs))
    return tuple(entries)


def _installed(name: str, filename: str) -> tuple[str, bool]:
    """Where a member goes, and whether it is a script."""
    data_folder, _, rest = name.partition("/")
    if not data_folder.endswith(".data"):
        return name, False
    scheme, _, path = rest.partition("/")
    if scheme not in _SCHEMES or not path:
        raise PyreqError(
            f"The wheel {filename} holds {name}, which no installer would know where to put.",
            hint="Tell the package's authors, or pin another version.",
        )
    own_folder = f"{filename.split('-', 1)[0]}/" if scheme == "headers" else ""
    return f"{_SCHEMES[scheme]}{own_folder}{path}", scheme == "scripts"
