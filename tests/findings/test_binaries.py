"""The libraries of artifacts on disk, against the machine that their functions run on."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.build import plan, run
from pyreq_tui.findings.binaries import binary_findings
from tests.findings.libraries import AARCH64, I386, make_library
from tests.making import make_wheel
from tests.projects import SERVERLESS, Project, make_project

if TYPE_CHECKING:
    from pathlib import Path

    from pyreq_tui.errors import Finding

GOOD = make_library(needs=["libc.so.6"], versions=["GLIBC_2.34"])
MACH_O = b"\xcf\xfa\xed\xfe" + bytes(100)
TAG = "cp312-cp312-linux_x86_64"


def built(folder: Path, files: dict[str, bytes], text: str = SERVERLESS, **options: object) -> Project:
    """A service whose one package, ``fast``, holds ``files``; built."""
    project = make_project(folder, text)
    make_wheel(project.wheels, "fast", files={f"fast/{name}": data for name, data in files.items()}, tag=TAG)
    project.require("fast")
    build(project, **options)
    return project


def build(project: Project, **options: object) -> None:
    materials = project.materials(**options)
    made = plan(materials.service, materials)
    run(made, materials, report=lambda _: None, cancel=threading.Event())


def found(project: Project, **options: object) -> list[Finding]:
    materials = project.materials(**options)
    made = plan(materials.service, materials)
    return list(binary_findings(made, project.root / ".serverless", project.cache))


def test_libraries_that_load_are_not_told(tmp_path: Path) -> None:
    assert not found(built(tmp_path, {"a.so": GOOD, "lib.so.1": GOOD, "b.py": b"x" * 99, "tool": GOOD}))


@pytest.mark.parametrize(
    ("files", "code", "says"),
    [
        ({"a.so": make_library(machine=AARCH64)}, "wrong-machine", "aarch64"),
        ({"tool": make_library(machine=AARCH64)}, "wrong-machine", "aarch64"),
        ({"a.so": make_library(versions=["GLIBC_2.35"])}, "glibc-too-new", "2.35"),
        ({"a.so": make_library(missing_bytes=1)}, "damaged-library", "ends too early"),
        ({"a.so": make_library(alignment=8)}, "damaged-library", "not page-aligned"),
        ({"a.so": MACH_O}, "foreign-binary", "macOS"),
    ],
)
def test_what_would_not_load_is_an_error(
    tmp_path: Path, files: dict[str, bytes], code: str, says: str
) -> None:
    [finding] = found(built(tmp_path, files))

    assert (finding.severity, finding.code, finding.package) == ("error", code, "fast")
    assert says in finding.message


@pytest.mark.parametrize(
    "files",
    [
        {"a.so": GOOD, "attach_x86.so": make_library(machine=I386)},
        {"a.so": GOOD, "attach.dylib": MACH_O},
    ],
)
def test_what_ships_beside_what_loads_is_a_warning(tmp_path: Path, files: dict[str, bytes]) -> None:
    [finding] = found(built(tmp_path, files))

    assert finding.severity == "warning"


def test_what_one_copied_folder_holds_excuses_no_other(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    project.write({"good/a.so": GOOD, "bad/a.so": make_library(machine=AARCH64)})
    build(project)

    [finding] = found(project)

    assert finding.severity == "error"
    assert "bad/a.so" in finding.message


@pytest.mark.parametrize("name", ["launcher.exe", "stub.py", "data.bin"])
def test_dead_weight_for_other_systems_is_not_told(tmp_path: Path, name: str) -> None:
    assert not found(built(tmp_path, {name: b"MZ" + bytes(100)}))


def test_a_library_that_nobody_brings(tmp_path: Path) -> None:
    project = built(tmp_path, {"a.so": make_library(needs=["libc.so.6", "libGL.so.1"])})

    [finding] = found(project)

    assert (finding.severity, finding.code) == ("warning", "missing-library")
    assert "libGL.so.1" in finding.message
    assert "libc.so.6" not in finding.message


def test_a_library_that_the_package_bundles(tmp_path: Path) -> None:
    files = {"a.so": make_library(needs=["libGL-1234.so.1"]), "libs/libGL-1234.so.1": GOOD}
    assert not found(built(tmp_path, files))


def test_layers_from_elsewhere_may_bring_libraries(tmp_path: Path) -> None:
    text = SERVERLESS + "    layers: [arn:aws:lambda:eu-west-1:1:layer:gl:1]\n"
    assert not found(built(tmp_path, {"a.so": make_library(needs=["libGL.so.1"])}, text))


def test_what_a_runtime_brings_differs(tmp_path: Path) -> None:
    files = {"a.so": make_library(needs=["libcrypt.so.1"])}
    [finding] = found(built(tmp_path / "new", files))
    assert finding.code == "missing-library"
    project = make_project(tmp_path / "old", SERVERLESS.replace("3.12", "3.11"))
    make_wheel(project.wheels, "fast", files=files, tag="cp311-cp311-linux_x86_64")
    project.require("fast")
    build(project)
    assert not found(project)


def test_the_nested_zip_and_the_layer_are_read_too(tmp_path: Path) -> None:
    files = {"a.so": make_library(machine=AARCH64)}
    project = built(tmp_path, files, zip=True)
    assert [finding.code for finding in found(project, zip=True)] == ["wrong-machine"]
    build(project, layer=True)
    assert [finding.code for finding in found(project, layer=True)] == ["wrong-machine"]


def test_what_is_not_built_or_not_the_plan_is_said(tmp_path: Path) -> None:
    project = built(tmp_path, {"a.so": GOOD, "b.py": b"x"})
    assert not found(project)
    assert [finding.code for finding in found(project, slim=True)] == ["binaries-not-read"]
    (project.root / ".serverless" / "shop.zip").write_bytes(b"PK no zip")
    assert [finding.code for finding in found(project)] == ["binaries-not-read"]
    (project.root / ".serverless" / "shop.zip").unlink()
    [finding] = found(project)
    assert finding.severity == "info"
    assert "pyreq-tui build" in str(finding.hint)


def test_without_libraries_nothing_need_be_built(tmp_path: Path) -> None:
    assert not found(make_project(tmp_path))


def test_what_is_known_is_not_read_again(tmp_path: Path) -> None:
    project = built(tmp_path, {"a.so": make_library(versions=["GLIBC_2.99"])})
    first = found(project)
    artifact = project.root / ".serverless" / "shop.zip"
    data = bytearray(artifact.read_bytes())
    name = data.index(b"fast/a.so")
    data[name + 20 : name + 40] = bytes(20)  # the directory stays true, the bytes do not
    artifact.write_bytes(data)

    assert found(project) == first
    for record in (project.cache / "findings").rglob("*.json"):
        record.write_text("[1, 2")
    assert [finding.code for finding in found(project)] == ["damaged-library"]
