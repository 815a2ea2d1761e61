"""Reading a zip's directory: as zipfile does where it is honest, refused where it is not."""

from __future__ import annotations

import io
import stat
import struct
import warnings
import zipfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyreq_tui.errors import BuildError
from pyreq_tui.wheels.archive import RefusedError, read_members

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyreq_tui.wheels.model import Member

CENTRAL = b"PK\x01\x02"
END = b"PK\x05\x06"


def members_of(data: bytes) -> tuple[Member, ...]:
    def read(start: int, length: int) -> bytes:
        assert 0 <= start <= start + length <= len(data), "a read outside the file"
        return data[start : start + length]

    return read_members("tiny-1.0-py3-none-any.whl", len(data), read)


def make_zip(
    files: dict[str, bytes],
    *,
    compression: int = zipfile.ZIP_DEFLATED,
    comment: bytes = b"",
    mode: int = 0o100644,
    streamed: bool = False,
) -> bytes:
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def seek(self, *_: object) -> int:
            raise OSError

        def tell(self) -> int:
            raise OSError

    buffer = Pipe() if streamed else io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(buffer, "w", compression) as archive:
        warnings.simplefilter("ignore")
        archive.comment = comment
        for name, data in files.items():
            info = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
            info.compress_type = compression
            info.external_attr = mode << 16
            archive.writestr(info, data)
    return buffer.getvalue()


def patch(data: bytes, signature: bytes, offset: int, layout: str, *values: int, last: bool = True) -> bytes:
    """``data`` with fields changed at ``offset`` from the last (or first) ``signature``."""
    at = (data.rfind if last else data.find)(signature) + offset
    changed = bytearray(data)
    struct.pack_into(f"<{layout}", changed, at, *values)
    return bytes(changed)


NAMES = st.lists(
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0x2FF, exclude_characters="/\\:\x7f"), min_size=1)
    .map(lambda part: part.encode("utf-8", "replace").decode())
    .filter(lambda part: part not in (".", "..") and not any(0x7F <= ord(char) <= 0x9F for char in part)),
    min_size=1,
    max_size=3,
).map("/".join)


@given(
    files=st.dictionaries(NAMES.map(lambda name: f"x{name}"), st.binary(max_size=300), max_size=8),
    compression=st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]),
    comment=st.binary(max_size=80).filter(lambda comment: END not in comment),  # zipfile is misled by it
    prefix=st.binary(max_size=50).filter(lambda prefix: b"PK" not in prefix),  # and by that
    streamed=st.booleans(),
)
def test_agrees_with_zipfile(
    files: dict[str, bytes], compression: int, comment: bytes, prefix: bytes, streamed: bool
) -> None:
    folders = {"/".join(name.split("/")[:depth]) for name in files for depth in range(1, name.count("/") + 1)}
    files = {name: data for name, data in files.items() if name not in folders}
    data = prefix + make_zip(files, compression=compression, comment=comment, streamed=streamed)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        expected = [
            (
                info.filename,
                info.file_size,
                info.compress_size,
                info.CRC,
                info.compress_type,
                False,
                info.header_offset,
            )
            for info in archive.infolist()
        ]
    assert [tuple(member) for member in members_of(data)] == expected


def test_an_end_record_in_the_comment_does_not_mislead() -> None:
    plain = make_zip(GOOD, comment=b"")
    assert members_of(make_zip(GOOD, comment=END)) == members_of(plain)
    assert members_of(make_zip(GOOD, comment=END + b"\0" * 40)) == members_of(plain)


def test_leaves_folders_out_and_reads_executable_bits() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.mkdir("tool")
        for name, mode in {"tool/run": 0o100755, "tool/data": 0o100644, "tool/modeless": 0o755}.items():
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            archive.writestr(info, b"x")
    assert {member.name: member.is_executable for member in members_of(buffer.getvalue())} == {
        "tool/run": True,
        "tool/data": False,
        "tool/modeless": False,
    }


def test_reads_names_of_the_dos_code_page() -> None:
    data = make_zip({"caf_.py": b"x"}).replace(b"caf_.py", b"caf\x82.py")
    assert members_of(data)[0].name == "café.py"


