from __future__ import annotations

import hashlib
import os
import threading
import zipfile
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.bundle import SERVICE_CODE, VENDOR, DeflatedBytes, code_entries, compose, list_files, write_zip
from pyreq_tui.errors import BuildError, PyreqError

if TYPE_CHECKING:
    from pathlib import Path

    from pyreq_tui.bundle import Entry

CODE = b"def handler(event, context):\n    return event\n" * 40


@pytest.fixture
def code(tmp_path: Path) -> Path:
    folder = tmp_path / "code"
    folder.mkdir()
    (folder / "handler.py").write_bytes(CODE)
    return folder


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache/deflated"


def entries_of(code: Path, cache: Path, owner: str = SERVICE_CODE) -> tuple[Entry, ...]:
    return code_entries(list_files(code).files, cache, owner)


def write(entries: tuple[Entry, ...], path: Path) -> zipfile.ZipFile:
    write_zip(compose(entries), path, cancel=threading.Event(), on_bytes=lambda _: None)
    return zipfile.ZipFile(path)


def kept_files(cache: Path) -> list[Path]:
    return sorted(path for path in cache.rglob("*") if path.is_file())


def test_code_is_deflated_once_and_kept_by_content(code: Path, cache: Path) -> None:
    (code / "copy.py").write_bytes(CODE)
    (code / "copy.py").chmod(0o755)
    copy, handler = entries_of(code, cache)
    digest = hashlib.sha256(CODE).hexdigest()
    assert handler.source == DeflatedBytes(code / "handler.py", cache / digest[:2] / digest)
    assert handler.compressed_bytes < handler.size_bytes == len(CODE)
    assert (handler.method, handler.owner, handler.is_executable, copy.is_executable) == (
        8,
        SERVICE_CODE,
        False,
        True,
    )
    (kept,) = kept_files(cache)
    before = kept.stat().st_mtime_ns
    assert entries_of(code, cache, VENDOR)[1] == handler._replace(owner=VENDOR)
    assert kept.stat().st_mtime_ns == before


def test_what_deflating_does_not_shrink_is_stored(code: Path, cache: Path, tmp_path: Path) -> None:
    noise = os.urandom(3_000)
    (code / "noise").write_bytes(noise)
    (code / "empty").touch()
    entries = entries_of(code, cache)
    assert {entry.path: entry.method for entry in entries} == {"empty": 0, "handler.py": 8, "noise": 0}
    archive = write(entries, tmp_path / "o.zip")
    assert archive.testzip() is None
    assert {name: archive.read(name) for name in archive.namelist()} == {
        "empty": b"",
        "handler.py": CODE,
        "noise": noise,
    }


def test_what_ships_is_what_was_read(code: Path, cache: Path, tmp_path: Path) -> None:
    entries = entries_of(code, cache)
    (code / "handler.py").write_bytes(b"changed meanwhile")
    assert write(entries, tmp_path / "o.zip").read("handler.py") == CODE
    (code / "handler.py").unlink()
    assert write(entries, tmp_path / "o.zip").read("handler.py") == CODE


@pytest.mark.parametrize("damage", [b"", b"short", bytes(5_000)])
def test_a_kept_file_without_its_seal_is_made_anew(
    code: Path, cache: Path, tmp_path: Path, damage: bytes
) -> None:
    entries = entries_of(code, cache)
    (kept,) = kept_files(cache)
    kept.write_bytes(damage)
    assert entries_of(code, cache) == entries
    assert write(entries, tmp_path / "o.zip").read("handler.py") == CODE


def test_a_flipped_bit_is_noticed_when_it_would_ship(code: Path, cache: Path, tmp_path: Path) -> None:
    entries = entries_of(code, cache)
    (kept,) = kept_files(cache)
    data = bytearray(kept.read_bytes())
    data[10] ^= 1
    kept.write_bytes(data)
    with pytest.raises(BuildError, match=r"handler\.py in the cache was damaged and has been removed"):
        write(entries, tmp_path / "o.zip")
    assert write(entries_of(code, cache), tmp_path / "o.zip").read("handler.py") == CODE


def test_a_kept_file_that_is_gone_is_named(code: Path, cache: Path, tmp_path: Path) -> None:
    entries = entries_of(code, cache)
    kept_files(cache)[0].unlink()
    with pytest.raises(BuildError, match="is not in the cache any more"):
        write(entries, tmp_path / "o.zip")


def test_large_inputs_are_deflated_in_parallel_and_come_out_the_same(
    code: Path, cache: Path, tmp_path: Path
) -> None:
    for index in range(8):
        (code / f"data{index}.txt").write_bytes(CODE * (100 + index))
    entries = entries_of(code, cache)
    one_by_one = [code_entries([file], tmp_path / "one") for file in list_files(code).files]
    assert [entry._replace(source=None) for entry in entries] == [  # type: ignore[arg-type]  # differs by folder
        entry._replace(source=None)  # type: ignore[arg-type]  # differs by folder
        for (entry,) in one_by_one
    ]
    assert write(entries, tmp_path / "o.zip").testzip() is None


def test_many_threads_keeping_the_same_content_agree(code: Path, cache: Path) -> None:
    results: list[tuple[Entry, ...]] = []
    threads = [threading.Thread(target=lambda: results.append(entries_of(code, cache))) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 12
    assert len(set(results)) == 1
    assert len(kept_files(cache)) == 1


def test_a_file_that_vanished_is_named(code: Path, cache: Path) -> None:
    files = list_files(code).files
    (code / "handler.py").unlink()
    with pytest.raises(PyreqError, match=r"handler\.py could not be read: No such file") as raised:
        code_entries(files, cache)
    assert raised.value.exit_status == 2


def test_a_cache_that_cannot_be_written_is_named(code: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(BuildError, match="could not be written") as raised:
        entries_of(code, tmp_path / "file/deflated")
    assert raised.value.exit_status == 3


def test_everything_damaged_goes_at_once(code: Path, cache: Path, tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (code / name).write_bytes(name.encode() * 500)
    entries = entries_of(code, cache)
    for kept in kept_files(cache)[1:]:
        kept.write_bytes(bytes([kept.read_bytes()[0] ^ 1]) + kept.read_bytes()[1:])
    with pytest.raises(BuildError, match="was damaged"):
        write(entries, tmp_path / "o.zip")
    assert len(kept_files(cache)) == 1
