from __future__ import annotations

import errno
import hashlib
import io
import os
import random
import shutil
import stat
import struct
import subprocess
import threading
import zipfile
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyreq_tui.bundle import (
    Bundle,
    Entry,
    LiteralBytes,
    UnknownBytes,
    WheelBytes,
    compose,
    nest,
    relocate,
    write_zip,
    zip_size,
)
from pyreq_tui.bundle import writer as writer_module
from pyreq_tui.errors import BuildError, Cancelled
from tests.bundle.contents import bundle_of
from tests.making import make_wheel

GOLDEN = bytes.fromhex(
    # local header of a/run.sh: version 20, stored, 1980-01-01 00:00, CRC, sizes, name
    "504b0304 1400 0000 0000 0000 2100 1d9dfb04 0a000000 0a000000 0800 0000 612f72756e2e7368"
    "23212f62696e2f73680a"
    # local header of é.txt: the UTF-8 flag is set
    "504b0304 1400 0008 0000 0000 2100 8316dc8c 01000000 01000000 0600 0000 c3a92e747874 78"
    # directory record of a/run.sh: made by Unix, mode 100755, at offset 0
    "504b0102 1403 1400 0000 0000 0000 2100 1d9dfb04 0a000000 0a000000 0800 0000 0000 0000 0000 0000ed81"
    "00000000 612f72756e2e7368"
    # directory record of é.txt: mode 100644, at offset 48
    "504b0102 1403 1400 0008 0000 0000 2100 8316dc8c 01000000 01000000 0600 0000 0000 0000 0000 0000a481"
    "30000000 c3a92e747874"
    # end: 2 entries, 106 bytes of directory at offset 85, no comment
    "504b0506 0000 0000 0200 0200 6a000000 55000000 0000"
)


def literal(path: str, data: bytes, *, is_executable: bool = False) -> Entry:
    return Entry(
        path,
        len(data),
        len(data),
        "demo",
        LiteralBytes(data),
        crc=zlib.crc32(data),
        method=0,
        is_executable=is_executable,
    )


def write(bundle: Bundle, path: Path) -> str:
    return write_zip(bundle, path, cancel=threading.Event(), on_bytes=lambda _: None)


def test_golden_bytes(tmp_path: Path) -> None:
    bundle = compose([literal("é.txt", b"x"), literal("a/run.sh", b"#!/bin/sh\n", is_executable=True)])
    sha256 = write(bundle, tmp_path / "o.zip")
    assert (tmp_path / "o.zip").read_bytes() == GOLDEN
    assert sha256 == hashlib.sha256(GOLDEN).hexdigest()
    assert bundle.zipped_bytes == len(GOLDEN)


def test_an_empty_zip_is_a_zip(tmp_path: Path) -> None:
    write(compose(), tmp_path / "o.zip")
    assert zipfile.ZipFile(tmp_path / "o.zip").namelist() == []


NOISE = random.Random(1).randbytes(5_000)
"""What no one can deflate."""

Files = dict[str, tuple[bytes, bool]]
"""By path: what is in a file, and whether it runs."""


def without_files_in_place_of_folders(files: Files) -> Files:
    return {path: facts for path, facts in files.items() if not any(p.startswith(f"{path}/") for p in files)}


FILES = st.dictionaries(
    st.lists(st.text("abé.-_𝄞 ", min_size=1, max_size=5), min_size=2, max_size=4).map("/".join),
    st.tuples(st.binary(max_size=300), st.booleans()),
    max_size=8,
).map(without_files_in_place_of_folders)


@given(FILES, FILES, st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED]))
def test_any_bundle_reads_back_equal_and_is_as_large_as_said(
    packed: Files, literals: Files, compression: int
) -> None:
    with TemporaryDirectory() as folder:
        wheel, out = Path(folder) / "w-1-py3-none-any.whl", Path(folder) / "o.zip"
        with zipfile.ZipFile(wheel, "w", compression) as archive:
            for path, (data, is_executable) in packed.items():
                item = zipfile.ZipInfo(path)
                item.compress_type = compression
                item.external_attr = (0o100755 if is_executable else 0o100644) << 16
                archive.writestr(item, data)
        code = [literal(f"code/{path}", data, is_executable=runs) for path, (data, runs) in literals.items()]
        bundle = compose(relocate(bundle_of(wheel), "python/").entries, code)
        for shape in (bundle, compose(nest(bundle))):
            first, second = write(shape, out), write(shape, out)
            assert first == second == hashlib.sha256(out.read_bytes()).hexdigest()
            assert out.stat().st_size == zip_size(shape.entries)
            assert zipfile.ZipFile(out).testzip() is None
        inner = zipfile.ZipFile(io.BytesIO(zipfile.ZipFile(out).read(".requirements.zip")))
        expected = {f"python/{path}": facts for path, facts in packed.items()}
        expected |= {f"code/{path}": facts for path, facts in literals.items()}
        assert inner.testzip() is None
        assert inner.namelist() == sorted(expected)
        assert {
            item.filename: (inner.read(item), item.external_attr >> 16 == 0o100755)
            for item in inner.infolist()
        } == expected


