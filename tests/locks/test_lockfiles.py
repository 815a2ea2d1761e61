"""From a lockfile that states no URLs to pins: exactly what it locks, each file by its hash."""

from __future__ import annotations

import hashlib
import json
import subprocess
from threading import Event
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import PyreqError
from pyreq_tui.locks import Unbuilt, resolve, settings_for, target_for
from pyreq_tui.sources import read_source
from tests.locks.conftest import versions
from tests.making import make_wheel
from tests.sources.projects import found, service, write

if TYPE_CHECKING:
    from pathlib import Path

    from pyreq_tui.locks import Lock

PROJECT = "[tool.poetry.dependencies]\npython = '^3.11'\nalpha = '*'\nlib = {path = 'lib'}\n"
LIB = """
    [project]
    name = "lib"
    version = "1"
    dependencies = ["gone"]
    [build-system]
    requires = ["hatchling"]
    build-backend = "hatchling.build"
"""


def package(name: str, version: str, *hashes: str, extra: str = "", source: str = "") -> str:
    files = ", ".join(f'{{file = "x", hash = "sha256:{value}"}}' for value in hashes)
    origin = f"[package.source]\n{source}\n" if source else ""
    head = f'[[package]]\nname = "{name}"\nversion = "{version}"\ngroups = ["main"]'
    return f"{head}\nfiles = [{files}]\n{extra}\n{origin}"


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where pip is configured to look, and nowhere else."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))
    (tmp_path / "wheels").mkdir()
    return tmp_path / "wheels"


def poetry(root: Path, lock: str, files: dict[str, str] | None = None) -> Path:
    write(root, {"pyproject.toml": PROJECT, "lib/pyproject.toml": LIB, **(files or {})})
    (root / "poetry.lock").write_text(lock)
    return root


def resolved(root: Path, runtime: str = "python3.12", **options: object) -> Lock:
    served = service(root, **options)
    source = read_source(found(root), served.options)
    return resolve(
        source,
        target_for(runtime, "x86_64"),
        served.options,
        settings_for(source, served.options),
        cache=None,
        offline=True,
        cancel=Event(),
        on_line=list[str]().append,
    )


def test_what_is_locked_ships_and_nothing_else(tmp_path: Path, wheels: Path) -> None:
    old = make_wheel(wheels, "alpha", "1.0", requires=["beta"])
    make_wheel(wheels, "alpha", "2.0")
    make_wheel(wheels, "beta")
    win = make_wheel(wheels, "win")
    lock = package("alpha", "1.0", sha256(old))
    lock += package("win", "1.0", sha256(win), extra="markers = \"sys_platform == 'win32'\"")
    found_lock = resolved(poetry(tmp_path, lock))
    assert versions(found_lock) == {"alpha": "1.0"}
    assert found_lock.direct == (("alpha", ()),)
    assert len(found_lock.dropped) == 1
    assert found_lock.held_back == ()


def test_a_wheel_that_does_not_load_is_no_reason_for_another_version(tmp_path: Path, wheels: Path) -> None:
    new = make_wheel(wheels, "alpha", "2.0", tag="cp312-cp312-manylinux_2_39_x86_64")
    make_wheel(wheels, "alpha", "1.0")
    with pytest.raises(PyreqError, match=r"alpha 2\.0 has no wheel that loads") as caught:
        resolved(poetry(tmp_path, package("alpha", "2.0", sha256(new))))
    assert str(caught.value.where) == f"{tmp_path}/poetry.lock:1"


def test_only_files_with_a_locked_hash_are_taken(tmp_path: Path, wheels: Path) -> None:
    make_wheel(wheels, "alpha")
    with pytest.raises(PyreqError, match="hashes"):
        resolved(poetry(tmp_path, package("alpha", "1.0", "0" * 64)))


def test_folders_and_repositories_stand_without_hashes(tmp_path: Path, wheels: Path) -> None:
    alpha = make_wheel(wheels, "alpha")
    repository = write(tmp_path / "repository", {"pyproject.toml": LIB.replace('"lib"', '"gitlib"')})
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@x", "-C", str(repository)]
    for command in (["init", "-q"], ["add", "."], ["commit", "-qm", "x"]):
        subprocess.run([*git, *command], check=True)
    commit = subprocess.run(
        [*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    ).stdout.strip()
    lock = package("alpha", "1.0", sha256(alpha))
    lock += package("lib", "1", source='type = "directory"\nurl = "lib"')
    lock += package(
        "gitlib", "1", source=f'type = "git"\nurl = "file://{repository}"\nresolved_reference = "{commit}"'
    )
    pins = {pin.name: pin for pin in resolved(poetry(tmp_path, lock)).pins}
    assert pins["alpha"].wheel is not None
    assert pins["lib"].unbuilt == Unbuilt("directory", str(tmp_path / "lib"))
    assert pins["gitlib"].unbuilt is not None
    assert pins["gitlib"].unbuilt.revision == commit


def test_a_local_wheel_is_checked(tmp_path: Path, wheels: Path) -> None:
    wheel = make_wheel(tmp_path / "files", "alpha")
    source = f'type = "file"\nurl = "files/{wheel.name}"'
    [pin] = resolved(poetry(tmp_path, package("alpha", "1.0", sha256(wheel), source=source))).pins
    assert pin.wheel is not None
    assert pin.wheel.filename == wheel.name
    with pytest.raises(PyreqError, match="hash"):
        resolved(poetry(tmp_path, package("alpha", "1.0", "0" * 64, source=source)))


def test_a_lock_for_another_python_is_refused(tmp_path: Path, wheels: Path) -> None:
    wheel = make_wheel(wheels, "alpha")
    lock = package("alpha", "1.0", sha256(wheel)) + '[metadata]\npython-versions = "^3.11"\n'
    assert versions(resolved(poetry(tmp_path, lock))) == {"alpha": "1.0"}
    with pytest.raises(PyreqError, match=r'python_version >= "3\.11".*, not for python3\.10') as caught:
        resolved(tmp_path, "python3.10")
    assert str(caught.value.where) == f"{tmp_path}/poetry.lock"


def test_pipenv_locks_the_same_way(tmp_path: Path, wheels: Path) -> None:
    alpha = make_wheel(wheels, "alpha", requires=["beta"])
    default = {
        "alpha": {"version": "==1.0", "hashes": [f"sha256:{sha256(alpha)}"]},
        "lib": {"path": "./lib", "editable": True},
    }
    write(
        tmp_path, {"Pipfile": "", "lib/pyproject.toml": LIB, "Pipfile.lock": json.dumps({"default": default})}
    )
    assert {pin.name for pin in resolved(tmp_path).pins} == {"alpha", "lib"}


def test_what_is_omitted_need_not_be_found(tmp_path: Path, wheels: Path) -> None:
    alpha = make_wheel(wheels, "alpha")
    lock = package("alpha", "1.0", sha256(alpha)) + package("private", "1.0", "0" * 64)
    assert versions(resolved(poetry(tmp_path, lock), no_deploy=("private",))) == {"alpha": "1.0"}
