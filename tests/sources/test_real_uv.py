"""Locks that real uvs make, read as they themselves export them."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.sources import Locked, read_source
from tests.making import make_wheel
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
        "alpha[x]>=1", "heavy; sys_platform == 'win32'", "split<2; python_version<'3.10'",
        "split>=2; python_version>='3.10'", "gitlib", "gitsub", "byurl", "lib", "member", "tool",
    ]
    [project.optional-dependencies]
    opt = ["opt"]
    [dependency-groups]
    dev = ["dev-only"]
    prod = ["zeta", {include-group = "more"}]
    more = ["beta<2"]
    [tool.uv]
    default-groups = ["dev", "more"]
    index-url = "<index>"
    [tool.uv.sources]
    gitlib = {git = "<repository>", branch = "main"}
    gitsub = {git = "<repository>", branch = "main", subdirectory = "sub"}
    lib = {path = "lib", editable = true}
    byurl = {url = "<by_url>"}
    tool = {path = "files/tool-1.0-py3-none-any.whl"}
    member = {workspace = true}
    [tool.uv.workspace]
    members = ["packages/*"]
"""
OTHER_MEMBER = """
    [tool.uv.sources]
    member = {workspace = true}
    [dependency-groups]
    q = ["opt"]
"""
CHOICES = [
    (".", {}, []),
    (".", {"uv_with_groups": ("prod",)}, ["--group=prod"]),
    (".", {"uv_without_groups": ("more",)}, ["--no-group=more"]),
    (".", {"uv_only_groups": ("prod",)}, ["--only-group=prod"]),
    (".", {"uv_optional_dependencies": ("opt",)}, ["--extra=opt"]),
    ("packages/other", {}, ["--package=other"]),
    ("packages/other", {"uv_with_groups": ("q",)}, ["--package=other", "--group=q"]),
]


@pytest.fixture
def project(workshop: Workshop, tmp_path: Path) -> Path:
    make_project(tmp_path / "lib", "lib", "zeta")
    make_project(tmp_path / "packages/member", "member", "gamma")
    make_project(tmp_path / "packages/other", "other", "old", "member")
    with (tmp_path / "packages/other/pyproject.toml").open("a") as manifest:
        manifest.write(workshop.written(OTHER_MEMBER))
    make_wheel(tmp_path / "files", "tool")
    return write(tmp_path, {"pyproject.toml": workshop.written(PROJECT)})


@pytest.mark.parametrize("tool", ["uv-0.4", "uv-0.8", "uv"])
def test_what_ships(tool: str, workshop: Workshop, project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    workshop.run(tool, "uv", "lock", cwd=project)
    for module, options, arguments in CHOICES:
        default = [] if "uv_only_groups" in options else ["--no-dev"]
        command = ["uv", "export", "--frozen", "--no-hashes", "--no-emit-project", *default, *arguments]
        theirs = exported(workshop.run(tool, *command, cwd=project))
        locked = read_source(found(project, module), service(project, **options).options)
        assert isinstance(locked, Locked)
        assert shipped(map(_line, tomllib.loads(locked.pylock)["packages"])) == theirs, (module, arguments)
    assert [found(project, module).is_fresh for module in (".", "packages/other")] == [True, True]
    names = {
        "alpha",
        "beta",
        "byurl",
        "gamma",
        "gitlib",
        "gitsub",
        "lib",
        "member",
        "old",
        "split",
        "tool",
        "zeta",
    }
    assert workshop.pinned(project, monkeypatch) == names
    manifest = project / "pyproject.toml"
    manifest.write_text(manifest.read_text().replace('branch = "main"}', 'branch = "next"}'))
    assert found(project).is_fresh is False


def _line(package: dict[str, object]) -> str:
    """A package of a pylock.toml as a requirements file writes it."""
    match package:
        case {"vcs": {"url": url, "commit-id": commit, **rest}}:
            inside = f"#subdirectory={rest['subdirectory']}" if "subdirectory" in rest else ""
            place = f" @ git+{url}@{commit}{inside}"
        case {"directory": {"path": path}} | {"archive": {"path": path}}:
            place = f" @ file:{path}"
        case {"archive": {"url": url}}:
            place = f" @ {url}"
        case _:
            place = f"=={package['version']}"
    marker = f" ; {package['marker']}" if "marker" in package else ""
    return f"{package['name']}{place}{marker}"
