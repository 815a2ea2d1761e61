"""Wheels built of real tiny projects, whose backend comes with them so that nothing is downloaded."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tarfile
import threading
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import BuildError, PyreqError
from pyreq_tui.locks import Pin, Settings, Target, Unbuilt, WheelFile, target_for
from pyreq_tui.locks.interpreters import find_interpreter
from pyreq_tui.wheels import Store, adopt_wheel, build_wheel, built_wheel
from pyreq_tui.wheels.origins import fingerprint, project_files
from tests.making import make_wheel

if TYPE_CHECKING:
    from tests.index_server import IndexServer
    from tests.wheels.conftest import Desk

HERE = f"python{sys.version_info[0]}.{sys.version_info[1]}"
ARCHITECTURE = {"x86_64": "x86_64", "aarch64": "arm64"}.get(platform.machine(), "x86_64")
TARGET = target_for(HERE, ARCHITECTURE)

BACKEND = """
import pathlib, sys, zipfile

TAG = (pathlib.Path(__file__).parent / "tag.txt").read_text().strip()
TAG = TAG.replace("HERE", f"cp{sys.version_info[0]}{sys.version_info[1]}")

def get_requires_for_build_wheel(settings=None):
    return []

def build_wheel(directory, settings=None, metadata=None):
    print("building with", sys.version_info[:2])
    if TAG == "broken":
        sys.exit("fatal error: Python.h: No such file or directory")
    name = f"tiny-1.0-{TAG}.whl"
    pathlib.Path("build").mkdir(exist_ok=True)
    pathlib.Path("build/litter").write_text("backends do that")
    with zipfile.ZipFile(pathlib.Path(directory) / name, "w") as wheel:
        def add(path, text):
            wheel.writestr(zipfile.ZipInfo(path), text)
        add("tiny.py", pathlib.Path("tiny.py").read_text())
        add("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\\nName: tiny\\nVersion: 1.0\\n")
        add("tiny-1.0.dist-info/WHEEL", f"Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: {TAG}\\n")
        add("tiny-1.0.dist-info/RECORD", "")
    return name
"""
PYPROJECT = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["tooling"]

[project]
name = "tiny"
version = "1.0"
"""


def make_project(folder: Path, tag: str = "py3-none-any") -> Path:
    (folder / "tooling").mkdir(parents=True)
    (folder / "pyproject.toml").write_text(PYPROJECT)
    (folder / "tooling" / "backend.py").write_text(BACKEND)
    (folder / "tooling" / "tag.txt").write_text(tag)
    (folder / "tiny.py").write_text("x = 1\n")
    return folder


def make_sdist(folder: Path, project: Path) -> Path:
    path = folder / "tiny-1.0.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        archive.add(project, "tiny-1.0")
        info = tarfile.TarInfo("tiny-1.0/PKG-INFO")
        archive.addfile(info)
    return path


def git(folder: Path, *arguments: str) -> str:
    env = {
        **os.environ,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_NAME": "a",
        "GIT_AUTHOR_EMAIL": "a@example.org",
        "GIT_COMMITTER_NAME": "a",
        "GIT_COMMITTER_EMAIL": "a@example.org",
    }
    return subprocess.run(
        ["git", *arguments], cwd=folder, env=env, check=True, capture_output=True, text=True
    ).stdout.strip()


@dataclass
class Yard:
    """A store to build into, and what was said."""

    store: Store
    settings: Settings = field(default_factory=Settings)
    lines: list[str] = field(default_factory=list)

    def build(
        self, unbuilt: Unbuilt, target: Target = TARGET, *, name: str = "tiny", offline: bool = True
    ) -> WheelFile:
        return build_wheel(
            Pin(name, "1.0", unbuilt=unbuilt),
            target,
            self.store,
            self.settings,
            offline=offline,
            cancel=threading.Event(),
            on_line=self.lines.append,
        )

    def built(self, unbuilt: Unbuilt, target: Target = TARGET) -> WheelFile | None:
        return built_wheel(Pin("tiny", "1.0", unbuilt=unbuilt), target, self.store, self.settings)


