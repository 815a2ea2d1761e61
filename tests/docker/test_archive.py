"""What goes into containers and comes out of them; what comes out may be hostile."""

from __future__ import annotations

import io
import tarfile
import threading
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.build.docker.archive import pack, unpack
from pyreq_tui.errors import BuildError, Cancelled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NEVER = threading.Event()


def stream(*members: tarfile.TarInfo) -> Iterator[bytes]:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for member in members:
            archive.addfile(member, io.BytesIO(bytes(member.size)))
    data = packed.getvalue()
    return (data[at : at + 700] for at in range(0, len(data), 700))


def member(name: str, kind: bytes = tarfile.REGTYPE, **more: object) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type = kind
    for key, value in more.items():
        setattr(info, key, value)
    return info


def test_there_and_back(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_bytes(b"#!/bin/sh\n" * 100_000)
    script.chmod(0o755)
    long = "/".join(["folder"] * 40)
    packed = pack({"work/a": b"one", "work/run": script, f"{long}/deep": b"", "work/ä": b"x"}, NEVER)
    unpack(packed, tmp_path / "out", NEVER)
    assert (tmp_path / "out/work/a").read_bytes() == b"one"
    assert (tmp_path / "out/work/run").read_bytes() == script.read_bytes()
    assert (tmp_path / "out/work/run").stat().st_mode & 0o100
    assert (tmp_path / "out" / long / "deep").is_file()
    assert (tmp_path / "out/work/ä").is_file()


@pytest.mark.parametrize(
    "hostile",
    [
        member("output/../../escaped", size=1),
        member("../escaped", size=1),
        member("output/link", tarfile.SYMTYPE, linkname="/etc/passwd"),
        member("output/link", tarfile.LNKTYPE, linkname="../../escaped"),
        member("output/device", tarfile.CHRTYPE, devmajor=1, devminor=3),
        member("output/pipe", tarfile.FIFOTYPE),
    ],
    ids=lambda info: f"{info.name} {info.type!r}",
)
def test_what_leads_out_or_is_no_file_is_refused(tmp_path: Path, hostile: tarfile.TarInfo) -> None:
    inside = tmp_path / "inside"
    with pytest.raises(BuildError, match="refused"):
        unpack(stream(member("output/good", size=3), hostile), inside, NEVER)
    assert not (tmp_path / "escaped").exists()
    assert {path.name for path in inside.rglob("*")} <= {"output", "good"}


def test_names_show_without_their_escapes(tmp_path: Path) -> None:
    with pytest.raises(BuildError) as raised:
        unpack(stream(member("a\x1b[31mb", tarfile.FIFOTYPE)), tmp_path, NEVER)
    assert "'ab'" in raised.value.message


def test_an_archive_that_breaks_off(tmp_path: Path) -> None:
    whole = b"".join(stream(member("output/file", size=5_000)))
    with pytest.raises(BuildError, match="no whole archive"):
        unpack([whole[:3_000]], tmp_path, NEVER)


def test_cancelled_on_the_way_in_and_out(tmp_path: Path) -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        list(pack({"a": b"1"}, cancel))
    with pytest.raises(Cancelled):
        unpack(stream(member("a")), tmp_path, cancel)
