"""What is in wheels, from afar."""

from __future__ import annotations

import io
import os
import random
import threading
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import BuildError, Cancelled
from pyreq_tui.locks import WheelFile
from pyreq_tui.wheels.archive import RefusedError
from pyreq_tui.wheels.local import read_local
from pyreq_tui.wheels.remote import LARGEST_TAIL_BYTES, SMALLEST_TAIL_BYTES, tail_size
from tests.index_server import IndexServer
from tests.making import make_wheel
from tests.wheels.conftest import Desk, on_disk, served

if TYPE_CHECKING:
    from pathlib import Path


def big_wheel(folder: Path, name: str = "big", *, files: int = 40, size_bytes: int = 20_000) -> Path:
    """A wheel that deflate can't make smaller, so that its end is a small part of it."""
    noise = random.Random(1)
    return make_wheel(
        folder,
        name,
        files={f"{name}/part_{number:04}.bin": noise.randbytes(size_bytes) for number in range(files)},
        requires=["six"],
    )


def deep_wheel(folder: Path) -> Path:
    """A wheel whose directory is far larger than the tail first fetched, with METADATA at the front."""
    path = folder / "deep-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("deep-1.0.dist-info/METADATA", "Name: deep\nRequires-Dist: six\n")
        archive.writestr("deep/noise.bin", random.Random(2).randbytes(500_000))
        for number in range(1500):
            archive.writestr(f"deep/{'long_' * 10}{number}.py", "")
    return path


def test_one_small_request_tells_what_is_in_a_wheel(index: IndexServer, desk: Desk) -> None:
    path = big_wheel(index.folder)
    wheel = served(index, path)
    inspection = desk.inspect(wheel)
    assert inspection.contents[wheel] == read_local(wheel, path)
    assert inspection.contents[wheel].requires == ("six",)
    assert index.requests == 1
    assert inspection.bytes_fetched == index.bytes_sent == SMALLEST_TAIL_BYTES
    assert inspection.downloaded_whole == ()
    assert desk.advances == [(0, 1), (1, 1)]
    assert desk.files() == []


def test_the_second_time_nothing_is_asked(index: IndexServer, desk: Desk) -> None:
    wheels = [served(index, make_wheel(index.folder, name)) for name in ("one", "two", "three")]
    first = desk.inspect(*wheels, *wheels)
    requests = index.requests
    again = desk.inspect(*wheels, offline=True)
    assert again.contents == first.contents
    assert list(again.contents) == wheels
    assert again.bytes_fetched == 0
    assert index.requests == requests == 3
    assert desk.advances[-1] == (3, 3)


def test_a_directory_larger_than_the_tail_takes_the_rest_and_metadata_in_exact_ranges(
    index: IndexServer, desk: Desk
) -> None:
    path = deep_wheel(index.folder)
    wheel = served(index, path)
    inspection = desk.inspect(wheel)
    assert inspection.contents[wheel] == read_local(wheel, path)
    assert index.requests == 3
    assert inspection.bytes_fetched == index.bytes_sent < path.stat().st_size / 2
    starts = [one.range for one in index.served]
    assert len(set(starts)) == 3


@pytest.mark.parametrize("suffix_ranges", [True, False])
def test_a_size_that_no_lock_states_is_learned(index: IndexServer, desk: Desk, suffix_ranges: bool) -> None:
    index.suffix_ranges = suffix_ranges
    for path in (big_wheel(index.folder), make_wheel(index.folder, "tiny")):
        wheel = served(index, path, with_size=False)
        assert desk.inspect(wheel).contents[wheel] == read_local(wheel, path)
    assert desk.files() == []


def test_connections_are_used_again(index: IndexServer, desk: Desk) -> None:
    wheels = [served(index, deep_wheel(index.folder))]
    desk.inspect(*wheels)
    assert index.connections == 1


