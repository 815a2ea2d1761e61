"""One message for each thing that is wrong with a lockfile, whichever tool wrote it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import PyreqError
from pyreq_tui.sources import read_source
from tests.sources.projects import found, service, write

if TYPE_CHECKING:
    from pathlib import Path

PROJECT = "[project]\nname = 'x'\nversion = '1'\nrequires-python = '>=3.11'\n"
MANIFESTS = {
    "poetry.lock": ("pyproject.toml", PROJECT + "[tool.poetry]\npackage-mode = false\n"),
    "Pipfile.lock": ("Pipfile", "[packages]\n"),
    "uv.lock": ("pyproject.toml", PROJECT),
    "pdm.lock": ("pyproject.toml", PROJECT),
    "pylock.toml": ("README", ""),
    "requirements.txt": ("README", ""),
}
UV_LOCK = """
    version = 1
    requires-python = ">=3.11"
    [[package]]
    name = "x"
    version = "1"
    source = { virtual = "." }
    [[package]]
    name = "a"
    version = "1"
    source = { registry = "https://h/simple" }
"""
CONFLICT = """\
{head}
<<<<<<< HEAD
{ours}
=======
{theirs}
>>>>>>> other branch
"""


def refusal(root: Path) -> PyreqError:
    with pytest.raises(PyreqError) as caught:
        read_source(found(root), service(root).options)
    return caught.value


@pytest.mark.parametrize("lockfile", MANIFESTS)
def test_marks_of_a_merge_are_named(lockfile: str, tmp_path: Path) -> None:
    manifest, text = MANIFESTS[lockfile]
    lines = ("{", '"a": 1,', '"a": 2,') if lockfile == "Pipfile.lock" else ("[metadata]", "a = 1", "a = 2")
    write(tmp_path, {manifest: text})
    (tmp_path / lockfile).write_text(CONFLICT.format(head=lines[0], ours=lines[1], theirs=lines[2]))
    error = refusal(tmp_path)
    assert error.message == f"{lockfile} holds the marks of a merge conflict."
    assert str(error.where) == f"{tmp_path / lockfile}:2"
    assert "locked again" in str(error.hint)


@pytest.mark.parametrize(
    ("lockfile", "text"),
    [
        ("poetry.lock", "[metadata]\nlock-version = '3.0'\n"),
        ("Pipfile.lock", '{"_meta": {"pipfile-spec": 7}, "default": {}}'),
        ("uv.lock", "version = 99\nrequires-python = '>=3.11'\n"),
        ("pdm.lock", "[metadata]\nlock_version = '5.0.0'\n"),
        ("pylock.toml", "lock-version = '2.0'\ncreated-by = 'x'\npackages = []\n"),
    ],
)
def test_a_format_that_is_newer_is_named(lockfile: str, text: str, tmp_path: Path) -> None:
    manifest, project = MANIFESTS[lockfile]
    write(tmp_path, {manifest: project, lockfile: text})
    error = refusal(tmp_path)
    assert error.message.startswith(f"{lockfile} has the format")
    assert error.where is not None
    assert error.where.file == tmp_path / lockfile
    assert "Update pyreq-tui" in str(error.hint)


@pytest.mark.parametrize(
    ("lockfile", "text", "said", "hint"),
    [
        (
            "poetry.lock",
            '[[package]]\nname = "a"\nversion = "1"\ngroups = ["dev"]\n',
            "locks 1 package, and none is in a group that ships",
            "poetryWithGroups",
        ),
        (
            "Pipfile.lock",
            '{"default": {}, "develop": {"a": {"version": "==1"}, "b": {"version": "==1"}}}',
            "locks 2 packages, and none is in a group that ships",
            "[packages]",
        ),
        (
            "pdm.lock",
            '[[package]]\nname = "a"\nversion = "1"\ngroups = ["dev"]\n',
            "locks 1 package, and none is in a group that ships",
            "project.dependencies",
        ),
        (
            "uv.lock",
            UV_LOCK,
            "locks 1 package, and none is in a group that ships",
            "uvWithGroups",
        ),
        (
            "pylock.toml",
            'lock-version = "1.0"\ncreated-by = "x"\npackages = []\n',
            "asks for no package",
            "None",
        ),
        ("requirements.txt", "# nothing\n", "asks for no package", "None"),
    ],
)
def test_that_nothing_ships_is_said(lockfile: str, text: str, said: str, hint: str, tmp_path: Path) -> None:
    manifest, project = MANIFESTS[lockfile]
    write(tmp_path, {manifest: project, lockfile: text})
    [problem] = read_source(found(tmp_path), service(tmp_path).options).problems
    assert problem.code == "zero-requirements"
    assert problem.message.startswith(f"{lockfile} {said}")
    assert hint in str(problem.hint)
