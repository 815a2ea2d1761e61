"""Where the members of a wheel lie once it is installed into a folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.bundle.memo import remembered
from pyreq_tui.bundle.model import Entry, WheelBytes
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
    ``owner`` is the package's normalised name. Raises PyreqError for a wheel with an unknown ``.data``
    folder.
    """
    source = WheelBytes(wheel_path)
    distribution = contents.filename.split("-", 1)[0]
    return tuple(
        Entry(
            name if ".data/" not in name else _installed(name, distribution, contents.filename),
            member.size_bytes,
            member.compressed_bytes,
            owner,
            source,
            member.header_offset,
            member.crc,
            member.method,
            member.is_executable or _is_script(name),
        )
        for member in contents.members
        for name in (member.name,)
    )


def _installed(name: str, distribution: str, filename: str) -> str:
    data_folder, _, rest = name.partition("/")
    if not data_folder.endswith(".data"):
        return name
    scheme, _, path = rest.partition("/")
    if scheme not in _SCHEMES or not path:
        raise PyreqError(
            f"The wheel {filename} holds {name}, which no installer would know where to put.",
            hint="Tell the package's authors, or pin another version.",
        )
    folder = _SCHEMES[scheme]
    return f"{folder}{distribution}/{path}" if scheme == "headers" else folder + path


def _is_script(name: str) -> bool:
    data_folder, _, rest = name.partition("/")
    return rest.startswith("scripts/") and data_folder.endswith(".data")
