"""A wheel that has changed in the cache never ships."""

from __future__ import annotations

import os
import threading
import zipfile
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.bundle import Bundle, compose, nest, write_zip
from pyreq_tui.errors import BuildError
from tests.bundle.contents import bundle_of
from tests.making import make_wheel

if TYPE_CHECKING:
    from pathlib import Path


def write(bundle: Bundle, path: Path) -> None:
    write_zip(bundle, path, cancel=threading.Event(), on_bytes=lambda _: None)


def spoil(wheel: Path) -> None:
    """Change one byte of the first member's data, as a disk does: the directory and headers stay right."""
    with zipfile.ZipFile(wheel) as archive:
        first = archive.infolist()[0]
    data = bytearray(wheel.read_bytes())
    data[first.header_offset + 30 + len(first.filename) + first.compress_size // 2] ^= 0x41
    wheel.write_bytes(data)


@pytest.mark.parametrize("is_nested", [False, True])
def test_damaged_wheels_are_all_named_and_removed_before_anything_is_written(
    tmp_path: Path, *, is_nested: bool
) -> None:
    names = ("fine", "rotten", "worse")
    wheels = [make_wheel(tmp_path / "w", name, files={f"{name}.bin": os.urandom(900)}) for name in names]
    bundle = bundle_of(*wheels)
    for wheel in wheels[1:]:
        spoil(wheel)

    with pytest.raises(BuildError, match=r"removed: rotten-\S+\.whl, worse-\S+\.whl\."):
        write(compose(nest(bundle)) if is_nested else bundle, tmp_path / "out.zip")

    assert [wheel.exists() for wheel in wheels] == [True, False, False]
    assert not (tmp_path / "out.zip").exists()


def test_a_wheel_is_compared_again_once_it_has_changed(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path / "w", "demo", files={"demo.bin": os.urandom(900)})
    bundle = bundle_of(wheel)
    write(bundle, tmp_path / "out.zip")
    write(bundle, tmp_path / "out.zip")
    spoil(wheel)
    os.utime(wheel, ns=(1, 1))

    with pytest.raises(BuildError, match="Damaged"):
        write(bundle, tmp_path / "out.zip")