@pytest.fixture
def yard(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Yard:
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    return Yard(Store(tmp_path / "store"))


def folder_of(project: Path) -> Unbuilt:
    return Unbuilt("directory", str(project))


def test_a_folder_is_built_once_and_left_as_it_was(tmp_path: Path, yard: Yard) -> None:
    project = make_project(tmp_path / "tiny")
    before = sorted(project.rglob("*"))
    assert yard.built(folder_of(project)) is None
    wheel = yard.build(folder_of(project))
    assert wheel.filename == "tiny-1.0-py3-none-any.whl"
    assert yard.store.wheel_path(wheel).as_uri() == wheel.url
    assert yard.store.has(wheel)
    contents = yard.store.contents(wheel)
    assert contents is not None
    assert "tiny.py" in {member.name for member in contents.members}
    assert any("building with" in line for line in yard.lines)
    assert sorted(project.rglob("*")) == before
    yard.lines.clear()
    assert yard.build(folder_of(project)) == yard.built(folder_of(project)) == wheel
    assert yard.lines == []
    assert yard.store.verify() == ()


def test_a_change_to_the_folder_is_a_new_wheel(tmp_path: Path, yard: Yard) -> None:
    project = make_project(tmp_path / "tiny")
    first = yard.build(folder_of(project))
    (project / "tiny.py").write_text("x = 2\n")
    assert yard.built(folder_of(project)) is None
    second = yard.build(folder_of(project))
    assert second.sha256 != first.sha256
    (project / "tiny.py").write_text("x = 1\n")
    assert yard.built(folder_of(project)) == first


def test_what_is_no_source_does_not_count(tmp_path: Path) -> None:
    project = make_project(tmp_path / "tiny")
    state = fingerprint(folder_of(project))
    for name in ("__pycache__", ".venv", "build", "tiny.egg-info", "node_modules", ".git"):
        (project / name).mkdir()
        (project / name / "x.txt").write_text("x")
    (project / "env").mkdir()
    (project / "env" / "pyvenv.cfg").write_text("")
    assert fingerprint(folder_of(project)) == state
    (project / "build" / "__init__.py").write_text("")
    assert fingerprint(folder_of(project)) != state
    state = fingerprint(folder_of(project))
    (project / "tiny.py").chmod(0o755)
    assert fingerprint(folder_of(project)) != state


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_a_backend_that_asks_git_gets_an_answer_and_leaves_the_repository_alone(
    tmp_path: Path, yard: Yard
) -> None:
    project = make_project(tmp_path / "tiny")
    asking = "    import os, subprocess\n"
    asking += "    command = ['git', 'describe', '--tags', '--dirty']\n"
    asking += "    print('described', subprocess.check_output(command, text=True))\n"
    asking += "    print('pretends', os.environ['SETUPTOOLS_SCM_PRETEND_VERSION_FOR_TINY'])\n"
    backend = project / "tooling" / "backend.py"
    backend.write_text(BACKEND.replace('    print("building', asking + '    print("building'))
    git(project, "init", "--quiet")
    git(project, "add", ".")
    git(project, "commit", "--quiet", "-m", "one")
    git(project, "tag", "v1.0")
    git(project, "worktree", "add", "--quiet", str(tmp_path / "worktree"))
    before = {path: path.stat().st_mtime_ns for path in project.rglob("*")}
    yard.build(folder_of(project))
    assert "described v1.0" in yard.lines
    assert "pretends 1.0" in yard.lines
    assert {path: path.stat().st_mtime_ns for path in project.rglob("*")} == before
    yard.lines.clear()
    (tmp_path / "worktree" / "new.txt").write_text("so that it is not known yet")
    yard.build(folder_of(tmp_path / "worktree"))
    assert "described v1.0" in yard.lines


def test_links_in_a_circle_are_walked_once(tmp_path: Path) -> None:
    project = make_project(tmp_path / "tiny")
    (project / "self").symlink_to(project)
    (project / "dangling").symlink_to(tmp_path / "nowhere")
    (tmp_path / "shared").mkdir()
    (tmp_path / "shared" / "data.txt").write_text("x")
    (project / "shared").symlink_to(tmp_path / "shared")
    names = [name for name, _ in project_files(project)]
    assert names == sorted(set(names), key=names.index)
    assert "shared/data.txt" in names
    assert not any(name.startswith(("self", "dangling")) for name in names)


def test_a_lost_wheel_or_a_damaged_record_is_built_again(tmp_path: Path, yard: Yard) -> None:
    unbuilt = folder_of(make_project(tmp_path / "tiny"))
    wheel = yard.build(unbuilt)
    yard.store.wheel_path(wheel).unlink()
    assert yard.built(unbuilt) is None
    assert yard.build(unbuilt) == wheel
    record = next((yard.store.folder / "built").iterdir())
    for text in ("{", "[]", "{}", '{"wheel": {"filename": "../x.whl", "sha256": "x", "size_bytes": 1}}'):
        record.write_text(text)
        assert yard.built(unbuilt) is None


def test_an_sdist_is_downloaded_verified_and_built(tmp_path: Path, yard: Yard, index: IndexServer) -> None:
    path = make_sdist(index.folder, make_project(tmp_path / "tiny"))
    import hashlib

    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    unbuilt = Unbuilt("sdist", index.file_url(path.name), sha256=sha256)
    with pytest.raises(BuildError, match=r"Offline, and .*tiny-1.0.tar.gz"):
        yard.build(unbuilt)
    with pytest.raises(BuildError, match="not the file the lock means"):
        yard.build(Unbuilt("sdist", index.file_url(path.name), sha256="0" * 64), offline=False)
    wheel = yard.build(unbuilt, offline=False)
    assert yard.built(unbuilt) == wheel
    path.unlink()
    assert yard.build(unbuilt) == wheel


def test_an_sdist_on_disk_and_one_in_a_subdirectory(tmp_path: Path, yard: Yard) -> None:
    project = make_project(tmp_path / "mono" / "packages" / "tiny").parents[1]
    path = make_sdist(tmp_path, project)
    unbuilt = Unbuilt("sdist", path.as_uri(), subdirectory="packages/tiny")
    assert yard.build(unbuilt).filename == "tiny-1.0-py3-none-any.whl"
    assert yard.built(unbuilt) is not None
    with pytest.raises(PyreqError, match=r"no folder \.\./\.\."):
        yard.build(Unbuilt("sdist", path.as_uri(), subdirectory="../.."))
    archive = Path(shutil.make_archive(str(tmp_path / "zipped"), "zip", project))
    assert yard.build(Unbuilt("sdist", archive.as_uri(), subdirectory="packages/tiny"))


def test_an_archive_that_is_none_is_said(tmp_path: Path, yard: Yard) -> None:
    path = tmp_path / "tiny-1.0.tar.gz"
    path.write_bytes(b"not an archive")
    with pytest.raises(BuildError, match="can't be unpacked"):
        yard.build(Unbuilt("sdist", path.as_uri(), subdirectory="x"))
    with pytest.raises(BuildError, match=r"tiny 1.0 could not be built"):
        yard.build(Unbuilt("sdist", path.as_uri()))


def test_archives_that_uv_does_not_read_are_unpacked_here(tmp_path: Path, yard: Yard) -> None:
    make_project(tmp_path / "source" / "tiny-1.0")
    for kind in ("xztar", "gztar"):
        archive = Path(shutil.make_archive(str(tmp_path / "tarball"), kind, tmp_path / "source"))
        assert yard.build(Unbuilt("sdist", archive.rename(tmp_path / kind).as_uri()))


def test_an_archive_that_leads_outside_is_refused(tmp_path: Path, yard: Yard) -> None:
    path = tmp_path / "tarball"
    with tarfile.open(path, "w:gz") as archive:
        archive.addfile(tarfile.TarInfo("../../escaped"))
    with pytest.raises(BuildError, match="can't be unpacked"):
        yard.build(Unbuilt("sdist", path.as_uri()))


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_a_revision_is_cloned_and_built(tmp_path: Path, yard: Yard) -> None:
    repository = make_project(tmp_path / "repository" / "packages" / "tiny").parents[1]
    git(repository, "init", "--quiet")
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "-m", "one")
    first = git(repository, "rev-parse", "HEAD")
    (repository / "packages" / "tiny" / "tiny.py").write_text("x = 2\n")
    git(repository, "commit", "--quiet", "-am", "two")

    def at(revision: str) -> Unbuilt:
        return Unbuilt("vcs", repository.as_uri(), revision=revision, subdirectory="packages/tiny")

    wheel = yard.build(at(first))
    with zipfile.ZipFile(yard.store.wheel_path(wheel)) as archive:
        assert archive.read("tiny.py") == b"x = 1\n"
    assert yard.built(at(first)) == wheel
    newest = yard.build(at(git(repository, "rev-parse", "HEAD")))
    assert newest.sha256 != wheel.sha256
    with pytest.raises(BuildError, match="git"):
        yard.build(at("0" * 40))
    with pytest.raises(PyreqError, match="not a revision"):
        yard.build(at("--upload-pack=touch x"))


