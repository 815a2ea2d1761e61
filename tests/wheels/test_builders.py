"""What the installer is told about building reaches the backend, whoever calls it."""

from __future__ import annotations

import sys
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import BuildError
from pyreq_tui.locks import Pin, Settings, Unbuilt
from pyreq_tui.locks.uv_configuration import Index
from pyreq_tui.wheels import Store, built_wheel
from tests.index_server import IndexServer
from tests.making import make_wheel
from tests.surroundings import forget_installers
from tests.wheels.test_building import TARGET, Yard

if TYPE_CHECKING:
    from pathlib import Path

BACKEND = """
import pathlib, sys, zipfile

def get_requires_for_build_wheel(settings=None):
    return []

def build_wheel(directory, settings=None, metadata=None):
    print("backend in", pathlib.Path(__file__).parent)
    name = "tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(directory) / name, "w") as wheel:
        def add(path, text):
            wheel.writestr(zipfile.ZipInfo(path), text)
        add("tiny.txt", repr(sorted((settings or {}).items())))
        add("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1.0\\n")
        add("tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        add("tiny-1.0.dist-info/RECORD", "")
    return name
"""
PROJECT = """
[build-system]
requires = ["tinybackend"]
build-backend = "tinybackend"
[project]
name = "tiny"
version = "1.0"
"""


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_installers(monkeypatch)


@pytest.fixture
def yard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Yard:
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    monkeypatch.setenv("PIP_CACHE_DIR", str(tmp_path / "pip"))
    return Yard(Store(tmp_path / "store"))


@pytest.fixture
def project(tmp_path: Path) -> Unbuilt:
    """A project whose backend is to be had as a wheel, not with it."""
    make_wheel(tmp_path / "wheels", "tinybackend", files={"tinybackend.py": BACKEND})
    (tmp_path / "tiny").mkdir()
    (tmp_path / "tiny" / "pyproject.toml").write_text(PROJECT)
    return Unbuilt("directory", str(tmp_path / "tiny"))


def told(yard: Yard, project: Unbuilt, settings: Settings) -> str:
    """What the backend was told, as it wrote it into its wheel."""
    yard.settings = settings
    wheel = yard.build(project, offline=False)
    with zipfile.ZipFile(yard.store.wheel_path(wheel)) as archive:
        return archive.read("tiny.txt").decode()


@pytest.mark.parametrize(
    "pip_build", [(), pytest.param(("--use-pep517",), marks=pytest.mark.slow)], ids=["uv", "pip"]
)
def test_settings_reach_the_backend_and_are_part_of_the_key(
    tmp_path: Path, yard: Yard, project: Unbuilt, pip_build: tuple[str, ...]
) -> None:
    plain = Settings(no_index=True, find_links=(str(tmp_path / "wheels"),), pip_build=pip_build)
    for_all = replace(plain, config_settings=("a=1",))
    for_tiny = replace(for_all, package_settings=(("tiny", ("b=2",)), ("other", ("c=3",))))

    assert told(yard, project, plain) == "[]"
    assert told(yard, project, for_all) == "[('a', '1')]"
    assert told(yard, project, for_tiny) == "[('a', '1'), ('b', '2')]"
    pin = Pin("tiny", "1.0", unbuilt=project)
    assert built_wheel(pin, TARGET, yard.store, for_tiny) != built_wheel(pin, TARGET, yard.store, plain)
    assert built_wheel(pin, TARGET, yard.store, replace(plain, no_build_isolation=True)) is None


def test_without_isolation_the_backend_of_the_interpreter_builds(
    tmp_path: Path, yard: Yard, project: Unbuilt, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "path").mkdir()
    (tmp_path / "path" / "tinybackend.py").write_text(BACKEND)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "path"))
    with pytest.raises(BuildError, match=r"tiny 1\.0 could not be built"):
        told(yard, project, Settings(no_index=True))
    assert told(yard, project, Settings(no_index=True, no_build_isolation=True)) == "[]"


def test_a_private_index_serves_what_builds_require(tmp_path: Path, yard: Yard, project: Unbuilt) -> None:
    with IndexServer(tmp_path / "wheels", credentials=("me", "hunter2")) as index:
        named = Index("corp", index.url, is_default=True)
        by_pip = Settings(index_url=index.url, config_settings=("who=pip",))
        by_uv = Settings(installer="uv", uv_indexes=(named,), config_settings=("who=uv",))
        with pytest.raises(BuildError) as caught:
            told(yard, project, Settings(index_url=index.url.replace("hunter2", "wrong")))
        assert told(yard, project, by_pip) == "[('who', 'pip')]"
        assert told(yard, project, by_uv) == "[('who', 'uv')]"
    shown = "\n".join([*yard.lines, str(caught.value), *_kept(tmp_path / "store")])
    assert "hunter2" not in shown
    assert "wrong" not in shown


def _kept(folder: Path) -> list[str]:
    return [path.read_text("latin-1") for path in folder.rglob("*") if path.is_file()]


def test_a_missing_python_bin_is_passed_over(tmp_path: Path, yard: Yard, project: Unbuilt) -> None:
    settings = Settings(no_index=True, find_links=(str(tmp_path / "wheels"),), python_bin="/nowhere/python")
    assert told(yard, project, settings) == "[]"
    assert TARGET.python == sys.version_info[:2]
