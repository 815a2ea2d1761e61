"""Real libraries, compiled here, stripped by the real tool."""

from __future__ import annotations

import shutil
import struct
import subprocess
import threading
import zipfile
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.build import Result, plan, run
from pyreq_tui.build.stripping import find_stripper, is_loadable
from pyreq_tui.errors import BuildError
from tests.making import make_wheel
from tests.projects import Project, make_project

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(
    shutil.which("gcc") is None or find_stripper("x86_64") is None,
    reason="needs gcc and a strip for x86_64",
)

TAG = "cp312-cp312-manylinux2014_x86_64"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("library")
    functions = "".join(f"int function_{number}(int x) {{ return x * {number}; }}\n" for number in range(200))
    (folder / "library.c").write_text(functions)
    subprocess.run(
        ["gcc", "-g", "-shared", "-fPIC", "-o", folder / "library.so", folder / "library.c"], check=True
    )
    return (folder / "library.so").read_bytes()


@pytest.fixture
def project(tmp_path: Path, library: bytes) -> Project:
    project = make_project(tmp_path, requirements=["native"])
    make_wheel(
        project.wheels,
        "native",
        files={
            "native/fast.so": library,
            "native/versioned.so.1": library,
            "native/script.so": "INPUT(fast)\n",
        },
        tag=TAG,
    )
    return project


def build(project: Project, **overrides: object) -> Result:
    materials = project.materials(slim=True, **overrides)
    planned = plan(materials.service, materials)
    return run(planned, materials, report=lambda _: None, cancel=threading.Event())


def test_slim_strips_libraries_and_what_it_leaves_loads(
    project: Project, library: bytes, tmp_path: Path
) -> None:
    [artifact] = build(project).artifacts

    with zipfile.ZipFile(artifact.path) as archive:
        stripped = archive.read("native/fast.so")
        assert archive.read("native/versioned.so.1") == library
        assert archive.read("native/script.so") == b"INPUT(fast)\n"
    assert len(stripped) < len(library)
    assert is_loadable(stripped)
    (tmp_path / "fast.so").write_bytes(stripped)
    symbols = subprocess.run(["nm", "-D", tmp_path / "fast.so"], capture_output=True, text=True, check=True)
    assert "function_199" in symbols.stdout


def test_an_estimate_is_exact_once_stripping_is_known(project: Project) -> None:
    before = project.plan(slim=True).artifacts[0]
    [artifact] = build(project).artifacts
    after = project.plan(slim=True).artifacts[0]

    assert not before.is_exact
    assert before.unzipped_bytes > after.unzipped_bytes
    assert after.is_exact
    assert after.zipped_bytes == artifact.path.stat().st_size
    assert build(project).cache.is_hit
    assert build(project, strip=False).cache.reason == "strip changed"


def test_strip_false_leaves_libraries_alone(project: Project, library: bytes) -> None:
    [artifact] = build(project, strip=False).artifacts

    with zipfile.ZipFile(artifact.path) as archive:
        assert archive.read("native/fast.so") == library
    assert project.plan(slim=True, strip=False).artifacts[0].is_exact


def test_a_library_that_strip_breaks_ships_as_it_was(
    project: Project, library: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A strip that does to a segment what binutils 2.40 does to OpenBLAS, and exits 0.
    breaking = tmp_path / "bin" / "strip"
    breaking.parent.mkdir()
    breaking.write_text(
        "#!/bin/sh\n"
        'if [ "$1" = --version ]; then echo "strip that breaks"; exit 0; fi\n'
        f'cp {tmp_path}/misaligned.so "$1"\n'
    )
    breaking.chmod(0o755)
    (tmp_path / "misaligned.so").write_bytes(misaligned(library)[:-1])
    monkeypatch.setenv("PATH", f"{breaking.parent}:/usr/bin:/bin")
    monkeypatch.setattr("pyreq_tui.build.stripping._TOOLS", {})

    result = build(project)

    with zipfile.ZipFile(result.artifacts[0].path) as archive:
        assert archive.read("native/fast.so") == library
    assert "strip-undone" in [problem.code for problem in result.plan.problems]


@pytest.mark.parametrize(
    ("then", "says"),
    [("kill -INT $$", "ended by signal 2"), ("echo 'a.so: No space left on device' >&2; exit 1", "No space")],
)
def test_a_strip_that_was_stopped_is_an_error_and_not_remembered(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, then: str, says: str
) -> None:
    stopped = tmp_path / "bin" / "strip"
    stopped.parent.mkdir()
    stopped.write_text(f'#!/bin/sh\nif [ "$1" = --version ]; then echo "strip"; exit 0; fi\n{then}\n')
    stopped.chmod(0o755)
    monkeypatch.setenv("PATH", f"{stopped.parent}:/usr/bin:/bin")
    monkeypatch.setattr("pyreq_tui.build.stripping._TOOLS", {})

    with pytest.raises(BuildError, match=says):
        build(project)

    assert not list((project.cache / "stripped").rglob("*.json"))


def test_misaligned_segments_are_seen(library: bytes) -> None:
    assert is_loadable(library)
    assert not is_loadable(misaligned(library))
    assert not is_loadable(library[: len(library) // 8])
    assert not is_loadable(b"\x7fELF and no more")


def misaligned(library: bytes) -> bytes:
    """``library`` with its second loadable segment's file offset moved by one (ELF64 program headers)."""
    changed = bytearray(library)
    (table,) = struct.unpack_from("<Q", library, 32)
    size, count = struct.unpack_from("<HH", library, 54)
    loadable = [
        table + size * n for n in range(count) if struct.unpack_from("<I", library, table + size * n) == (1,)
    ]
    (offset,) = struct.unpack_from("<Q", library, loadable[1] + 8)
    struct.pack_into("<Q", changed, loadable[1] + 8, offset + 1)
    return bytes(changed)
