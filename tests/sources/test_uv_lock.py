"""uv.lock, written and exported by the real uv."""

from __future__ import annotations

import sys
import tomllib
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import PyreqError
from pyreq_tui.processes import run, uv_environment, uv_executable
from pyreq_tui.sources import Locked, read_source
from tests.making import make_wheel
from tests.sources.projects import found, service, write

if TYPE_CHECKING:
    from pathlib import Path

PROJECT = """
    [project]
    name = "My_Service"
    version = "1"
    requires-python = ">=3.11"
    dependencies = ["alpha[x]>=1", "beta ; sys_platform == 'linux'", "member"]
    [project.optional-dependencies]
    opt = ["gamma"]
    [dependency-groups]
    dev = ["delta"]
    extra = ["epsilon"]
    [tool.uv]
    no-index = true
    find-links = ["wheels"]
    [tool.uv.workspace]
    members = ["member"]
    [tool.uv.sources]
    member = { workspace = true }
"""
MEMBER = """
    [project]
    name = "member"
    version = "1"
    requires-python = ">=3.11"
    dependencies = ["gamma"]
"""


def lock(root: Path) -> None:
    run(
        [uv_executable(), "lock", "--offline", "--python", sys.executable, "--no-python-downloads"],
        cwd=root,
        env=uv_environment() | {"UV_CACHE_DIR": str(root / "cache")},
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    wheels = tmp_path / "wheels"
    make_wheel(wheels, "alpha", requires=["gamma; extra == 'x'"], extras=["x"])
    for name in ("beta", "gamma", "delta", "epsilon"):
        make_wheel(wheels, name)
    write(tmp_path, {"pyproject.toml": PROJECT, "member/pyproject.toml": MEMBER})
    lock(tmp_path)
    return tmp_path


def read(root: Path, module: str = ".", **options: object) -> Locked:
    locked = read_source(found(root, module, **options), service(root, **options).options)
    assert isinstance(locked, Locked)
    return locked


def test_what_ships_by_groups_and_extras(project: Path) -> None:
    base = {"alpha", "beta", "gamma", "member"}
    assert set(read(project).direct) == base
    assert set(read(project, uv_with_groups=("extra",)).direct) == base | {"epsilon"}
    assert set(read(project, uv_with_groups=("dev",)).direct) == base  # --no-dev wins, as in the reference
    assert set(read(project, uv_only_groups=("extra",)).direct) == {"epsilon"}
    assert set(read(project, uv_with_groups=("extra",), uv_without_groups=("extra",)).direct) == base
    assert set(read(project, uv_optional_dependencies=("opt",)).direct) == base


def test_the_lock_keeps_markers_and_local_members(project: Path) -> None:
    packages = {package["name"]: package for package in tomllib.loads(read(project).pylock)["packages"]}
    assert packages["beta"]["marker"] == "sys_platform == 'linux'"
    assert packages["member"]["directory"]["path"] == "member"
    assert read(project).files == (project / "pyproject.toml", project / "uv.lock")


def test_a_member_ships_its_own(project: Path) -> None:
    source = found(project, "member")
    assert (source.manifest, source.lockfile) == (project / "member/pyproject.toml", project / "uv.lock")
    assert read(project, "member").direct == ("gamma",)


def test_a_group_that_is_not_there_is_explained(project: Path) -> None:
    for option, key, what in (
        ("uv_with_groups", "uvWithGroups", "group"),
        ("uv_only_groups", "uvOnlyGroups", "group"),
        ("uv_without_groups", "uvWithoutGroups", "group"),
        ("uv_optional_dependencies", "uvOptionalDependencies", "extra"),
    ):
        with pytest.raises(PyreqError) as caught:
            read(project, **{option: ("none-such",)})
        assert caught.value.message == f"{key} names none-such, but the project has no such {what}."
        assert str(caught.value.where) == str(project / "pyproject.toml")


def test_a_lock_is_fresh_until_its_manifest_changes(project: Path) -> None:
    manifest = project / "pyproject.toml"
    assert found(project).is_fresh is True
    assert found(project, "member").is_fresh is True
    for old, new, is_fresh in (
        ("alpha[x]>=1", "alpha[x]>=2", False),
        ("alpha[x]", "alpha", False),
        ('"member"]', '"member", "delta"]', False),
        ('"member"]', "]", False),
        ('opt = ["gamma"]', "opt = []", False),
        ("My_Service", "Other", False),
        ("== 'linux'", "!= 'win32'", False),
        ("sys_platform == 'linux'", "'linux' == sys_platform and python_version > '3.8'", True),
        ('dev = ["delta"]', 'dev = ["delta", "gamma"]', False),
        ('dev = ["delta"]', 'dev = [{include-group = "extra"}]', False),
        ('extra = ["epsilon"]', "extra = []", False),
        (">=3.11", ">=3.12", True),  # of members each may say something else
        ("member = { workspace = true }", "alpha = { git = 'https://h/r' }", False),
        ('version = "1"', 'version = "1"\ndynamic = ["dependencies"]', None),
        ('version = "1"', 'version = "2"', True),
        ("alpha[x]>=1", "Alpha[X] >= 1", True),
    ):
        text = manifest.read_text()
        assert old in text
        manifest.write_text(text.replace(old, new))
        assert found(project).is_fresh is is_fresh, (old, new)
        manifest.write_text(text)


def test_a_module_that_the_lock_does_not_know_is_named(project: Path) -> None:
    write(project, {"alone/pyproject.toml": MEMBER.replace('"member"', '"alone"')})
    assert found(project, "alone").is_fresh is False
    with pytest.raises(PyreqError, match="does not lock alone, the project of module alone") as caught:
        read(project, "alone")
    assert str(caught.value.where) == str(project / "alone/pyproject.toml")


def test_another_uv_that_the_project_asks_for_is_not_needed(project: Path) -> None:
    manifest = project / "pyproject.toml"
    manifest.write_text(manifest.read_text().replace("[tool.uv]", "[tool.uv]\nrequired-version = '<0.2'"))
    assert "alpha" in read(project).direct


def test_a_module_without_a_manifest_can_not_be_told(tmp_path: Path) -> None:
    write(tmp_path, {"uv.lock": "version = 1\n"})
    assert found(tmp_path).is_fresh is None


UNLOCKED = """
    [project]
    name = "service"
    version = "1"
    requires-python = ">=3.11"
    dependencies = ["alpha", "lib", "member"]
    [tool.uv]
    no-index = true
    find-links = ["../wheels"]
    [tool.uv.sources]
    lib = { path = "../lib" }
    member = { workspace = true }
    [tool.uv.workspace]
    members = ["packages/*"]
"""
FOLDER = "[project]\nname = '{0}'\nversion = '1'\nrequires-python = '>=3.11'\n[tool.uv]\npackage = true\n"


def test_the_uv_that_is_always_there_locks_a_project_of_its_own(tmp_path: Path) -> None:
    make_wheel(tmp_path / "wheels", "alpha")
    project = (
        write(
            tmp_path,
            {
                "lib/pyproject.toml": FOLDER.format("lib"),
                "project/pyproject.toml": UNLOCKED,
                "project/packages/one/pyproject.toml": FOLDER.format("member"),
            },
        )
        / "project"
    )
    before = sorted(project.rglob("*"))
    asked = read_source(found(project), service(project).options)
    assert isinstance(asked, Locked)
    assert asked.direct == ("alpha", "lib", "member")
    assert [problem.code for problem in asked.problems] == ["lock-missing"]
    places = {package["name"]: package for package in tomllib.loads(asked.pylock)["packages"]}
    assert places["lib"]["directory"]["path"] == "../lib"
    assert places["member"]["directory"]["path"] == "packages/one"
    assert sorted(project.rglob("*")) == before
    for folder in (tmp_path / "lib", project / "packages/one"):
        with (folder / "pyproject.toml").open("a") as manifest:
            manifest.write("[project.optional-dependencies]\nx = []\n")
        said: list[str] = []
        read_source(found(project), service(project).options, on_line=said.append)
        assert said, folder  # locked anew
        said.clear()
        read_source(found(project), service(project).options, on_line=said.append)
        assert not said