@pytest.mark.skipif(shutil.which("unzip") is None, reason="unzip is not installed")
def test_unzip_accepts_it(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path, "demo", files={"demo/a.py": "x = 1\n" * 99, "demo/ü.py": "y"})
    for bundle in (bundle_of(wheel), compose(nest(bundle_of(wheel)))):
        write(bundle, tmp_path / "o.zip")
        assert subprocess.run(["unzip", "-tqq", tmp_path / "o.zip"], capture_output=True).returncode == 0


def test_the_data_is_found_behind_a_local_header_unlike_the_directory(tmp_path: Path) -> None:
    """As a streamed member has it: no sizes, a flag, and an extra field the directory knows nothing of."""
    data = b"x = 1\n" * 50
    compressor = zlib.compressobj(9, zlib.DEFLATED, -15)
    deflated = compressor.compress(data) + compressor.flush()
    extra = struct.pack("<2H", 0x9999, 1_000) + bytes(1_000)
    header = (
        struct.pack("<4s5H3I2H", b"PK\x03\x04", 20, 8, 8, 0, 0x21, 0, 0, 0, 4, len(extra)) + b"a.py" + extra
    )
    wheel = tmp_path / "w.whl"
    wheel.write_bytes(b"junk" + header + deflated + b"PK\x07\x08" + bytes(12))
    entry = Entry("b.py", len(data), len(deflated), "w", WheelBytes(wheel), 4, zlib.crc32(data), 8)
    write(compose([entry]), tmp_path / "o.zip")
    assert zipfile.ZipFile(tmp_path / "o.zip").read("b.py") == data


def test_a_member_larger_than_a_block_is_copied_whole(tmp_path: Path) -> None:
    data = os.urandom(3_500_000)
    wheel = make_wheel(tmp_path, "demo", files={"demo/large.bin": data, "demo/a.py": ""})
    told: list[int] = []
    bundle = bundle_of(wheel)
    write_zip(bundle, tmp_path / "o.zip", cancel=threading.Event(), on_bytes=told.append)
    assert zipfile.ZipFile(tmp_path / "o.zip").read("demo/large.bin") == data
    assert sum(told) == bundle.zipped_bytes
    assert len(told) > 3


def test_more_wheels_than_may_be_open(tmp_path: Path) -> None:
    wheels = [make_wheel(tmp_path, f"demo{index}") for index in range(70)]
    bundle = bundle_of(*wheels)
    write(bundle, tmp_path / "o.zip")
    assert zipfile.ZipFile(tmp_path / "o.zip").testzip() is None


@pytest.mark.slow
def test_more_than_65535_entries(tmp_path: Path) -> None:
    entry = literal("x", b"x")
    bundle = compose([entry._replace(path=f"d/{index:05}") for index in range(70_000)])
    write(bundle, tmp_path / "o.zip")
    assert (tmp_path / "o.zip").stat().st_size == bundle.zipped_bytes
    with zipfile.ZipFile(tmp_path / "o.zip") as archive:
        assert len(archive.namelist()) == 70_000
        assert archive.read("d/69999") == b"x"


def test_the_count_that_needs_zip64() -> None:
    entries = [literal("x", b"")._replace(path=f"{index:05}") for index in range(65_536)]
    per_entry = 30 + 46 + 2 * 5
    assert zip_size(entries[:65_534]) == 65_534 * per_entry + 22
    assert zip_size(entries[:65_535]) == 65_535 * per_entry + 22 + 56 + 20
    assert zip_size(entries) == 65_536 * per_entry + 22 + 56 + 20


@pytest.mark.slow
def test_more_than_four_gigabytes(tmp_path: Path) -> None:
    """Sparse on the way in, so only the zip takes room."""
    huge = (1 << 32) + 5
    wheel = tmp_path / "w.whl"
    with wheel.open("wb") as file:
        file.write(struct.pack("<4s5H3I2H", b"PK\x03\x04", 45, 0, 0, 0, 0x21, 0, 0, 0, 1, 0) + b"a")
        file.truncate(31 + huge)
    entry = Entry("a", huge, huge, "w", WheelBytes(wheel), 0, 0, 0)
    bundle = compose([entry, literal("b", b"after")])
    write(bundle, tmp_path / "o.zip")
    assert (tmp_path / "o.zip").stat().st_size == bundle.zipped_bytes
    with zipfile.ZipFile(tmp_path / "o.zip") as archive:
        assert [item.file_size for item in archive.infolist()] == [huge, 5]
        assert archive.read("b") == b"after"
    (tmp_path / "o.zip").unlink()