def test_offline_a_far_repository_is_not_cloned(yard: Yard) -> None:
    with pytest.raises(BuildError, match=r"Offline, and https://\*\*\*@host/tiny.git") as raised:
        yard.build(Unbuilt("vcs", "git+https://user:secret@host/tiny.git", revision="abc"))
    assert "secret" not in str(raised.value)


def test_a_build_that_fails_names_the_package_and_the_way_out(tmp_path: Path, yard: Yard) -> None:
    with pytest.raises(BuildError, match=r"tiny 1.0 could not be built") as raised:
        yard.build(folder_of(make_project(tmp_path / "tiny", "broken")))
    assert "Python.h" in raised.value.message
    assert "dockerizePip" in (raised.value.hint or "")
    assert yard.built(folder_of(tmp_path / "tiny")) is None


@pytest.mark.parametrize(
    ("tag", "reason"),
    [
        ("cp27-cp27m-linux_x86_64", "no Python"),
        ("py3-none-linux_riscv64", "this machine is"),
        ("HERE-HERE-macosx_14_0_arm64", "this machine is"),
    ],
)
@pytest.mark.skipif(
    ARCHITECTURE != "x86_64" or sys.platform != "linux", reason="names this machine's platform"
)
def test_a_wheel_that_would_not_load_is_refused(tmp_path: Path, yard: Yard, tag: str, reason: str) -> None:
    with pytest.raises(BuildError, match="can't load") as raised:
        yard.build(folder_of(make_project(tmp_path / "tiny", tag)))
    assert reason in raised.value.message
    assert "dockerizePip" in (raised.value.hint or "")