def test_a_server_without_ranges_sends_the_wheel_whole_once(index: IndexServer, desk: Desk) -> None:
    index.ranges = False
    path = big_wheel(index.folder)
    wheel = served(index, path)
    inspection = desk.inspect(wheel)
    assert inspection.contents[wheel] == read_local(wheel, path)
    assert inspection.downloaded_whole == (path.name,)
    assert inspection.bytes_fetched == index.bytes_sent == path.stat().st_size
    assert "only whole" in desk.lines[0]
    assert desk.store.has(wheel)
    assert desk.fetch(wheel) == 0
    assert index.requests == 1


def test_a_range_that_lies_outside_leads_to_the_whole_file(index: IndexServer, desk: Desk) -> None:
    path = make_wheel(index.folder, "tiny")
    wheel = replace(served(index, path), size_bytes=10**7)
    with pytest.raises(BuildError, match="bytes where 10000000 were expected"):
        desk.inspect(wheel)
    assert [one.status for one in index.served] == [416, 200]
    assert desk.files() == []


def test_answers_that_do_not_fit_lead_to_the_whole_file(index: IndexServer, desk: Desk) -> None:
    path = big_wheel(index.folder)
    index.gzip_header = True
    compressed = served(index, path)
    assert desk.inspect(compressed).downloaded_whole == (path.name,)
    assert desk.store.wheel_path(compressed).read_bytes() == path.read_bytes()
    index.gzip_header = False
    index.states_total = False
    nameless = served(index, path, with_size=False, with_hash=False)
    assert desk.inspect(nameless).downloaded_whole == (path.name,)


def test_a_total_left_out_is_no_matter_where_the_lock_states_it(index: IndexServer, desk: Desk) -> None:
    index.states_total = False
    wheel = served(index, big_wheel(index.folder))
    assert desk.inspect(wheel).downloaded_whole == ()


def test_redirects_are_followed(index: IndexServer, desk: Desk) -> None:
    index.redirects = True
    wheel = served(index, big_wheel(index.folder))
    assert desk.inspect(wheel).contents[wheel].requires == ("six",)


def test_a_file_of_another_size_is_said(index: IndexServer, desk: Desk) -> None:
    path = big_wheel(index.folder)
    wheel = replace(served(index, path), size_bytes=path.stat().st_size - 100)
    with pytest.raises(BuildError, match="were expected") as raised:
        desk.inspect(wheel)
    assert "lock again" in (raised.value.hint or "")


def test_a_file_replaced_between_two_requests_is_noticed(index: IndexServer, desk: Desk) -> None:
    path = deep_wheel(index.folder)
    wheel = served(index, path)

    def replace_file() -> None:
        path.write_bytes(path.read_bytes().replace(b"deep/long_", b"deep/LONG_"))

    index.after_first = replace_file
    with pytest.raises(BuildError, match="not the file the lock means"):
        desk.inspect(wheel)
    assert desk.store.contents(wheel) is None


@pytest.mark.parametrize("status", [500, 503, 429])
def test_passing_failures_are_tried_again(index: IndexServer, desk: Desk, status: int) -> None:
    index.fail_first, index.fail_status = 3, status
    index.fail_headers = {"Retry-After": "7"} if status == 429 else {}
    wheel = served(index, big_wheel(index.folder))
    assert desk.inspect(wheel).contents[wheel].requires == ("six",)
    assert desk.pauses == ([7.0, 7.0, 7.0] if status == 429 else [0.25, 0.5, 1.0])


def test_a_failure_that_stays_is_said(index: IndexServer, desk: Desk) -> None:
    index.fail_first = 100
    wheel = served(index, big_wheel(index.folder))
    with pytest.raises(BuildError, match=r"answered 500 for big-1.0-py3-none-any.whl at 127\.0\.0\.1"):
        desk.inspect(wheel)
    assert index.requests == 4


def test_a_pause_a_server_asks_for_has_a_limit(index: IndexServer, desk: Desk) -> None:
    index.fail_first, index.fail_status, index.fail_headers = 2, 429, {"Retry-After": "86400"}
    desk.inspect(served(index, big_wheel(index.folder)))
    assert desk.pauses == [10.0, 10.0]


