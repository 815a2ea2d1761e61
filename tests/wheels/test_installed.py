"""Installed folders, taken apart into the wheels they came from."""

from __future__ import annotations

import subprocess
import zipfile
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import BuildError
from pyreq_tui.processes import uv_executable
from pyreq_tui.wheels import installed_distributions, pack_distribution
from tests.making import make_wheel

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    files = {
        "tool/__init__.py": "VALUE = 1\n",
        "tool/native.so": b"\x7fELF" * 100,
        "tool-1.0.data/scripts/run-tool": "#!python\nimport tool\n",
        "tool-1.0.data/data/share/tool.txt": "shared\n",
        "tool-1.0.dist-info/entry_points.txt": "[console_scripts]\nTool = tool:main\n",
    }
    return make_wheel(tmp_path / "wheels", "tool", "1.0", files, tag="cp311-cp311-manylinux_2_17_x86_64")


def install(*wheels: Path, folder: Path) -> Path:
    """As ``uv pip install --target`` leaves them."""
    command = [
        uv_executable(),
        "pip",
        "install",
        "--quiet",
        "--offline",
        "--no-deps",
        "--target",
        str(folder),
    ]
    command += ["--python-platform", "x86_64-manylinux_2_28", "--python-version", "3.11"]
    subprocess.run([*command, *map(str, wheels)], check=True, capture_output=True)
    return folder


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_wheel_is_what_it_was(wheel: Path, tmp_path: Path) -> None:
    other = make_wheel(tmp_path / "wheels", "other", "2.0", {"tool/plugin.py": "", "other.py": "X = 2\n"})
    folder = install(wheel, other, folder=tmp_path / "installed")
    (folder / "stray.txt").write_text("nobody's\n")
    (folder / "tool" / "__pycache__").mkdir(exist_ok=True)
    (folder / "tool" / "__pycache__" / "x.cpython-311.pyc").write_bytes(b"")
    (others, tool), loose = installed_distributions(folder)
    assert (others.name, tool.name, tool.version) == ("other", "tool", "1.0")
    assert loose == ("stray.txt",)
    packed = pack_distribution(tool, tmp_path / "packed")
    assert packed.name == wheel.name
    before, after = contents(wheel), contents(packed)
    assert after["bin/run-tool"] == before["tool-1.0.data/scripts/run-tool"]
    assert after["share/tool.txt"] == b"shared\n"
    assert after["tool/native.so"] == before["tool/native.so"]
    assert "bin/Tool" not in after
    assert not [
        name for name in after if name.endswith(("INSTALLER", "direct_url.json", ".pyc", "REQUESTED"))
    ]
    assert after["tool-1.0.dist-info/RECORD"].count(b"\n") == len(after)


def test_packed_twice_it_is_the_same(wheel: Path, tmp_path: Path) -> None:
    [tool], _ = installed_distributions(install(wheel, folder=tmp_path / "installed"))
    first = pack_distribution(tool, tmp_path / "first").read_bytes()
    assert pack_distribution(tool, tmp_path / "second").read_bytes() == first


def test_a_record_can_not_claim_what_is_elsewhere(wheel: Path, tmp_path: Path) -> None:
    folder = install(wheel, folder=tmp_path / "installed")
    (tmp_path / "secret").write_text("not yours")
    record = folder / "tool-1.0.dist-info" / "RECORD"
    record.write_text(record.read_text() + f"../secret,,\n{tmp_path}/secret,,\n/etc/passwd,,\n")
    [tool], _ = installed_distributions(folder)
    assert not [name for name in tool.files if "secret" in name or "passwd" in name]


def test_files_of_a_distribution_without_a_record_are_nobodys(wheel: Path, tmp_path: Path) -> None:
    folder = install(wheel, folder=tmp_path / "installed")
    (folder / "tool-1.0.dist-info" / "RECORD").unlink()
    distributions, loose = installed_distributions(folder)
    assert distributions == ()
    assert "tool/__init__.py" in loose


def test_metadata_that_says_nothing(wheel: Path, tmp_path: Path) -> None:
    folder = install(wheel, folder=tmp_path / "installed")
    (folder / "tool-1.0.dist-info" / "METADATA").write_text("\n")
    with pytest.raises(BuildError, match="does not say what it is"):
        installed_distributions(folder)
