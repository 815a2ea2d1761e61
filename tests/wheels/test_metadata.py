"""METADATA from among the members, and Contents with it."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.locks import WheelFile
from pyreq_tui.wheels.archive import RefusedError
from pyreq_tui.wheels.metadata import read_contents
from tests.making import make_wheel

if TYPE_CHECKING:
    from pathlib import Path

    from pyreq_tui.wheels import Contents


def contents_of(data: bytes, filename: str = "tiny-1.0-py3-none-any.whl") -> Contents:
    wheel = WheelFile(filename, "https://index/x", None, None)
    return read_contents(wheel, len(data), lambda start, length: data[start : start + length])


def make(metadata: bytes | str, folder: str = "tiny-1.0.dist-info", **more: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tiny.py", "x = 1\n")
        archive.writestr(f"{folder}/METADATA", metadata)
        for name, data in more.items():
            archive.writestr(name, data)
    return buffer.getvalue()


def test_contents_of_a_wheel(tmp_path: Path) -> None:
    path = make_wheel(
        tmp_path,
        "tiny",
        files={"tiny/__init__.py": "x = 1\n", "tiny/run.sh": "#!/bin/sh\n"},
        requires=["six>=1.16", 'boto3[crt] ; extra == "aws"'],
        extras=["aws"],
        requires_python=">=3.9, !=3.11.*",
        executables=["tiny/run.sh"],
    )
    contents = contents_of(path.read_bytes())
    assert contents.filename == "tiny-1.0-py3-none-any.whl"
    assert contents.size_bytes == path.stat().st_size
    assert contents.requires == ("six>=1.16", 'boto3[crt] ; extra == "aws"')
    assert contents.provided_extras == ("aws",)
    assert contents.requires_python == ">=3.9, !=3.11.*"
    assert {member.name for member in contents.members if member.is_executable} == {"tiny/run.sh"}
    assert "tiny-1.0.dist-info/RECORD" in {member.name for member in contents.members}


def test_headers_end_where_the_readme_starts_and_folded_ones_are_joined() -> None:
    metadata = (
        "Metadata-Version: 2.1\nName: tiny\nRequires-Dist: six\n  (>=1.16)\n\nRequires-Dist: not-this\n"
    )
    assert contents_of(make(metadata)).requires == ("six (>=1.16)",)


def test_names_are_compared_normalised() -> None:
    data = make("Name: x\n", "Tiny_Thing.X-1.0.dist-info")
    assert contents_of(data, "tiny_thing_x-1.0-py3-none-any.whl").requires == ()


def test_another_dist_info_beside_its_own_is_ignored_and_none_is_refused() -> None:
    both = {"other-2.0.dist-info/METADATA": b"Requires-Dist: no\n"}
    assert contents_of(make("Requires-Dist: yes\n", **both)).requires == ("yes",)
    with pytest.raises(RefusedError, match=r"dist-info folder of its own.*other-2.0"):
        contents_of(make("Name: x\n", "other-2.0.dist-info"))
    with pytest.raises(RefusedError, match=r"Tiny-1.0.dist-info, tiny-1.0.dist-info"):
        contents_of(make("Name: x\n", **{"Tiny-1.0.dist-info/METADATA": b""}))


def test_a_long_extra_field_takes_a_second_read() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        info = zipfile.ZipInfo("tiny-1.0.dist-info/METADATA")
        info.extra = struct.pack("<HH", 0x9999, 300) + b"\0" * 300
        archive.writestr(info, "Requires-Dist: six\n")
    assert contents_of(buffer.getvalue()).requires == ("six",)


@pytest.mark.parametrize(
    ("offset", "layout", "value", "reason"),
    [
        (16, "L", 1, "not what the directory says"),
        (24, "L", 5, "not what the directory says"),
        (24, "L", 900, "not what the directory says"),
        (24, "L", 9 * 2**20, "can't have|over the limit"),
    ],
)
def test_metadata_that_is_not_what_the_directory_says(
    offset: int, layout: str, value: int, reason: str
) -> None:
    data = bytearray(make("Name: tiny\n" * 5))
    struct.pack_into(f"<{layout}", data, data.rfind(b"PK\x01\x02") + offset, value)
    with pytest.raises(RefusedError, match=reason):
        contents_of(bytes(data))


def test_metadata_without_a_local_header_or_with_a_long_one_or_broken_data() -> None:
    good = make("Name: tiny\n" * 5)
    at = good.rfind(b"PK\x03\x04")
    broken = good[:at] + b"XXXX" + good[at + 4 :]
    with pytest.raises(RefusedError, match="no local header"):
        contents_of(broken)
    long = bytearray(good)
    struct.pack_into("<H", long, at + 28, 60_000)
    with pytest.raises(RefusedError, match="does not fit"):
        contents_of(bytes(long))
    garbled = bytearray(good)
    garbled[at + 30 + len("tiny-1.0.dist-info/METADATA")] = 0xFF
    with pytest.raises(RefusedError, match=r"inflated|directory says"):
        contents_of(bytes(garbled))


def test_a_bomb_is_not_inflated() -> None:
    with pytest.raises(RefusedError, match="over the limit"):
        contents_of(make(b"\0" * 2**24))
