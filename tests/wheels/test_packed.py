"""Contents on disk."""

from __future__ import annotations

import time
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyreq_tui.wheels import Contents, Member
from pyreq_tui.wheels.packed import DamagedError, pack, unpack

MEMBERS = st.builds(
    Member,
    name=st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=30),
    size_bytes=st.integers(0, 2**63),
    compressed_bytes=st.integers(0, 2**63),
    crc=st.integers(0, 2**32 - 1),
    method=st.sampled_from([0, 8]),
    is_executable=st.booleans(),
    header_offset=st.integers(0, 2**63),
)
CONTENTS = st.builds(
    Contents,
    filename=st.text(max_size=20),
    sha256=st.none() | st.just("0" * 64),
    size_bytes=st.integers(0, 2**63),
    members=st.lists(MEMBERS, max_size=6).map(tuple),
    requires=st.lists(st.text(max_size=20), max_size=3).map(tuple),
    provided_extras=st.lists(st.text(max_size=20), max_size=3).map(tuple),
    requires_python=st.none() | st.text(max_size=20),
)


@given(CONTENTS)
def test_comes_back_as_it_was(contents: Contents) -> None:
    back = unpack(pack(contents))
    assert back == contents
    assert all(type(member) is Member for member in back.members)


@given(contents=CONTENTS, data=st.data())
def test_notices_damage(contents: Contents, data: st.DataObject) -> None:
    packed = bytearray(pack(contents))
    position = data.draw(st.integers(0, len(packed) - 1))
    packed[position] ^= data.draw(st.integers(1, 255))
    with pytest.raises(DamagedError):
        unpack(bytes(packed))


@given(body=st.binary(max_size=200) | st.text(max_size=80).map(str.encode))
def test_what_has_the_right_checksum_but_is_nothing_is_damaged_too(body: bytes) -> None:
    with pytest.raises(DamagedError):
        unpack(b"pyreq-contents 1\n" + zlib.crc32(body).to_bytes(4, "little") + body)


@pytest.mark.parametrize("cut", [0, 5, 17, 20, 22, 60, 200])
def test_a_truncated_record_is_damaged(cut: int) -> None:
    with pytest.raises(DamagedError):
        unpack(pack(Contents("a.whl", None, 1, (Member("a", 1, 1, 1, 0, False, 0),) * 3, ("six",)))[:cut])


@pytest.mark.slow
def test_fifty_thousand_members_load_in_a_tenth_of_a_second() -> None:
    members = tuple(
        Member(f"package/module/part_{number}.py", number, number, number, 8, False, number)
        for number in range(50_000)
    )
    data = pack(Contents("a-1-py3-none-any.whl", None, 1, members, ()))
    seconds = []
    for _ in range(5):
        started = time.process_time()
        unpack(data)
        seconds.append(time.process_time() - started)
    assert min(seconds) < 0.1
