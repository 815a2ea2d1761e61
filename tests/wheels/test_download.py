"""Wheels brought into the store."""

from __future__ import annotations

import errno
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import BuildError, Cancelled
from pyreq_tui.wheels import transfer
from pyreq_tui.wheels.local import read_local
from tests.making import make_wheel
from tests.wheels.conftest import Desk, on_disk, served
from tests.wheels.test_inspection import big_wheel

if TYPE_CHECKING:
    from tests.index_server import IndexServer


def test_fetches_what_is_missing_and_verifies_it(index: IndexServer, desk: Desk) -> None:
    paths = [big_wheel(index.folder, name) for name in ("one", "two", "three")]
    wheels = [served(index, path) for path in paths]
    total = sum(path.stat().st_size for path in paths)
    assert desk.fetch(*wheels, *wheels) == total == index.bytes_sent
    for wheel, path in zip(wheels, paths, strict=True):
        assert desk.store.wheel_path(wheel).read_bytes() == path.read_bytes()
        assert desk.store.contents(wheel) == read_local(wheel, path)
    assert desk.progress[-1] == (total, total)
    assert [done for done, _ in desk.progress] == sorted(done for done, _ in desk.progress)
    assert sorted(desk.lines) == [f"Fetched {name}-1.0-py3-none-any.whl" for name in ("one", "three", "two")]
    assert desk.fetch(*wheels, offline=True) == 0
    assert index.requests == 3


def test_a_wheel_of_the_wrong_size_in_the_store_is_fetched_anew(index: IndexServer, desk: Desk) -> None:
    wheel = served(index, big_wheel(index.folder))
    desk.fetch(wheel)
    path = desk.store.wheel_path(wheel)
    whole = path.read_bytes()
    path.write_bytes(whole[:1000])
    desk.fetch(wheel)
    assert path.read_bytes() == whole


def test_another_file_than_the_locks_is_refused(index: IndexServer, desk: Desk) -> None:
    wheel = served(index, big_wheel(index.folder))
    index.corrupt = True
    with pytest.raises(BuildError, match="not the file the lock means") as raised:
        desk.fetch(wheel)
    assert wheel.sha256 is not None
    assert wheel.sha256 in raised.value.message
    assert "big-1.0-py3-none-any.whl" in raised.value.message
    assert "found " in raised.value.message
    assert desk.files() == []


def test_without_a_hash_the_archives_own_checksums_must_be_right(index: IndexServer, desk: Desk) -> None:
    wheel = served(index, big_wheel(index.folder), with_hash=False, with_size=False)
    index.corrupt = True
    with pytest.raises(BuildError, match="was damaged"):
        desk.fetch(wheel)
    assert desk.files() == []
    index.corrupt = False
    desk.fetch(wheel)
    assert desk.progress[-1][1] is None
    assert desk.files() == [desk.store.wheel_path(wheel)]


def test_a_broken_download_is_taken_up_where_it_broke(index: IndexServer, desk: Desk) -> None:
    path = big_wheel(index.folder)
    index.cut_first = 2
    wheel = served(index, path)
    fetched = desk.fetch(wheel)
    assert desk.store.wheel_path(wheel).read_bytes() == path.read_bytes()
    assert fetched == path.stat().st_size
    assert next(one.range for one in index.served) is None
    assert all(one.range for one in index.served[1:])
    assert desk.pauses == [0.25, 0.5]


@pytest.mark.parametrize("how", ["ranges", "etags", "gzip"])
def test_where_it_can_t_be_taken_up_it_starts_over(index: IndexServer, desk: Desk, how: str) -> None:
    path = big_wheel(index.folder)
    index.ranges = how != "ranges"
    index.etags = how != "etags"
    index.gzip_header = how == "gzip"
    index.cut_first = 1
    wheel = served(index, path)
    desk.fetch(wheel)
    assert desk.store.wheel_path(wheel).read_bytes() == path.read_bytes()


def test_a_connection_that_always_breaks_is_said(index: IndexServer, desk: Desk) -> None:
    index.cut_first = 100
    with pytest.raises(BuildError, match=r"connection for big-1.0.* failed|short"):
        desk.fetch(served(index, big_wheel(index.folder)))
    assert desk.files() == []