@pytest.mark.skipif(sys.platform != "linux", reason="builds for Linux")
def test_a_binary_wheel_of_this_machine_loads_on_its_own_kind(tmp_path: Path, yard: Yard) -> None:
    tag = f"HERE-HERE-linux_{platform.machine()}"
    unbuilt = folder_of(make_project(tmp_path / "tiny", tag))
    assert yard.build(unbuilt).filename.endswith(f"linux_{platform.machine()}.whl")
    other = target_for(HERE, "arm64" if ARCHITECTURE == "x86_64" else "x86_64")
    assert yard.built(unbuilt, other) is None


def test_another_packages_wheel_is_refused(tmp_path: Path, yard: Yard) -> None:
    with pytest.raises(BuildError, match="What was to be other built as tiny"):
        yard.build(folder_of(make_project(tmp_path / "tiny")), name="other")


def test_a_folder_that_is_not_there_is_said(tmp_path: Path, yard: Yard) -> None:
    with pytest.raises(PyreqError, match="no folder"):
        yard.build(folder_of(tmp_path / "nowhere"))


def test_a_pin_with_a_wheel_is_not_built(tmp_path: Path, yard: Yard) -> None:
    wheel = WheelFile("tiny-1.0-py3-none-any.whl", "https://index/x", None, None)
    pin = Pin("tiny", "1.0", wheel=wheel)
    assert built_wheel(pin, TARGET, yard.store, yard.settings) is None
    with pytest.raises(ValueError, match="tiny has a wheel"):
        build_wheel(
            pin,
            TARGET,
            yard.store,
            yard.settings,
            offline=True,
            cancel=threading.Event(),
            on_line=yard.lines.append,
        )


