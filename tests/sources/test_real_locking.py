"""Projects without a lock, for which the real tools make one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import BuildError
from pyreq_tui.sources import Locked, Requirements, read_source
from tests.sources.projects import found, service, write
from tests.sources.workshop import make_project

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sources.workshop import Workshop

pytestmark = [pytest.mark.slow, pytest.mark.index]

POETRY = """
    [tool.poetry.dependencies]
    python = "^3.9"
    alpha = {version = "^1.0", extras = ["x"]}
    lib = {path = "../lib", develop = true}
    [tool.poetry]
    package-mode = false
    [[tool.poetry.source]]
    name = "mine"
    url = "<index>"
    priority = "primary"
"""
NEW_POETRY = """
    [project]
    name = "service"
    version = "1"
    dependencies = ["alpha"]
    [build-system]
    requires = ["poetry-core"]
    build-backend = "poetry.core.masonry.api"
"""
PIPFILE = """
    [[source]]
    name = "mine"
    url = "<index>"
    verify_ssl = false
    [packages]
    alpha = "*"
    lib = {path = "../lib"}
"""
UV = """
    [project]
    name = "service"
    version = "1"
    requires-python = ">=3.9"
    dependencies = ["alpha[x]", "lib", "member"]
    [tool.uv]
    index-url = "<index>"
    [tool.uv.sources]
    lib = {path = "../lib"}
    member = {workspace = true}
    [tool.uv.workspace]
    members = ["packages/*"]
"""
CASES = {
    "pipenv": ("Pipfile", PIPFILE),
    "poetry-2 without its plugin": ("pyproject.toml", POETRY),
    "uv": ("pyproject.toml", UV),
}


@pytest.mark.parametrize("tool", CASES)
def test_a_lock_is_made_in_a_copy_and_said(
    tool: str, workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_project(tmp_path / "lib", "lib", "zeta")
    manifest, text = CASES[tool]
    project = write(tmp_path / "project", {manifest: workshop.written(text)})
    make_project(project / "packages/member", "member", "gamma")
    workshop.use(tool, tmp_path, monkeypatch)
    before = sorted(project.rglob("*"))
    said: list[str] = []
    asked = read_source(found(project), service(project).options, on_line=said.append)
    assert [problem.code for problem in asked.problems] == ["lock-missing"]
    assert "makes one in a copy" in said[0]
    assert len(said) > 1
    if isinstance(asked, Requirements):
        assert {"alpha", "beta", "lib"} <= {requirement.name for requirement in asked.requirements}
        assert tmp_path / "lib" in [requirement.path for requirement in asked.requirements]
    if isinstance(asked, Locked):
        assert {"alpha", "beta", "gamma", "lib", "member", "zeta"} <= set(asked.direct)
        assert 'path = "../lib"' in asked.pylock
        assert 'path = "packages/member"' in asked.pylock
    assert sorted(project.rglob("*")) == before


@pytest.mark.parametrize(
    ("tool", "manifest", "text", "said"),
    [
        ("pipenv-2022.3", "Pipfile", PIPFILE, r"pipenv 2022\.3\.28 is too old to make one: .* is 2022\.4\.8"),
        ("pipenv that does not start", "Pipfile", PIPFILE, "pipenv does not run at all:"),
        (
            "poetry-1.8",
            "pyproject.toml",
            NEW_POETRY,
            r"poetry 1\.8\.\d+ is too old to make one: \[project\].* 2\.0",
        ),
    ],
    ids=["old pipenv", "broken pipenv", "old poetry"],
)
def test_a_tool_that_is_not_fit_is_named_with_the_command_that_updates_it(
    tool: str,
    manifest: str,
    text: str,
    said: str,
    workshop: Workshop,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    make_project(tmp_path / "lib", "lib", "zeta")
    project = write(tmp_path / "project", {manifest: workshop.written(text)})
    workshop.use(tool, tmp_path, monkeypatch)
    with pytest.raises(BuildError, match=said) as caught:
        read_source(found(project), service(project).options)
    assert "upgrade" in str(caught.value.hint)
    assert str(caught.value.where) == str(project / manifest)


def test_a_project_that_uv_can_not_lock_is_quoted(workshop: Workshop, tmp_path: Path) -> None:
    text = workshop.written(UV).replace('"alpha[x]", "lib", "member"', '"nonesuch"')
    write(tmp_path, {"pyproject.toml": text})
    make_project(tmp_path / "packages/member", "member", "gamma")
    with pytest.raises(BuildError, match="uv lock could not make one") as caught:
        read_source(found(tmp_path), service(tmp_path).options)
    assert "nonesuch was not found" in caught.value.message