def test_an_answer_cut_short_is_tried_again(index: IndexServer, desk: Desk) -> None:
    index.cut_first = 2
    wheel = served(index, big_wheel(index.folder))
    assert desk.inspect(wheel).contents[wheel].requires == ("six",)
    assert index.requests == 3


def test_credentials_in_the_url_are_used_and_never_shown(index: IndexServer, desk: Desk) -> None:
    index.credentials = ("reader", "s3cret/&")
    path = big_wheel(index.folder)
    desk.inspect(served(index, path))
    with pytest.raises(BuildError, match=r"refused access.*\(401\)") as raised:
        desk.inspect(served(index, make_wheel(index.folder, "other"), credentials=False))
    assert "credentials" in (raised.value.hint or "")
    index.fail_first, index.fail_status = 1, 418
    with pytest.raises(BuildError) as raised:
        desk.inspect(served(index, make_wheel(index.folder, "third")))
    assert "s3cret" not in str(raised.value)


def test_credentials_from_netrc_are_used(
    index: IndexServer, desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.credentials = ("reader", "secret")
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login reader password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    wheel = served(index, big_wheel(index.folder), credentials=False)
    assert desk.inspect(wheel).contents[wheel].requires == ("six",)


def test_a_file_that_is_gone_is_said(index: IndexServer, desk: Desk) -> None:
    path = make_wheel(index.folder, "tiny")
    wheel = served(index, path)
    path.unlink()
    with pytest.raises(BuildError, match=r"tiny-1.0.*is gone from its index \(404\)") as raised:
        desk.inspect(wheel)
    assert "lock again" in (raised.value.hint or "")
    assert index.requests == 1


def test_no_server_is_said(tmp_path: Path, desk: Desk) -> None:
    with IndexServer(tmp_path) as gone:
        wheel = served(gone, make_wheel(tmp_path, "tiny"))
    with pytest.raises(BuildError, match=r"connection for tiny-1.0-py3-none-any.whl at .* failed: .*refused"):
        desk.inspect(wheel)
    assert len(desk.pauses) == 3


@pytest.mark.parametrize("url", ["ftp://index/tiny.whl", "nonsense", "http://", "https://[x/"])
def test_a_url_that_is_none_is_said(tmp_path: Path, desk: Desk, url: str) -> None:
    wheel = replace(on_disk(make_wheel(tmp_path, "tiny")), url=url)
    with pytest.raises(BuildError, match="can't be had"):
        desk.inspect(wheel)
    assert desk.pauses == []


def test_offline_names_what_is_missing(index: IndexServer, desk: Desk) -> None:
    wheels = [served(index, make_wheel(index.folder, f"tiny{number}")) for number in range(8)]
    desk.inspect(wheels[0])
    with pytest.raises(BuildError, match=r"Offline.*tiny1-1.0.* and 2 more"):
        desk.inspect(*wheels, offline=True)
    assert index.requests == 1


def test_offline_a_fetched_wheel_is_read_again(index: IndexServer, desk: Desk) -> None:
    wheel = served(index, make_wheel(index.folder, "tiny"))
    desk.fetch(wheel)
    for record in (desk.store.folder / "contents").glob("*/*"):
        record.unlink()
    assert desk.inspect(wheel, offline=True).contents[wheel].filename == wheel.filename


def test_local_wheels_are_read_in_place(tmp_path: Path, desk: Desk) -> None:
    path = make_wheel(tmp_path, "tiny", requires=["six"])
    hashed, loose = on_disk(path), on_disk(path, with_hash=False, with_size=False)
    contents = desk.inspect(hashed, loose, offline=True).contents
    assert contents[hashed].requires == contents[loose].requires == ("six",)
    assert desk.files() == []


def test_a_local_wheel_without_hash_that_was_built_anew_is_read_and_fetched_anew(
    tmp_path: Path, desk: Desk
) -> None:
    path = make_wheel(tmp_path, "tiny", requires=["aaa"], compression=zipfile.ZIP_STORED)
    wheel = on_disk(path, with_hash=False)
    desk.inspect(wheel)
    desk.fetch(wheel)
    assert desk.store.has(wheel)
    kept = desk.store.wheel_path(wheel)
    make_wheel(tmp_path, "tiny", requires=["bbb"], compression=zipfile.ZIP_STORED)
    os.utime(path, (1, 1))
    assert not desk.store.has(wheel)
    assert desk.inspect(wheel).contents[wheel].requires == ("bbb",)
    desk.fetch(wheel)
    assert kept.read_bytes() == path.read_bytes()
    path.unlink()
    assert desk.inspect(wheel).contents[wheel].requires == ("bbb",)


def test_a_wheel_damaged_in_the_store_is_had_anew(index: IndexServer, desk: Desk) -> None:
    path = make_wheel(index.folder, "tiny", requires=["six"])
    wheel = served(index, path, with_hash=False, with_size=False)
    desk.fetch(wheel)
    kept = desk.store.wheel_path(wheel)
    kept.write_bytes(kept.read_bytes()[:100])
    assert desk.inspect(wheel).contents[wheel].requires == ("six",)
    desk.fetch(wheel)
    assert kept.read_bytes() == path.read_bytes()


def test_a_local_wheel_that_is_gone_or_replaced_is_said(tmp_path: Path, desk: Desk) -> None:
    path = make_wheel(tmp_path, "tiny")
    wheel = on_disk(path)
    with pytest.raises(BuildError, match="bytes where"):
        desk.inspect(replace(wheel, size_bytes=1))
    path.unlink()
    with pytest.raises(BuildError, match="can't be read: No such file"):
        desk.inspect(wheel)


def test_a_wheel_without_hash_is_known_by_its_url_and_size(index: IndexServer, desk: Desk) -> None:
    path = make_wheel(index.folder, "tiny")
    wheel = served(index, path, with_hash=False)
    desk.inspect(wheel)
    desk.inspect(wheel)
    assert index.requests == 1
    sizeless = replace(wheel, size_bytes=None)
    desk.inspect(sizeless)
    desk.inspect(sizeless)
    assert index.requests == 3


def test_a_hostile_wheel_is_refused_and_nothing_is_remembered(index: IndexServer, desk: Desk) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("tiny-1.0.dist-info/METADATA", "Name: tiny\n")
        archive.writestr("../../etc/cron.d/x", "x")
    path = index.folder / "tiny-1.0-py3-none-any.whl"
    path.write_bytes(buffer.getvalue())
    with pytest.raises(RefusedError, match=r"tiny-1.0-py3-none-any.whl.*unsafe"):
        desk.inspect(served(index, path))
    with pytest.raises(RefusedError):
        desk.fetch(served(index, path))
    assert desk.files() == []


def test_cancel_before_and_while_a_server_says_nothing(index: IndexServer, desk: Desk) -> None:
    index.hang = threading.Event()
    wheel = served(index, big_wheel(index.folder))
    assert desk.cancelled_while(index, lambda: desk.inspect(wheel))
    with pytest.raises(Cancelled):
        desk.inspect(wheel)
    assert desk.files() == []


def test_the_tail_grows_with_the_wheel_within_limits() -> None:
    assert tail_size(1000) == 1000
    assert tail_size(100_000) == SMALLEST_TAIL_BYTES
    assert SMALLEST_TAIL_BYTES < tail_size(5_000_000) < LARGEST_TAIL_BYTES
    assert tail_size(10**9) == LARGEST_TAIL_BYTES


@pytest.mark.index
def test_the_real_index_answers_ranges(desk: Desk) -> None:
    wheel = WheelFile(
        "six-1.16.0-py2.py3-none-any.whl",
        "https://files.pythonhosted.org/packages/d9/5a/"
        "e7c31adbe875f2abbb91bd84cf2dc52d792b5a01506781dbcf25c91daf11/six-1.16.0-py2.py3-none-any.whl",
        "8abb2f1d86890a2dfb989f9a77cfcfd3e47c2a354b01111771326f8aa26e0254",
        11053,
    )
    inspection = desk.inspect(wheel)
    assert "six.py" in {member.name for member in inspection.contents[wheel].members}
    assert inspection.downloaded_whole == ()
    assert desk.fetch(wheel) == 11053
