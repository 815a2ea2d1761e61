"""Reads what is in a made wheel, so that these tests need no other station."""

from __future__ import annotations

import hashlib
import zipfile
from typing import TYPE_CHECKING

from pyreq_tui.bundle import Bundle, compose, lay_out
from pyreq_tui.wheels import Contents, Member

if TYPE_CHECKING:
    from pathlib import Path


def contents_of(wheel: Path) -> Contents:
    with zipfile.ZipFile(wheel) as archive:
        members = tuple(
            Member(
                item.filename,
                item.file_size,
                item.compress_size,
                item.CRC,
                item.compress_type,
                bool(item.external_attr >> 16 & 0o100),
                item.header_offset,
            )
            for item in archive.infolist()
            if not item.is_dir()
        )
    sha256 = hashlib.sha256(wheel.read_bytes()).hexdigest()
    return Contents(wheel.name, sha256, wheel.stat().st_size, members, ())


def bundle_of(*wheels: Path) -> Bundle:
    """All ``wheels``, laid out; each is owned by its name."""
    return compose(
        *[lay_out(contents_of(wheel), wheel.name.split("-")[0].replace("_", "-"), wheel) for wheel in wheels]
    )