def test_reads_zip64(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = members_of(make_zip({"a.py": b"1" * 500, "b/c.py": b"2" * 500}))
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 100)
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    data = make_zip({"a.py": b"1" * 500, "b/c.py": b"2" * 500})
    assert b"PK\x06\x06" in data
    read = members_of(data)
    assert [member[:5] for member in read] == [member[:5] for member in plain]
    assert all(data[member.header_offset :].startswith(b"PK\x03\x04") for member in read)


@pytest.mark.slow
def test_reads_more_entries_than_sixteen_bits_count() -> None:
    data = make_zip({f"{number}": b"" for number in range(65_600)}, compression=zipfile.ZIP_STORED)
    assert len(members_of(data)) == 65_600


GOOD = {"pkg/__init__.py": b"import os\n" * 40, "pkg/data.bin": b"\0" * 64}

HOSTILE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "empty": (lambda _: b"", "too short"),
    "no zip": (lambda _: b"<html>" * 100, "not a zip"),
    "truncated": (lambda data: data[:-30], "not a zip"),
    "bytes behind": (lambda data: data + b"x", "not a zip"),
    "encrypted": (lambda data: patch(data, CENTRAL, 8, "H", 1), "encrypted"),
    "strongly encrypted": (lambda data: patch(data, CENTRAL, 8, "H", 0x40), "encrypted"),
    "masked": (lambda data: patch(data, CENTRAL, 8, "H", 0x2000), "masked"),
    "patch data": (lambda data: patch(data, CENTRAL, 8, "H", 0x20), "patch data"),
    "bzip2": (lambda data: patch(data, CENTRAL, 10, "H", 12), "method 12"),
    "symbolic link": (
        lambda data: patch(data, CENTRAL, 38, "L", (stat.S_IFLNK | 0o777) << 16),
        "symbolic link",
    ),
    "device": (lambda data: patch(data, CENTRAL, 38, "L", (stat.S_IFCHR | 0o666) << 16), "ordinary file"),
    "folder without slash": (
        lambda data: patch(data, CENTRAL, 38, "L", (stat.S_IFDIR | 0o755) << 16),
        "ordinary",
    ),
    "inflates too well": (lambda data: patch(data, CENTRAL, 24, "L", 2**31), "can't have"),
    "reaches too far": (lambda data: patch(data, CENTRAL, 20, "L", 2**20), "does not fit"),
    "starts too far": (lambda data: patch(data, CENTRAL, 42, "L", 2**30), "does not fit"),
    "overlaps": (lambda data: patch(data, CENTRAL, 42, "L", 5), "overlaps"),
    "disks": (lambda data: patch(data, CENTRAL, 34, "H", 3), "one part of several"),
    "more disks": (lambda data: patch(data, END, 4, "H", 1), "one part of several"),
    "counts differ": (lambda data: patch(data, END, 8, "H", 1), "one part of several"),
    "too few entries": (lambda data: patch(data, END, 8, "HH", 1, 1), "longer than its count"),
    "too many entries": (lambda data: patch(data, END, 8, "HH", 3, 3), "ends too early|damaged|lie where"),
    "very many entries": (lambda data: patch(data, END, 8, "HH", 9999, 9999), "lie where"),
    "huge directory": (lambda data: patch(data, END, 12, "L", 2**31), "over the limit"),
    "directory elsewhere": (lambda data: patch(data, END, 16, "L", 2**20), "lie where"),
    "no zip64 sizes": (lambda data: patch(data, CENTRAL, 24, "L", 2**32 - 1), "zip64 sizes"),
    "damaged entry": (lambda data: patch(data, CENTRAL, 0, "L", 0), "damaged"),
    "name is not UTF-8": (
        lambda data: patch(data, CENTRAL, 8, "H", 0x800).replace(b"data.bin", b"dat\xff.bin"),
        "not UTF-8",
    ),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_refuses(case: str) -> None:
    harm, reason = HOSTILE[case]
    with pytest.raises(RefusedError, match=reason) as refusal:
        members_of(harm(make_zip(GOOD)))
    assert "tiny-1.0-py3-none-any.whl" in refusal.value.message
    assert refusal.value.hint