def test_a_wheel_built_elsewhere_is_adopted(tmp_path: Path, yard: Yard) -> None:
    unbuilt = folder_of(make_project(tmp_path / "project"))
    path = make_wheel(tmp_path, "tiny")
    wheel = adopt_wheel(path, Pin("tiny", "1.0", unbuilt=unbuilt), TARGET, yard.store)
    assert yard.built(unbuilt) == wheel
    assert yard.store.wheel_path(wheel).read_bytes() == path.read_bytes()


def test_the_interpreter_of_the_targets_version_is_found(tmp_path: Path) -> None:
    nobody = threading.Event()
    here = (sys.version_info[0], sys.version_info[1])
    assert find_interpreter(here, None, cancel=nobody) == sys.executable
    assert find_interpreter(here, str(tmp_path / "nowhere"), cancel=nobody) == sys.executable
    assert find_interpreter((3, 99), sys.executable, cancel=nobody) is None


def test_an_interpreter_named_as_runtimes_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    major, minor = sys.version_info[:2]
    (tmp_path / f"python{major}.{minor}").symlink_to(sys.executable)
    monkeypatch.setenv("PATH", str(tmp_path))
    found = find_interpreter((major, minor), f"python{major}{minor}", cancel=threading.Event())
    assert found == f"python{major}.{minor}"


def test_a_pyenv_version_that_is_not_switched_on_is_used(tmp_path: Path, yard: Yard) -> None:
    others = list((Path.home() / ".pyenv" / "versions").glob("3.12.*/bin/python"))
    if not others:
        pytest.skip("needs a Python 3.12 of pyenv")
    target = target_for("python3.12", ARCHITECTURE)
    unbuilt = folder_of(make_project(tmp_path / "tiny", f"HERE-HERE-linux_{platform.machine()}"))
    assert "cp312" in yard.build(unbuilt, target).filename


def test_without_the_targets_python_a_pure_wheel_is_built_with_this_one(tmp_path: Path, yard: Yard) -> None:
    newer = target_for("python3.99", ARCHITECTURE)
    wheel = yard.build(folder_of(make_project(tmp_path / "tiny")), newer)
    assert wheel.filename == "tiny-1.0-py3-none-any.whl"
    assert any("no Python 3.99 here" in line for line in yard.lines)


@pytest.mark.index
@pytest.mark.slow
def test_a_real_sdist_is_built_with_its_own_backend(yard: Yard, desk: Desk) -> None:
    unbuilt = Unbuilt(
        "sdist",
        "https://files.pythonhosted.org/packages/71/39/"
        "171f1c67cd00715f190ba0b100d606d440a28c93c7714febeca8b79af85e/six-1.16.0.tar.gz",
        sha256="1e61c37477a1626458e36f7b1d82aa5c9b094fa4802892072e49de9c60c4c926",
    )
    wheel = yard.build(unbuilt, name="six", offline=False)
    assert wheel.filename == "six-1.16.0-py2.py3-none-any.whl"
