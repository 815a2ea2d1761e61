"""The right manifest and lockfile speak for each module."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import PyreqError
from pyreq_tui.sources import Locked, find_source, read_source
from tests.sources.projects import found, service, write

if TYPE_CHECKING:
    from pathlib import Path

UV_LOCK = 'version = 1\nrequires-python = ">=3.12"\n'
POETRY = "[tool.poetry]\nname = 'x'\n"
EVERYTHING = {
    "uv.lock": UV_LOCK,
    "pyproject.toml": POETRY,
    "poetry.lock": "",
    "Pipfile": "",
    "Pipfile.lock": "{}",
    "pylock.toml": 'lock-version = "1.0"\n',
    "pdm.lock": "",
    "requirements.txt": "",
}


def test_precedence_in_one_folder(tmp_path: Path) -> None:
    write(tmp_path, EVERYTHING)
    kinds = ["uv", "poetry", "pipenv", "pylock", "pdm", "requirements"]
    gone = ["uv.lock", "pyproject.toml", "Pipfile", "pylock.toml", "pdm.lock", "requirements.txt"]
    for kind, name in zip(kinds, gone, strict=True):
        assert found(tmp_path).kind == kind
        (tmp_path / name).unlink()
    assert find_source(service(tmp_path), ".") is None


def test_options_switch_sources_off(tmp_path: Path) -> None:
    write(tmp_path, EVERYTHING)
    assert found(tmp_path, use_uv=False).kind == "poetry"
    assert found(tmp_path, use_uv=False, use_poetry=False).kind == "pipenv"
    assert found(tmp_path, use_uv=False, use_poetry=False, use_pipenv=False).kind == "pylock"


def test_what_a_source_names(tmp_path: Path) -> None:
    write(tmp_path, {"fn/Pipfile": "", "fn/Pipfile.lock": "{}"})
    source = found(tmp_path, "fn")
    assert (source.module, source.folder, source.root) == ("fn", tmp_path / "fn", tmp_path)
    assert (source.manifest, source.lockfile) == (tmp_path / "fn/Pipfile", tmp_path / "fn/Pipfile.lock")
    assert source.is_fresh is None


def test_the_file_name_can_be_another(tmp_path: Path) -> None:
    write(tmp_path, {"deps/prod.txt": "six\n"})
    assert found(tmp_path, file_name="deps/prod.txt").manifest == tmp_path / "deps/prod.txt"


@pytest.mark.parametrize(
    ("manifest", "is_poetry"),
    [
        ("[tool.poetry]\nname = 'x'\n", True),
        ("[build-system]\nrequires = ['poetry-core>=1']\nbuild-backend = 'poetry.core.masonry.api'\n", True),
        ("[build-system]\nrequires = ['poetry_core']\n", True),
        ("[build-system]\nrequires = ['hatchling', 'poetryish']\nbuild-backend = 'hatchling.build'\n", False),
        ("[project]\nname = 'x'\n", False),
        ("build-system = 'odd'\ntool = []\n", False),
    ],
)
def test_what_makes_a_poetry_project(tmp_path: Path, manifest: str, is_poetry: bool) -> None:
    write(tmp_path, {"pyproject.toml": manifest, "requirements.txt": ""})
    assert found(tmp_path).kind == ("poetry" if is_poetry else "requirements")


def test_its_lock_makes_a_poetry_project(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": "[project]\nname = 'x'\n", "poetry.lock": "", "requirements.txt": ""})
    assert found(tmp_path).kind == "poetry"


def test_a_project_of_uv_without_a_lock_comes_last(tmp_path: Path) -> None:
    project = "[project]\nname = 'x'\n[tool.uv]\ndev-dependencies = []\n"
    write(tmp_path, {"a/pyproject.toml": project, "b/pyproject.toml": project.partition("[tool")[0]})
    source = found(tmp_path, "a")
    assert (source.kind, source.manifest) == ("uv", tmp_path / "a/pyproject.toml")
    assert (source.lockfile, source.is_fresh) == (None, None)
    assert find_source(service(tmp_path, use_uv=False), "a") is None
    assert find_source(service(tmp_path), "b") is None
    write(tmp_path, {"a/requirements.txt": ""})
    assert found(tmp_path, "a").kind == "requirements"
    (tmp_path / "a/requirements.txt").unlink()
    write(tmp_path, {"pyproject.toml": project, "uv.lock": UV_LOCK})
    assert found(tmp_path, "a").lockfile == tmp_path / "uv.lock"


def test_a_broken_pyproject_is_pointed_at(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": "[project]\nname = x\n"})
    with pytest.raises(PyreqError, match="not valid TOML") as caught:
        find_source(service(tmp_path), ".")
    assert caught.value.where is not None
    assert caught.value.where.line == 2


def test_a_lock_above_speaks_for_a_module_without_its_own(tmp_path: Path) -> None:
    write(tmp_path, {"Pipfile": "", "a/b/handler.py": "", "a/own/requirements.txt": ""})
    assert found(tmp_path, "a/b").lockfile is None
    assert found(tmp_path, "a/b").manifest == tmp_path / "Pipfile"
    assert found(tmp_path, "a/own").kind == "requirements"


def test_a_requirements_file_above_does_not(tmp_path: Path) -> None:
    write(tmp_path, {"requirements.txt": "", "a/handler.py": ""})
    assert find_source(service(tmp_path), "a") is None


def test_nothing_above_the_service_speaks(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "Pipfile": "",
            "uv.lock": UV_LOCK,
            "svc/handler.py": "",
            "svc/pyproject.toml": "[project]\nname='x'",
        },
    )
    assert find_source(service(tmp_path / "svc"), ".") is None


@pytest.mark.parametrize("boundary", [None, ".git", "svc/.git"])
def test_a_workspace_above_speaks_for_its_members(tmp_path: Path, boundary: str | None) -> None:
    write(
        tmp_path,
        {
            "pyproject.toml": "[tool.uv.workspace]\nmembers = ['svc/*']\nexclude = ['svc/c']\n",
            "uv.lock": UV_LOCK,
            "svc/a/pyproject.toml": "[project]\nname = 'a'\n",
            "svc/c/pyproject.toml": "[project]\nname = 'c'\n",
        },
    )
    if boundary:
        (tmp_path / boundary).mkdir()
    source = find_source(service(tmp_path / "svc"), "a")
    if boundary == "svc/.git":
        assert source is None
    else:
        assert source is not None
        assert (source.kind, source.lockfile) == ("uv", tmp_path / "uv.lock")
    assert find_source(service(tmp_path / "svc"), "c") is None


@pytest.mark.parametrize("module", ["..", "../other", "/etc"])
def test_a_module_outside_the_service_is_refused(tmp_path: Path, module: str) -> None:
    with pytest.raises(PyreqError, match="outside"):
        find_source(service(tmp_path), module)


def test_several_named_pylocks_are_ambiguous(tmp_path: Path) -> None:
    write(tmp_path, {"pylock.a.toml": ""})
    assert found(tmp_path).lockfile == tmp_path / "pylock.a.toml"
    write(tmp_path, {"pylock.b.toml": ""})
    with pytest.raises(PyreqError, match=r"pylock\.a\.toml, pylock\.b\.toml") as caught:
        find_source(service(tmp_path), ".")
    assert "fileName: pylock.a.toml" in str(caught.value.hint)
    assert found(tmp_path, file_name="pylock.b.toml").lockfile == tmp_path / "pylock.b.toml"
    write(tmp_path, {"pylock.toml": ""})
    assert found(tmp_path).lockfile == tmp_path / "pylock.toml"
    assert found(tmp_path, file_name="pylock.b.toml").lockfile == tmp_path / "pylock.b.toml"
    assert found(tmp_path, file_name="pylock.gone.toml").lockfile == tmp_path / "pylock.toml"


def test_pylock_is_read_as_it_is(tmp_path: Path) -> None:
    text = 'lock-version = "1.0"\ncreated-by = "x"\n[[packages]]\nname = "six"\n[[packages]]\nname = "idna"\n'
    write(tmp_path, {"pylock.toml": text})
    locked = read_source(found(tmp_path), service(tmp_path).options)
    assert isinstance(locked, Locked)
    assert locked.pylock == text
    assert locked.direct == ("idna", "six")
    assert locked.files == (tmp_path / "pylock.toml",)