def test_more_bytes_than_the_lock_says_are_not_read(index: IndexServer, desk: Desk) -> None:
    path = big_wheel(index.folder)
    wheel = replace(served(index, path, with_hash=False), size_bytes=5000)
    with pytest.raises(BuildError, match="where 5000 were expected"):
        desk.fetch(wheel)
    assert desk.files() == []


def test_what_was_read_from_afar_must_agree(index: IndexServer, desk: Desk) -> None:
    path = make_wheel(index.folder, "tiny")
    wheel = served(index, path)
    other = read_local(wheel, path)
    desk.store.put_contents(wheel, replace(other, requires=("evil",)))
    with pytest.raises(BuildError, match="other files than its index said"):
        desk.fetch(wheel)
    assert desk.files() == []
    assert desk.store.contents(wheel) is None
    desk.fetch(wheel)
    assert desk.store.has(wheel)


def test_local_wheels_are_copied_and_verified(tmp_path: Path, desk: Desk) -> None:
    path = big_wheel(tmp_path)
    wheel = on_disk(path)
    assert desk.fetch(wheel, offline=True) == 0
    kept = desk.store.wheel_path(wheel)
    whole = path.read_bytes()
    path.write_bytes(b"edited in place")
    assert kept.read_bytes() == whole
    assert desk.lines == [f"Copied {path.name}"]
    with pytest.raises(BuildError, match="not the file the lock means"):
        desk.fetch(replace(wheel, sha256="0" * 64, size_bytes=None))
    path.unlink()
    with pytest.raises(BuildError, match="can't be read: No such file"):
        desk.fetch(replace(wheel, sha256="0" * 64, size_bytes=None))


def test_offline_names_what_is_missing(index: IndexServer, desk: Desk) -> None:
    wheel = served(index, make_wheel(index.folder, "tiny"))
    with pytest.raises(BuildError, match=r"Offline, and not in the cache: tiny-1.0"):
        desk.fetch(wheel, offline=True)
    assert index.requests == 0


def test_one_failure_stops_all_and_keeps_what_is_whole(index: IndexServer, desk: Desk) -> None:
    good = [served(index, make_wheel(index.folder, f"good{number}")) for number in range(3)]
    bad = served(index, make_wheel(index.folder, "bad"))
    (index.folder / bad.filename).unlink()
    desk.fetch(*good)
    with pytest.raises(BuildError, match="is gone from its index"):
        desk.fetch(*good, bad)
    assert len(desk.files()) == 3


def test_cancel_while_a_server_hangs_leaves_nothing(index: IndexServer, desk: Desk) -> None:
    index.hang = threading.Event()
    wheels = [served(index, big_wheel(index.folder, name)) for name in ("one", "two")]
    assert desk.cancelled_while(index, lambda: desk.fetch(*wheels))
    assert desk.files() == []


def test_cancel_between_chunks(index: IndexServer, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transfer, "CHUNK_BYTES", 1000)
    path = big_wheel(index.folder)
    told: list[int] = []

    def on_bytes(done: int, _: int | None) -> None:
        told.append(done)
        desk.cancel.set()

    from pyreq_tui.wheels import fetch

    with pytest.raises(Cancelled):
        fetch(
            [served(index, path)],
            desk.store,
            offline=False,
            cancel=desk.cancel,
            on_bytes=on_bytes,
            on_line=desk.lines.append,
        )
    assert len(told) == 1
    assert desk.files() == []


def test_a_full_disk_is_said(index: IndexServer, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    wheel = served(index, big_wheel(index.folder))

    def no_room(path: Path, *_: object, **__: object) -> object:
        if "unfinished" in path.parts:
            raise OSError(errno.ENOSPC, "No space left on device", str(path))
        return original(path, *_, **__)  # type: ignore[arg-type]  # passed on as it came

    original = Path.open
    monkeypatch.setattr(Path, "open", no_room)
    with pytest.raises(BuildError, match=r"Can't write to .*: No space left on device") as raised:
        desk.fetch(wheel)
    assert "cacheLocation" in (raised.value.hint or "")


def test_two_fetch_the_same_wheel_at_once(index: IndexServer, desk: Desk) -> None:
    wheel = served(index, big_wheel(index.folder))
    threads = [threading.Thread(target=desk.fetch, args=(wheel,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert desk.store.verify() == ()
    assert desk.store.has(wheel)
