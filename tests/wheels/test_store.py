"""The store: where things are, and that they are whole."""

from __future__ import annotations

import errno
import multiprocessing
import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import BuildError, PyreqError
from pyreq_tui.locks import WheelFile
from pyreq_tui.wheels import Contents, Member, Store
from pyreq_tui.wheels.store import disk_errors
from tests.making import make_wheel
from tests.wheels.conftest import Desk, on_disk

if TYPE_CHECKING:
    from pathlib import Path

SHA = "3f" + "0" * 62
WHEEL = WheelFile("six-1.17.0-py2.py3-none-any.whl", "https://user:token@index/six.whl", SHA, 11)
CONTENTS = Contents(WHEEL.filename, SHA, 11, (Member("six.py", 9, 9, 1, 0, False, 0),), ("boto3",))


def test_places_are_fixed(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.wheel_path(WHEEL) == tmp_path / "wheels" / "3f" / SHA / WHEEL.filename
    unknown = store.wheel_path(replace(WHEEL, sha256=None))
    assert unknown.relative_to(tmp_path).parts[0] == "urls"
    assert unknown.name == WHEEL.filename
    assert unknown != store.wheel_path(replace(WHEEL, sha256=None, size_bytes=12))
    assert unknown == store.wheel_path(replace(WHEEL, sha256=None, url="https://other:secret@index/six.whl"))


@pytest.mark.parametrize(
    "filename",
    ["", "x", "../up.whl", "a/b.whl", "a\\b.whl", "a\0.whl", ".whl", "..whl", "a\n.whl", "C:x.whl"],
)
def test_refuses_a_filename_that_leads_elsewhere(tmp_path: Path, filename: str) -> None:
    with pytest.raises(PyreqError, match="filename"):
        Store(tmp_path).wheel_path(replace(WHEEL, filename=filename))


@pytest.mark.parametrize("sha256", ["../../x", "3F" + "0" * 62, "3f", "3f" + "0" * 62 + "\n"])
def test_refuses_a_hash_that_is_none(tmp_path: Path, sha256: str) -> None:
    with pytest.raises(PyreqError, match="sha256"):
        Store(tmp_path).wheel_path(replace(WHEEL, sha256=sha256))


def test_has_a_wheel_of_the_right_size_only(tmp_path: Path) -> None:
    store = Store(tmp_path)
    path = store.wheel_path(WHEEL)
    assert not store.has(WHEEL)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"x" * 10)
    assert not store.has(WHEEL)
    path.write_bytes(b"x" * 11)
    assert store.has(WHEEL)
    assert store.has(replace(WHEEL, size_bytes=None))


