"""The six-package stack of the field, from the package index: what is promised of it, measured."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.projects import Project, make_project

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.index, pytest.mark.slow]

STACK = ("numpy", "scipy", "pandas", "scikit-learn", "requests", "boto3")
BOOKKEEPING = ("INSTALLER", "REQUESTED", "RECORD", "direct_url.json")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = make_project(tmp_path_factory.mktemp("stack"), requirements=None)
    project.write({"requirements.txt": "".join(f"{name}\n" for name in STACK)})
    return project


@pytest.fixture(scope="module")
def estimated(project: Project) -> dict[str, object]:
    done = project.command("estimate", "--json")
    assert done.returncode == 0, done.stderr
    document: dict[str, object] = json.loads(done.stdout)
    return document


@pytest.fixture(scope="module")
def built(project: Project, estimated: dict[str, object]) -> dict[str, object]:
    assert estimated
    done = project.command("build", "--json")
    assert done.returncode == 0, done.stderr
    document: dict[str, object] = json.loads(done.stdout)
    return document


def test_an_estimate_fetches_under_three_percent(
    project: Project, estimated: dict[str, object], built: dict[str, object]
) -> None:
    assert built
    wheels = sum(wheel.stat().st_size for wheel in project.cache.rglob("*.whl"))
    fetched = estimated["bytes_fetched"]

    assert isinstance(fetched, int)
    assert wheels > 80_000_000
    assert 0 < fetched < 0.03 * wheels


def test_the_build_is_what_was_estimated(estimated: dict[str, object], built: dict[str, object]) -> None:
    [planned], [artifact] = estimated["artifacts"], built["artifacts"]  # type: ignore[misc]

    with zipfile.ZipFile(artifact["path"]) as archive:
        assert archive.testzip() is None
        assert sum(entry.file_size for entry in archive.infolist()) == planned["unzipped_bytes"]
        zipped = archive.fp.seek(0, 2) if archive.fp else 0
    assert abs(zipped - planned["zipped_bytes"]) <= 0.005 * planned["zipped_bytes"]
    assert planned["exact"]
    assert planned["files"] == artifact["files"] > 7_000


@pytest.mark.skipif(shutil.which("unzip") is None, reason="unzip is not installed")
def test_unzip_accepts_it(built: dict[str, object]) -> None:
    [artifact] = built["artifacts"]  # type: ignore[misc]

    assert subprocess.run(["unzip", "-tq", artifact["path"]], capture_output=True).returncode == 0


def test_two_builds_in_two_folders_give_one_sha256(
    project: Project, built: dict[str, object], tmp_path: Path
) -> None:
    [artifact] = built["artifacts"]  # type: ignore[misc]
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(project.root, elsewhere, ignore=shutil.ignore_patterns(".serverless"))

    done = project.command("build", str(elsewhere), "--json")

    assert json.loads(done.stdout)["artifacts"][0]["sha256"] == artifact["sha256"]
    digest = hashlib.sha256((elsewhere / ".serverless/shop.zip").read_bytes()).hexdigest()
    assert digest == artifact["sha256"]


def test_its_tree_is_pips(built: dict[str, object], tmp_path: Path) -> None:
    [artifact] = built["artifacts"]  # type: ignore[misc]
    pins = [
        f"{package['name']}=={package['version']}" for package in artifact["packages"] if package["version"]
    ]
    platforms = [f"--platform=manylinux_2_{minor}_x86_64" for minor in range(34, 16, -1)]
    platforms += [
        "--platform=manylinux2014_x86_64",
        "--platform=manylinux2010_x86_64",
        "--platform=manylinux1_x86_64",
    ]
    target = tmp_path / "target"
    # pip judges requires-python by the interpreter it runs on, whatever --python-version says.
    command = ["pip", "install", "-q", "--no-deps", "--no-compile", "--ignore-requires-python"]
    foreign = ["--only-binary=:all:", "--python-version=3.12", "--implementation=cp"]
    abis = ["--abi=cp312", "--abi=abi3", "--abi=none"]
    subprocess.run(
        [sys.executable, "-m", *command, "--target", target, *foreign, *abis, *platforms, *pins],
        check=True,
        timeout=600,
    )

    with zipfile.ZipFile(artifact["path"]) as archive:
        ours = {
            name: digest_of(name, archive.read(name))
            for name in archive.namelist()
            if name not in ("handler.py", "requirements.txt") and not is_bookkeeping(name)
        }
    launchers = set(launchers_of(target))
    theirs = {
        name: digest_of(name, (target / name).read_bytes())
        for name in (path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file())
        if not is_bookkeeping(name) and not name.endswith(".pyc") and name not in launchers
    }
    assert ours == theirs


def digest_of(name: str, data: bytes) -> str:
    """Of the content; of a script without its first line, where pip names the interpreter of this machine."""
    if name.startswith("bin/") and data.startswith(b"#!"):
        data = data.partition(b"\n")[2]
    return hashlib.sha256(data).hexdigest()


def is_bookkeeping(name: str) -> bool:
    """What an installer writes into dist-info for itself."""
    folder, _, file = name.rpartition("/")
    return folder.endswith(".dist-info") and file in BOOKKEEPING


def launchers_of(target: Path) -> list[str]:
    """The console scripts that pip made, by what the packages' entry points name."""
    names = []
    for entry_points in target.glob("*.dist-info/entry_points.txt"):
        section = ""
        for line in entry_points.read_text().splitlines():
            if line.startswith("["):
                section = line.strip("[] ")
            elif section in ("console_scripts", "gui_scripts") and "=" in line:
                names.append(f"bin/{line.partition('=')[0].strip()}")
    return names
