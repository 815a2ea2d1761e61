"""A project without its lock: whether one is made, and what is said."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import BuildError, PyreqError
from pyreq_tui.sources import Requirements, read_source
from tests.sources.projects import found, service, write

if TYPE_CHECKING:
    from pathlib import Path

POETRY = "[tool.poetry.dependencies]\npython = '^3.11'\nsix = '*'\n"
POETRY_LOCK = """
    [[package]]
    name = "six"
    version = "1.17.0"
    groups = ["main"]
    files = []
    [metadata]
    lock-version = "2.1"
    python-versions = "^3.11"
"""
PIPFILE_LOCK = '{"_meta": {}, "default": {"six": {"version": "==1.17.0"}}}'


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A PATH with nothing on it but what a test puts there."""
    folder = tmp_path / "bin"
    folder.mkdir()
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin" if _is_bare() else str(folder))
    return folder


def _is_bare() -> bool:
    from shutil import which

    return not any(which(name, path="/usr/bin:/bin") for name in ("poetry", "pipenv"))


def tool(folder: Path, name: str, script: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def read(root: Path, **options: object) -> Requirements:
    asked = read_source(found(root), service(root, **options).options)
    assert isinstance(asked, Requirements)
    return asked


@pytest.mark.parametrize(
    ("manifest", "text", "lock"),
    [("Pipfile", "[packages]\nsix = '*'\n", "Pipfile.lock"), ("pyproject.toml", POETRY, "poetry.lock")],
)
def test_without_the_tool_it_says_what_to_run(
    tmp_path: Path, tools: Path, manifest: str, text: str, lock: str
) -> None:
    write(tmp_path / "p", {manifest: text})
    with pytest.raises(BuildError, match=f"There is no {lock} .* was not found") as caught:
        read(tmp_path / "p")
    assert "lock where" in str(caught.value.hint)
    assert str(caught.value.where).endswith(manifest)
    assert not list(tools.iterdir())


def test_a_required_lock_is_not_made(tmp_path: Path, tools: Path) -> None:
    tool(tools, "poetry", "exit 1")
    write(tmp_path / "p", {"pyproject.toml": POETRY})
    with pytest.raises(PyreqError, match="requirePoetryLockFile") as caught:
        read(tmp_path / "p", require_poetry_lock_file=True)
    assert caught.value.exit_status == 2


@pytest.mark.parametrize(
    ("name", "manifest", "text", "lock"),
    [
        ("poetry", "pyproject.toml", POETRY, ("poetry.lock", POETRY_LOCK)),
        ("pipenv", "Pipfile", "[packages]\nsix = '*'\n", ("Pipfile.lock", PIPFILE_LOCK)),
    ],
)
def test_a_lock_is_made_in_a_copy_and_said(
    tmp_path: Path, tools: Path, name: str, manifest: str, text: str, lock: tuple[str, str]
) -> None:
    if not _is_bare():
        pytest.skip("poetry or pipenv is installed for everybody here")
    (tmp_path / "made").write_text("\n".join(line.strip() for line in lock[1].splitlines()))
    tool(tools, name, f"test -f {manifest} && cp {tmp_path}/made {lock[0]} && touch litter")
    project = write(tmp_path / "p", {manifest: text})
    asked = read(project)
    assert [requirement.text for requirement in asked.requirements] == ["six==1.17.0"]
    assert [problem.code for problem in asked.problems] == ["lock-missing"]
    assert asked.requirements[0].where.file == project / manifest
    assert [path.name for path in project.iterdir()] == [manifest]
    (tools / name).unlink()
    assert read(project) == asked  # made once
    (project / manifest).write_text(text + "# changed\n")
    with pytest.raises(BuildError, match="was not found"):
        read(project)


def test_folders_beside_the_project_are_found_from_the_copy(tmp_path: Path, tools: Path) -> None:
    if not _is_bare():
        pytest.skip("poetry or pipenv is installed for everybody here")
    lock = '{"default": {"a": {"path": "./a"}, "b": {"path": "../b", "editable": true}}}'
    (tmp_path / "made").write_text(lock)
    tool(tools, "pipenv", f"test -f a/setup.py && test -f ../b/setup.py && cp {tmp_path}/made Pipfile.lock")
    write(tmp_path / "all", {"p/Pipfile": "[packages]\n", "p/a/setup.py": "", "b/setup.py": ""})
    paths = [requirement.path for requirement in read(tmp_path / "all/p").requirements]
    assert paths == [tmp_path / "all/p/a", tmp_path / "all/b"]


def test_offline_no_lock_is_made(tmp_path: Path, tools: Path) -> None:
    tool(tools, "pipenv", f"touch {tmp_path}/asked")
    write(tmp_path / "p", {"Pipfile": "[packages]\n"})
    with pytest.raises(BuildError, match="making one takes the network") as caught:
        read_source(found(tmp_path / "p"), service(tmp_path / "p").options, offline=True)
    assert "pipenv lock" in str(caught.value.hint)
    assert not (tmp_path / "asked").exists()


def test_what_the_tool_says_is_passed_on(tmp_path: Path, tools: Path) -> None:
    tool(tools, "pipenv", "echo Locking...; echo '{\"default\": {}}' > Pipfile.lock")
    write(tmp_path / "p", {"Pipfile": "[packages]\n"})
    said: list[str] = []
    asked = read_source(found(tmp_path / "p"), service(tmp_path / "p").options, on_line=said.append)
    folder = tmp_path / "p"
    assert said == [
        f"There is no Pipfile.lock for module .: pipenv lock makes one in a copy of {folder}.",
        "Locking...",
    ]
    assert [problem.code for problem in asked.problems] == ["lock-missing", "zero-requirements"]


@pytest.mark.parametrize(
    ("name", "version", "manifest", "text", "said"),
    [
        ("pipenv", "2022.4.7", "Pipfile", "[packages]\n", "too old to make one: .* 2022.4.8"),
        ("pipenv", "2022.4.8", "Pipfile", "[packages]\n", "could not make one"),
        (
            "poetry",
            "1.1.15",
            "pyproject.toml",
            "[tool.poetry.group.x.dependencies]\na = '1'\n",
            "groups take 1.2",
        ),
        ("poetry", "1.1.15", "pyproject.toml", POETRY, "could not make one"),
        (
            "poetry",
            "1.8.5",
            "pyproject.toml",
            "[project]\nname = 'x'\n[tool.poetry]\npackage-mode = false",
            "2.0",
        ),
    ],
)
def test_an_old_tool_is_called_old_where_that_is_the_reason(
    tmp_path: Path, tools: Path, name: str, version: str, manifest: str, text: str, said: str
) -> None:
    if not _is_bare():
        pytest.skip("poetry or pipenv is installed for everybody here")
    tool(tools, name, f'[ "$1" = --version ] && echo "{name}, version {version}" || exit 1')
    write(tmp_path / "p", {manifest: text})
    with pytest.raises(BuildError, match=said):
        read(tmp_path / "p")


def test_a_tool_that_makes_nothing_is_told(tmp_path: Path, tools: Path) -> None:
    tool(tools, "pipenv", "exit 0")
    write(tmp_path / "p", {"Pipfile": "[packages]\n"})
    with pytest.raises(BuildError, match="did not make one"):
        read(tmp_path / "p")


def test_a_tool_that_fails_is_quoted(tmp_path: Path, tools: Path) -> None:
    tool(
        tools, "pipenv", "[ $1 = --version ] && echo 2026.1.0 && exit; echo no such package: siix >&2; exit 1"
    )
    write(tmp_path / "p", {"Pipfile": "[packages]\nsiix = '*'\n"})
    with pytest.raises(BuildError, match="no such package: siix") as caught:
        read(tmp_path / "p")
    assert "pipenv lock" in str(caught.value.hint)


def test_a_made_lock_is_kept_by_everything_that_shaped_it(
    tmp_path: Path, tools: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not _is_bare():
        pytest.skip("poetry or pipenv is installed for everybody here")
    asked, cache = tmp_path / "asked", tmp_path / "cache"
    lock = '{"default": {"lib": {"path": "../lib"}}}'

    def made(version: str = "2026.1", **options: object) -> int:
        """How often the tool has made a lock in another process, told by what it was asked."""
        from pyreq_tui.sources import kept_locks, locking

        monkeypatch.setattr(locking, "_MADE", {})
        monkeypatch.setattr(kept_locks, "_versions", {})
        script = (
            f"[ $1 = --version ] && echo {version} && exit; echo x >> {asked}; echo '{lock}' > Pipfile.lock"
        )
        tool(tools, "pipenv", script)
        project = tmp_path / "p"
        asked_for = read_source(found(project), service(project, **options).options, cache=cache)
        assert isinstance(asked_for, Requirements)
        assert asked_for.requirements[0].path == tmp_path / "lib"
        return asked.read_text().count("x")

    write(tmp_path, {"p/Pipfile": "[packages]\nlib = {path = '../lib'}\n", "lib/setup.py": "1"})
    assert [made(), made()] == [1, 1]
    write(tmp_path, {"lib/setup.py": "2"})
    assert [made(), made("2026.2"), made("2026.2")] == [2, 3, 3]
    monkeypatch.setenv("PIPENV_PYPI_MIRROR", "https://me:hunter2@index.invalid")
    assert made("2026.2") == 4
    assert made("2026.2", invalidate_caches=True) == 5
    kept = list((cache / "locks" / "made").iterdir())
    kept[0].write_text("{")
    monkeypatch.delenv("PIPENV_PYPI_MIRROR")
    write(tmp_path, {"p/Pipfile": "[packages]\nlib = {path = '../lib'}\n# more\n"})
    lock = (
        '{"_meta": {"sources": [{"url": "https://me:hunter2@h/"}]}, "default": {"lib": {"path": "../lib"}}}'
    )
    assert [made(), made()] == [6, 7]  # it holds a password, so it is not kept
    assert not any(b"hunter2" in path.read_bytes() for path in cache.rglob("*") if path.is_file())
