"""Locks that real Poetries make, read as ``poetry export`` writes them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import PyreqError
from pyreq_tui.sources import Requirements, read_source
from tests.making import make_wheel
from tests.sources.projects import found, service, write
from tests.sources.workshop import exported, make_project, shipped

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sources.workshop import Workshop

pytestmark = [pytest.mark.slow, pytest.mark.index]

SOURCE = """
    [[tool.poetry.source]]
    name = "mine"
    url = "<index>"
    priority = "primary"
"""
OLD_STYLE = f"""
    [tool.poetry]
    name = "service"
    version = "1"
    description = ""
    authors = []
    [tool.poetry.dependencies]
    python = "^3.9"
    alpha = {{version = "^1.0", extras = ["x"]}}
    split = [{{version = "<2", python = "<3.10"}}, {{version = "^2", python = ">=3.10"}}]
    opt = {{version = "*", optional = true}}
    lib = {{path = "lib", develop = true}}
    tool = {{path = "files/tool-1.0-py3-none-any.whl"}}
    byurl = {{url = "<by_url>"}}
    gitlib = {{git = "<repository>", branch = "main"}}
    gitsub = {{git = "<repository>", branch = "main", subdirectory = "sub"}}
    [tool.poetry.extras]
    opt = ["opt"]
    [tool.poetry.group.dev.dependencies]
    Dev_Only = "*"
    [tool.poetry.group.heavy]
    optional = true
    [tool.poetry.group.heavy.dependencies]
    heavy = {{version = "*", markers = "sys_platform == 'linux'"}}
    zeta = "*"
    {SOURCE}
"""
NEW_STYLE = f"""
    [project]
    name = "service"
    version = "1"
    requires-python = ">=3.9"
    dependencies = [
        "alpha[x]>=1", "split<2; python_version<'3.10'", "split>=2; python_version>='3.10'",
        "lib @ file:///<lib>", "byurl @ <by_url>", "gitlib @ git+<repository>@main",
        "gitsub @ git+<repository>@main#subdirectory=sub",
    ]
    [project.optional-dependencies]
    opt = ["opt"]
    [dependency-groups]
    tools = ["tool", {{include-group = "heavy"}}]
    heavy = ["heavy; sys_platform == 'linux'", "zeta"]
    [tool.poetry]
    package-mode = false
    [tool.poetry.group.dev.dependencies]
    Dev_Only = "*"
    {SOURCE}
"""
CHOICES = [{}, {"with": ("heavy",)}, {"only": ("dev", "heavy")}]
CASES = [
    ("poetry-1.8", OLD_STYLE, CHOICES),
    ("poetry-2", OLD_STYLE, CHOICES),
    ("poetry-2", NEW_STYLE, [*CHOICES, {"with": ("tools", "dev"), "without": ("dev",)}]),
]


def locked(workshop: Workshop, tool: str, project: str, root: Path) -> Path:
    make_project(root / "lib", "lib", "zeta")
    make_wheel(root / "files", "tool")
    text = workshop.written(project).replace("/<lib>", str(root / "lib"))
    write(root, {"pyproject.toml": text})
    workshop.run(tool, "poetry", "lock", "--no-interaction", cwd=root)
    return root


def read(root: Path, **options: object) -> Requirements:
    asked = read_source(found(root), service(root, **options).options)
    assert isinstance(asked, Requirements)
    return asked


@pytest.mark.parametrize(("tool", "project", "choices"), CASES, ids=["1.8", "2", "2 and PEP 621"])
def test_what_ships(
    tool: str,
    project: str,
    choices: list[dict[str, tuple[str, ...]]],
    workshop: Workshop,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    locked(workshop, tool, project, tmp_path)
    for chosen in choices:
        arguments = [f"--{key}={','.join(names)}" for key, names in chosen.items()]
        theirs = workshop.run(tool, "poetry", "export", "--without-hashes", *arguments, cwd=tmp_path)
        asked = read(tmp_path, **{f"poetry_{key}_groups": names for key, names in chosen.items()})
        ours = shipped(requirement.text for requirement in asked.requirements)
        assert ours == exported(theirs.replace("file://None/", "file:///")), arguments
    asked = read(tmp_path)
    assert {"gitlib", "gitsub", "byurl", "lib"} <= {str(one.name) for one in asked.requirements}
    from_an_index = [one for one in asked.requirements if one.url is None]
    assert from_an_index
    assert all(one.hashes for one in from_an_index)
    assert asked.options[:2] == ("--index-url", workshop.index.rstrip("/"))
    shipped_names = {str(one.name) for one in asked.requirements if one.marker is None}
    assert shipped_names <= workshop.pinned(tmp_path, monkeypatch)
    manifest = tmp_path / "pyproject.toml"
    written = manifest.read_text()
    assert found(tmp_path).is_fresh is True
    manifest.write_text(written.replace("Dev_Only", "Dev_Other"))
    assert found(tmp_path).is_fresh is False
    manifest.write_text(written + "\n[tool.other]\nx = 1\n")
    assert found(tmp_path).is_fresh is True


def test_a_group_that_is_not_there_is_refused_as_poetry_refuses_it(
    workshop: Workshop, tmp_path: Path
) -> None:
    locked(workshop, "poetry-2", OLD_STYLE, tmp_path)
    with pytest.raises(PyreqError, match="poetryWithGroups names nonesuch"):
        read(tmp_path, poetry_with_groups=("nonesuch",))
    with pytest.raises(AssertionError, match="nonesuch"):
        workshop.run("poetry-2", "poetry", "export", "--with=nonesuch", cwd=tmp_path)


def test_neither_poetry_nor_its_plugin_is_needed_to_read(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tool = "poetry-2 without its plugin"
    locked(workshop, tool, OLD_STYLE, tmp_path)
    with pytest.raises(AssertionError, match="export does not exist"):
        workshop.run(tool, "poetry", "export", cwd=tmp_path)
    monkeypatch.setenv("PATH", "")
    assert "alpha" in {requirement.name for requirement in read(tmp_path).requirements}