def test_contents_are_kept_under_the_hash(tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert store.contents(WHEEL) is None
    store.put_contents(WHEEL, CONTENTS)
    assert Store(tmp_path).contents(WHEEL) == CONTENTS
    assert store.contents(replace(WHEEL, filename="six-1.17.0-1-py3-none-any.whl")) == replace(
        CONTENTS, filename="six-1.17.0-1-py3-none-any.whl"
    )
    assert store.contents(replace(WHEEL, size_bytes=None)) == CONTENTS
    assert store.contents(replace(WHEEL, size_bytes=12)) is None
    assert list((tmp_path / "unfinished").iterdir()) == []


def test_a_damaged_record_counts_as_none(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put_contents(WHEEL, CONTENTS)
    record = next(path for path in (tmp_path / "contents").glob("*/*"))
    record.write_bytes(record.read_bytes()[:-3])
    assert store.contents(WHEEL) is None
    assert store.verify() == (record,)
    assert not record.exists()


def test_verify_removes_what_is_damaged(tmp_path: Path, desk: Desk) -> None:
    good, bad = make_wheel(tmp_path, "good"), make_wheel(tmp_path, "bad")
    loose = make_wheel(tmp_path, "loose")
    wheels = [on_disk(good), on_disk(bad), on_disk(loose, with_hash=False)]
    desk.fetch(*wheels)
    assert desk.store.verify() == ()
    for wheel in wheels[1:]:
        path = desk.store.wheel_path(wheel)
        data = bytearray(path.read_bytes())
        data[50] ^= 0xFF
        path.write_bytes(data)
    assert set(desk.store.verify()) == {desk.store.wheel_path(wheel) for wheel in wheels[1:]}
    assert [desk.store.has(wheel) for wheel in wheels] == [True, False, False]
    desk.fetch(*wheels)
    assert all(map(desk.store.has, wheels))
    assert [path.name for path in desk.store.wheels()] == [
        desk.store.wheel_path(wheel).name
        for wheel in (wheels[2], *sorted(wheels[:2], key=lambda w: w.sha256 or ""))
    ]


def test_forgets(tmp_path: Path, desk: Desk) -> None:
    wheel = on_disk(make_wheel(tmp_path, "tiny"))
    desk.fetch(wheel)
    desk.store.forget(wheel)
    assert not desk.store.has(wheel)
    assert desk.store.contents(wheel) is None


def test_the_workshop_is_cleared_even_after_a_failure(tmp_path: Path) -> None:
    store = Store(tmp_path)

    def fail() -> None:
        with store.workshop() as folder:
            (folder / "half").write_text("x")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert list((tmp_path / "unfinished").iterdir()) == []


def test_what_a_killed_process_left_is_swept_up(tmp_path: Path) -> None:
    store = Store(tmp_path)
    for name in ("old", "new"):
        (tmp_path / "unfinished" / name).mkdir(parents=True)
    os.utime(tmp_path / "unfinished" / "old", (0, 0))
    with store.workshop():
        pass
    assert [path.name for path in (tmp_path / "unfinished").iterdir()] == ["new"]


def test_a_store_that_is_no_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    store = Store(tmp_path / "file" / "store")
    assert not store.has(WHEEL)
    assert store.contents(WHEEL) is None
    with pytest.raises(BuildError, match=r"Can't write to .*file") as raised:
        store.put_contents(WHEEL, CONTENTS)
    assert "cacheLocation" in (raised.value.hint or "")


def test_a_full_disk_is_said(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="No space left on device") as raised, disk_errors(tmp_path):
        raise OSError(errno.ENOSPC, "No space left on device", str(tmp_path / "x"))
    assert str(tmp_path) in str(raised.value)


def _put_many(folder: Path, barrier: object) -> None:
    store = Store(folder)
    barrier.wait()  # type: ignore[attr-defined]  # multiprocessing gives its barrier no public class
    for _ in range(60):
        store.put_contents(WHEEL, CONTENTS)
        assert store.contents(WHEEL) == CONTENTS


@pytest.mark.slow
def test_processes_share_a_store(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    barrier = context.Barrier(2)
    children = [context.Process(target=_put_many, args=(tmp_path, barrier)) for _ in range(2)]
    for child in children:
        child.start()
    for child in children:
        child.join(60)
    assert [child.exitcode for child in children] == [0, 0]


def test_a_record_that_is_a_folder_is_as_good_as_none(tmp_path: Path) -> None:
    store = Store(tmp_path)
    (tmp_path / "contents" / "3f" / SHA).mkdir(parents=True)
    assert store.contents(WHEEL) is None
    with pytest.raises(BuildError, match=rf"Can't write to \S+/contents/3f/{SHA}"):
        store.put_contents(WHEEL, CONTENTS)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may look at everything")
def test_what_may_not_be_looked_at_is_not_here(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.put_contents(WHEEL, CONTENTS)
    for folder in ("wheels", "contents"):
        (tmp_path / folder).mkdir(exist_ok=True)
        (tmp_path / folder).chmod(0)
    try:
        assert not store.has(WHEEL)
        assert store.contents(WHEEL) is None
    finally:
        for folder in ("wheels", "contents"):
            (tmp_path / folder).chmod(0o755)
