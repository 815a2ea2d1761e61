"""Binaries told by their headers: made ones against what they were made of, real ones against pyelftools."""

from __future__ import annotations

import io
import sysconfig
from pathlib import Path

import pytest
from elftools.elf.dynamic import DynamicSegment
from elftools.elf.elffile import ELFFile
from elftools.elf.gnuversions import GNUVerNeedSection
from hypothesis import given
from hypothesis import strategies as st

from pyreq_tui.findings.binary import Binary, binary_kind, read_binary
from pyreq_tui.findings.elf import read_elf
from tests.findings.libraries import AARCH64, I386, make_library


def real_libraries() -> list[Path]:
    folder = sysconfig.get_config_var("DESTSHARED")
    found = sorted(Path(folder).glob("*.so"))[:20] if folder else []
    return [path for path in found if path.read_bytes().startswith(b"\x7fELF\x02\x01")]


def test_real_libraries_are_read_as_pyelftools_reads_them() -> None:
    libraries = real_libraries()
    if not libraries:
        pytest.skip("this Python has no 64-bit ELF extension modules")
    asked: set[str] = set()
    for path in libraries:
        data = path.read_bytes()
        elf = ELFFile(io.BytesIO(data))
        needs = [
            getattr(tag, "needed")  # noqa: B009 - set by pyelftools on such tags only
            for segment in elf.iter_segments()
            if isinstance(segment, DynamicSegment)
            for tag in segment.iter_tags("DT_NEEDED")
        ]
        versions = [
            auxiliary.name
            for section in elf.iter_sections()
            if isinstance(section, GNUVerNeedSection)
            for _, group in section.iter_versions()
            for auxiliary in group
        ]
        read = read_elf(data)
        assert list(read.needs) == needs
        assert sorted(read.versions) == sorted(versions)
        asked.update(needs, versions)
        found = read_binary(data)
        assert found is not None
        assert found.fault is None
    assert asked


def test_a_made_library_is_read() -> None:
    data = make_library(
        needs=["libm.so.6", "libGL.so.1"], versions=["GLIBC_2.4", "GLIBC_2.27", "GLIBC_2.3.4"]
    )

    assert read_binary(data) == Binary("ELF", "x86_64", ("libm.so.6", "libGL.so.1"), (2, 27), None)


@pytest.mark.parametrize(("machine", "name"), [(AARCH64, "aarch64"), (I386, "i386"), (999, "machine 999")])
def test_other_machines_are_named(machine: int, name: str) -> None:
    found = read_binary(make_library(machine=machine))
    assert found is not None
    assert found.machine == name


def test_an_object_file_is_nothing_to_load() -> None:
    assert read_binary(make_library(kind=1)) is None


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (make_library(), None),
        (make_library(alignment=0x10000), None),
        (make_library(alignment=0x20000), "has segments that are not page-aligned"),
        (make_library(alignment=1000), "has segments that are not page-aligned"),
        (make_library(missing_bytes=1), "ends too early"),
        (make_library(needs=["libm.so.6"])[:150], "is damaged"),
        (b"\x7fELF", "is damaged"),
    ],
)
def test_what_no_loader_would_take(data: bytes, fault: str | None) -> None:
    found = read_binary(data)

    assert found is not None
    assert found.fault == fault


def test_other_systems_formats() -> None:
    assert binary_kind(b"\xcf\xfa\xed\xfe" + bytes(60)) == "Mach-O"
    assert binary_kind(b"\xca\xfe\xba\xbe\0\0\0\x02" + bytes(60)) == "Mach-O"
    assert binary_kind(b"\xca\xfe\xba\xbe\0\0\0\x37" + bytes(60)) is None  # a Java class
    assert binary_kind(b"MZ" + bytes(62)) == "PE"
    assert binary_kind(b"MZ is how this text starts") is None
    assert binary_kind(b"#!/bin/sh") is None


@given(st.integers(0, 300), st.binary(min_size=1, max_size=16))
def test_damage_anywhere_is_answered(at: int, damage: bytes) -> None:
    whole = make_library(needs=["libm.so.6"], versions=["GLIBC_2.17", "GLIBC_2.4"])
    at = min(at, len(whole))
    read_binary(whole[:at] + damage + whole[at + len(damage) :])
    read_binary(whole[:at])