@pytest.mark.parametrize(
    "name",
    [
        *(
            "../up.py",
            "a/../../up.py",
            "..",
            "/etc/passwd",
            "C:/x.py",
            "a\\b.py",
            "a//b.py",
            "./a.py",
            "a/./b",
        ),
        *("a\nb", "a\x1b[2J", "a\x85b", "a\x7f"),
    ],
)
def test_refuses_the_name(name: str) -> None:
    stand_in = "x" * len(name.encode())
    raw = make_zip({stand_in: b"x"}).replace(stand_in.encode(), name.encode())
    with pytest.raises(RefusedError, match="unsafe"):
        members_of(patch(raw, CENTRAL, 8, "H", 0x800))


def test_refuses_a_nul_in_a_name() -> None:
    with pytest.raises(RefusedError, match="unsafe"):
        members_of(make_zip({"good.pyX.exe": b"x"}).replace(b"good.pyX.exe", b"good.py\0.exe"))


def test_refuses_a_name_that_occurs_twice() -> None:
    data = make_zip({"a.py": b"one", "b.py": b"two"}).replace(b"b.py", b"a.py")
    with pytest.raises(RefusedError, match="occurs twice"):
        members_of(data)


def test_refuses_a_file_that_is_a_folder_too() -> None:
    with pytest.raises(RefusedError, match="both a file and a folder"):
        members_of(make_zip({"a": b"one", "a/b/c.py": b"two"}))


def test_refuses_a_folder_outside() -> None:
    with pytest.raises(RefusedError, match="folder"):
        members_of(make_zip({"xx/": b""}).replace(b"xx/", b"../"))


def test_refuses_end_records_that_contradict_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    data = make_zip(GOOD)
    with pytest.raises(RefusedError, match="contradict"):
        members_of(patch(data, END, 8, "HH", 1, 1))


def zip64(monkeypatch: pytest.MonkeyPatch) -> bytes:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 100)
    monkeypatch.setattr(zipfile, "ZIP_FILECOUNT_LIMIT", 1)
    return make_zip(GOOD | {"large.py": b"x" * 200})


@pytest.mark.parametrize(
    ("signature", "offset", "layout", "value", "reason"),
    [
        (b"PK\x06\x07", 16, "L", 2, "end record is missing"),
        (b"PK\x06\x06", 0, "L", 0, "end record is missing"),
        (b"PK\x06\x06", 24, "Q", 2**60, "contradict"),
        (b"PK\x06\x06", 40, "Q", 2**40, "contradict"),
        (b"PK\x06\x06", 48, "Q", 2**60, "contradict"),
        (CENTRAL, 46 + len("large.py"), "H", 7, "lacks its zip64 sizes"),
        (CENTRAL, 46 + len("large.py") + 2, "H", 6, "lacks its zip64 sizes"),
        (CENTRAL, 46 + len("large.py") + 4, "Q", 2**60, "can't have"),
        (CENTRAL, 46 + len("large.py") + 20, "Q", 2**60, "does not fit"),
    ],
)
def test_refuses_zip64_records_that_lie(
    monkeypatch: pytest.MonkeyPatch, signature: bytes, offset: int, layout: str, value: int, reason: str
) -> None:
    data = zip64(monkeypatch)
    assert {member.name for member in members_of(data)} == {*GOOD, "large.py"}
    with pytest.raises(RefusedError, match=reason):
        members_of(patch(data, signature, offset, layout, value))


@given(
    flips=st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=4),
    cut=st.integers(0, 40),
)
def test_damage_is_read_or_refused_and_nothing_else(flips: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(make_zip(GOOD, comment=b"c"))
    for position, value in flips:
        data[position % len(data)] = value
    try:
        members = members_of(bytes(data[: len(data) - cut]))
    except BuildError:
        return
    assert all(0 <= member.header_offset < len(data) for member in members)
