"""Locks that the real Pipenv makes, read as ``pipenv requirements`` writes them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import PyreqError
from pyreq_tui.sources import Requirements, read_source
from tests.sources.projects import found, service, write
from tests.sources.workshop import exported, make_project, shipped

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sources.workshop import Workshop

pytestmark = [pytest.mark.slow, pytest.mark.index]

PIPFILE = """
    [[source]]
    name = "mine"
    url = "<index>"
    verify_ssl = false
    [packages]
    Alpha = {version = "*", extras = ["x"]}
    split = {version = "<2", markers = "python_version < '3.13'"}
    lib = {path = "./lib", editable = true}
    byurl = {file = "<by_url>"}
    gitlib = {git = "<repository>", ref = "main"}
    gitsub = {git = "<repository>", ref = "main", subdirectory = "sub"}
    [dev-packages]
    dev-only = "*"
    [a-category]
    opt = "*"
"""


def test_what_ships(workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_project(tmp_path / "lib", "lib", "zeta")
    write(tmp_path, {"Pipfile": workshop.written(PIPFILE)})
    workshop.run("pipenv", "pipenv", "lock", cwd=tmp_path)
    theirs = exported(workshop.run("pipenv", "pipenv", "requirements", cwd=tmp_path))
    asked = read_source(found(tmp_path), service(tmp_path).options)
    assert isinstance(asked, Requirements)
    assert shipped(requirement.text for requirement in asked.requirements) == theirs
    assert asked.options[:2] == ("--index-url", workshop.index)
    names = {"alpha", "beta", "byurl", "gamma", "gitlib", "gitsub", "lib", "old", "zeta"}
    assert workshop.pinned(tmp_path, monkeypatch) == names
    assert found(tmp_path).is_fresh is True
    (tmp_path / "Pipfile").write_text((tmp_path / "Pipfile").read_text().replace("dev-only", "tool"))
    assert found(tmp_path).is_fresh is False


def test_what_is_not_for_this_machine_keeps_its_marker(workshop: Workshop, tmp_path: Path) -> None:
    pipfile = PIPFILE.split("    split")[0] + '    heavy = {version = "*", sys_platform = "== \'win32\'"}\n'
    write(tmp_path, {"Pipfile": workshop.written(pipfile)})
    workshop.run("pipenv", "pipenv", "lock", cwd=tmp_path)
    asked = read_source(found(tmp_path), service(tmp_path).options)
    assert isinstance(asked, Requirements)
    [heavy] = [requirement for requirement in asked.requirements if requirement.name == "heavy"]
    assert heavy.marker == 'sys_platform == "win32"'


def test_the_empty_lock_that_it_leaves_when_it_fails_is_refused(workshop: Workshop, tmp_path: Path) -> None:
    pipfile = PIPFILE.split("    Alpha")[0] + "    nonesuch = '*'\n"
    write(tmp_path, {"Pipfile": workshop.written(pipfile)})
    with pytest.raises(AssertionError, match="nonesuch"):
        workshop.run("pipenv", "pipenv", "lock", cwd=tmp_path)
    assert workshop.run("pipenv", "pipenv", "requirements", cwd=tmp_path).split()[2:] == []
    with pytest.raises(PyreqError, match="locks nothing, though Pipfile asks for 1 package"):
        read_source(found(tmp_path), service(tmp_path).options)
