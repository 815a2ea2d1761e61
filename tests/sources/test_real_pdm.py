"""Locks that real PDMs make, read as ``pdm export --prod`` writes them out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pyreq_tui.sources import Requirements, read_source
from tests.sources.projects import found, service, write
from tests.sources.workshop import exported, make_project, shipped

if TYPE_CHECKING:
    from pathlib import Path

    from tests.sources.workshop import Workshop

pytestmark = [pytest.mark.slow, pytest.mark.index]

PROJECT = """
    [project]
    name = "service"
    version = "1"
    requires-python = ">=3.9"
    dependencies = [
        "alpha[x]>=1", "heavy; sys_platform == 'win32'", "lib @ file:///${PROJECT_ROOT}/lib",
        "byurl @ <by_url>", "gitlib @ git+<served_repository>@main",
        "gitsub @ git+<served_repository>@main#subdirectory=sub",
    ]
    [project.optional-dependencies]
    opt = ["opt"]
    [tool.pdm.dev-dependencies]
    dev = ["dev-only"]
    [[tool.pdm.source]]
    name = "pypi"
    url = "<index>"
    verify_ssl = false
"""


@pytest.mark.parametrize("tool", ["pdm", "pdm-2.11"])
def test_what_ships(tool: str, workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_project(tmp_path / "lib", "lib", "zeta")
    write(tmp_path, {"pyproject.toml": workshop.written(PROJECT)})
    workshop.run(tool, "pdm", "lock", cwd=tmp_path)
    theirs = workshop.run(tool, "pdm", "export", "--prod", "--without-hashes", cwd=tmp_path)
    asked = read_source(found(tmp_path), service(tmp_path).options)
    assert isinstance(asked, Requirements)
    assert shipped(requirement.text for requirement in asked.requirements) == exported(theirs)
    names = {"alpha", "beta", "byurl", "gamma", "gitlib", "gitsub", "lib", "old", "zeta"}
    assert workshop.pinned(tmp_path, monkeypatch) == names
    assert found(tmp_path).is_fresh is True
    manifest = tmp_path / "pyproject.toml"
    manifest.write_text(manifest.read_text().replace("dev-only", "tool"))
    assert found(tmp_path).is_fresh is False