@pytest.mark.skipif(os.name != "posix", reason="a umask is a POSIX thing")
def test_modes_do_not_depend_on_the_umask(tmp_path: Path) -> None:
    bundle = compose([literal("a", b"x"), literal("b", b"x", is_executable=True)])
    old = os.umask(0o077)
    try:
        first = write(bundle, tmp_path / "o.zip")
    finally:
        os.umask(old)
    assert first == write(bundle, tmp_path / "p.zip")
    modes = [item.external_attr >> 16 for item in zipfile.ZipFile(tmp_path / "o.zip").infolist()]
    assert modes == [stat.S_IFREG | 0o644, stat.S_IFREG | 0o755]


def test_cancelling_leaves_what_stood_there_and_no_trace(tmp_path: Path) -> None:
    wheel = make_wheel(tmp_path / "w", "demo", files={f"demo/{i}.bin": os.urandom(700_000) for i in range(6)})
    out = tmp_path / "out"
    out.mkdir()
    (out / "o.zip").write_bytes(b"before")
    cancel = threading.Event()
    for bundle in (bundle_of(wheel), compose(nest(bundle_of(wheel)))):
        cancel.clear()
        with pytest.raises(Cancelled):
            write_zip(bundle, out / "o.zip", cancel=cancel, on_bytes=lambda _: cancel.set())
        assert [path.name for path in out.iterdir()] == ["o.zip"]
        assert (out / "o.zip").read_bytes() == b"before"
        cancel.set()
        with pytest.raises(Cancelled):
            write_zip(bundle, out / "o.zip", cancel=cancel, on_bytes=lambda _: None)


def test_a_full_disk_is_named_and_leaves_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(writer_module, "_write_all", refuse)
    (tmp_path / "o.zip").write_bytes(b"before")
    with pytest.raises(BuildError, match=r"is full: o\.zip needs 200 B") as raised:
        write(compose([literal("a", b"x" * 100)]), tmp_path / "o.zip")
    assert raised.value.exit_status == 3
    assert [(path.name, path.read_bytes()) for path in tmp_path.iterdir()] == [("o.zip", b"before")]


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="could not be written: No such file"):
        write(compose(), tmp_path / "none" / "o.zip")


def test_bytes_nobody_has_seen_are_a_fault(tmp_path: Path) -> None:
    entry = Entry("a.py", 1, 1, "demo", UnknownBytes("demo has no wheel"))
    assert not compose([entry]).is_exact
    assert not compose(nest(compose([entry]))).is_exact
    with pytest.raises(BuildError, match=r"a\.py of demo was to be written before it was built"):
        write(compose([entry]), tmp_path / "o.zip")
    assert list(tmp_path.iterdir()) == []


def damaged_wheels(folder: Path) -> dict[str, Path]:
    good = make_wheel(folder / "good", "demo", files={"demo/a.py": NOISE})
    data = good.read_bytes()
    found: dict[str, Path] = {}
    for name, changed in {
        "no file starts there": b"XX" + data[2:],
        "it is encrypted": data[:6] + b"\x01" + data[7:],
        "its compression method is 12": data[:8] + b"\x0c" + data[9:],
        "its checksum is another": data[:14] + bytes(4) + data[18:],
        "it ends too early": data[:2_000],
        "ends too early": data[:20],
    }.items():
        found[name] = folder / f"{len(found)}.whl"
        found[name].write_bytes(changed)
    return found


def test_a_damaged_wheel_is_named(tmp_path: Path) -> None:
    whole = make_wheel(tmp_path / "whole", "demo", files={"demo/a.py": NOISE})
    (entry, *_) = [entry for entry in bundle_of(whole).entries if entry.path == "demo/a.py"]
    for why, wheel in damaged_wheels(tmp_path).items():
        with pytest.raises(BuildError, match=why):
            write(compose([entry._replace(source=WheelBytes(wheel))]), tmp_path / "o.zip")
    with pytest.raises(BuildError, match=r"none\.whl could not be read"):
        write(compose([entry._replace(source=WheelBytes(tmp_path / "none.whl"))]), tmp_path / "o.zip")
    assert not (tmp_path / "o.zip").exists()


def test_a_zip_of_another_size_than_planned_is_not_left(tmp_path: Path) -> None:
    entry = literal("a", b"xy")._replace(compressed_bytes=3)
    with pytest.raises(BuildError, match="came out as"):
        write(compose([entry]), tmp_path / "o.zip")
    assert list(tmp_path.iterdir()) == []
