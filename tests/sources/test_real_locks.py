"""Locks that the real tools make are read as these tools write them out."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement as Specification

from pyreq_tui.locks import target_for
from pyreq_tui.sources import Requirements, read_source
from tests.index_server import IndexServer
from tests.making import make_wheel
from tests.sources.projects import found, service, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [pytest.mark.slow, pytest.mark.index]

TOOLS = {
    "poetry-2": ("poetry>=2", "poetry-plugin-export"),
    "poetry-1": ("poetry>=1.8,<2", "poetry-plugin-export<1.9"),
    "pipenv": ("pipenv",),
    # The last that resolves without httpx, which changes under newer ones; and what it was made for.
    "pdm": ("pdm==2.11.2", "findpython<0.7", "unearth<0.13"),
}
TARGETS = [
    target_for(f"python3.{minor}", architecture)
    for minor in (9, 10, 11, 12, 13)
    for architecture in ("x86_64", "arm64")
]


@dataclass(frozen=True)
class Workshop:
    """Installs tools and runs them on projects against an index of a few wheels."""

    tools: Path
    index: str

    def run(self, tool: str, *arguments: str, cwd: Path) -> str:
        place = self._installed(tool)
        done = subprocess.run(
            [str(place / arguments[0]), *arguments[1:]],
            cwd=cwd,
            env=_environment(cwd) | {"PATH": f"{place}:{os.environ['PATH']}"},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def _installed(self, tool: str) -> Path:
        folder = self.tools / tool
        with (self.tools / f"{tool}.lock").open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)  # until it is closed: other workers wait, and find it installed
            if not (folder / "ready").exists():
                folder.mkdir(exist_ok=True)
                subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
                done = subprocess.run(
                    [str(folder / "bin" / "pip"), "install", "-q", *TOOLS[tool]],
                    capture_output=True,
                    text=True,
                    timeout=500,
                    check=False,
                )
                if done.returncode:
                    pytest.skip(f"{tool} can't be installed here: {done.stderr[-500:]}")
                (folder / "ready").touch()
        return folder / "bin"


def _environment(folder: Path) -> dict[str, str]:
    """Nothing that steers a tool, and nothing it leaves behind outside the test's folder."""
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_", "POETRY_"))
    }
    return {
        **kept,
        "HOME": str(folder / "home"),
        "PIP_CONFIG_FILE": os.devnull,
        "PIPENV_VENV_IN_PROJECT": "1",
        "PIPENV_IGNORE_VIRTUALENVS": "1",
        "POETRY_VIRTUALENVS_IN_PROJECT": "true",
        "PDM_CHECK_UPDATE": "0",
    }


@pytest.fixture(scope="session")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workshop]:
    # One folder for all workers: a tool is installed once.
    tools = tmp_path_factory.getbasetemp().parent / "tools"
    tools.mkdir(exist_ok=True)
    wheels = tmp_path_factory.mktemp("wheels")
    for arguments in WHEELS:
        make_wheel(wheels, **arguments)  # type: ignore[arg-type]  # as make_wheel takes them
    with ExitStack() as stack:
        server = stack.enter_context(IndexServer(wheels))
        yield Workshop(tools, server.url)


WHEELS: list[dict[str, object]] = [
    {
        "name": "alpha",
        "requires": [
            "beta>=1",
            "gamma; extra == 'x'",
            "delta; extra == 'x' and sys_platform == 'win32'",
            "old; python_version < '3.11'",
        ],
        "extras": ["x"],
    },
    {"name": "beta", "version": "1.0"},
    {"name": "beta", "version": "2.0", "requires": ["zeta; platform_machine == 'aarch64'"]},
    {"name": "gamma", "requires": ["beta"]},
    {"name": "split", "version": "1.0"},
    {"name": "split", "version": "2.0"},
    *[dict[str, object](name=name) for name in ("delta", "old", "zeta", "opt", "dev-only", "heavy", "tool")],
]

POETRY_1 = """
    [tool.poetry]
    name = "service"
    version = "1"
    description = ""
    authors = []
    [tool.poetry.dependencies]
    python = "^3.9"
    alpha = {version = "^1.0", extras = ["x"]}
    split = [{version = "<2", python = "<3.10"}, {version = "^2", python = ">=3.10"}]
    opt = {version = "*", optional = true}
    lib = {path = "lib", develop = true}
    [tool.poetry.extras]
    opt = ["opt"]
    [tool.poetry.group.dev.dependencies]
    Dev_Only = "*"
    [tool.poetry.group.heavy]
    optional = true
    [tool.poetry.group.heavy.dependencies]
    heavy = {version = "*", markers = "sys_platform == 'linux'"}
    zeta = "*"
"""
POETRY_2 = """
    [project]
    name = "service"
    version = "1"
    requires-python = ">=3.9"
    dependencies = [
        "alpha[x]>=1", "split<2; python_version<'3.10'", "split>=2; python_version>='3.10'",
        "lib @ file:///LIB",
    ]
    [project.optional-dependencies]
    opt = ["opt"]
    [dependency-groups]
    tools = ["tool", {include-group = "heavy"}]
    heavy = ["heavy; sys_platform == 'linux'", "zeta"]
    [tool.poetry]
    package-mode = false
    [tool.poetry.group.dev.dependencies]
    Dev_Only = "*"
"""
POETRY_SOURCE = """
    [[tool.poetry.source]]
    name = "mine"
    url = "INDEX"
    priority = "primary"
"""
LIB = """
    [project]
    name = "lib"
    version = "1"
    requires-python = ">=3.9"
    dependencies = ["zeta"]
    [build-system]
    requires = ["setuptools"]
    build-backend = "setuptools.build_meta"
"""
PIPFILE = """
    [[source]]
    name = "mine"
    url = "INDEX"
    verify_ssl = false
    [packages]
    Alpha = {version = "*", extras = ["x"]}
    heavy = {version = "*", sys_platform = "== 'win32'"}
    [dev-packages]
    dev-only = "*"
"""
PDM = """
    [project]
    name = "service"
    version = "1"
    requires-python = ">=3.9"
    dependencies = ["alpha[x]>=1", "heavy; sys_platform == 'win32'"]
    [project.optional-dependencies]
    opt = ["opt"]
    [tool.pdm.dev-dependencies]
    dev = ["dev-only"]
    [[tool.pdm.source]]
    name = "pypi"
    url = "INDEX"
    verify_ssl = false
"""


def shipped_here(root: Path, **options: object) -> list[set[str]]:
    """By Target: what is read as shipping."""
    asked = read_source(found(root), service(root, **options).options)
    assert isinstance(asked, Requirements)
    assert all(requirement.hashes for requirement in asked.requirements if requirement.url is None)
    return shipped([requirement.text for requirement in asked.requirements])


def shipped(lines: list[str]) -> list[set[str]]:
    """By Target: names and versions of those lines whose marker holds."""
    specifications = [Specification(line) for line in lines]
    return [
        {
            f"{item.name.lower()}{item.specifier}"
            for item in specifications
            if item.marker is None or Marker(str(item.marker)).evaluate({**target.environment(), "extra": ""})
        }
        for target in TARGETS
    ]


def exported(text: str) -> list[set[str]]:
    lines = [line.removeprefix("-e ").strip() for line in text.splitlines()]
    lines = [line for line in lines if line and not line.startswith(("-", "#"))]
    return shipped([f"lib @ {line}" if line.startswith("file:") else line for line in lines])


@pytest.mark.parametrize("tool", ["poetry-1", "poetry-2"])
def test_poetry(tool: str, workshop: Workshop, tmp_path: Path) -> None:
    project = (POETRY_1 if tool == "poetry-1" else POETRY_2) + POETRY_SOURCE
    project = project.replace("INDEX", workshop.index).replace("/LIB", str(tmp_path / "lib"))
    write(tmp_path, {"pyproject.toml": project, "lib/pyproject.toml": LIB})
    workshop.run(tool, "poetry", "lock", "--no-interaction", cwd=tmp_path)
    choices: list[dict[str, tuple[str, ...]]] = [{}, {"with": ("heavy",)}, {"only": ("dev", "heavy")}]
    if tool == "poetry-2":
        choices.append({"with": ("tools", "dev"), "without": ("dev",)})
    for chosen in choices:
        arguments = [f"--{key}={','.join(names)}" for key, names in chosen.items()]
        theirs = workshop.run(tool, "poetry", "export", "--without-hashes", *arguments, cwd=tmp_path)
        options = {f"poetry_{key}_groups": names for key, names in chosen.items()}
        assert shipped_here(tmp_path, **options) == exported(theirs), arguments
    assert found(tmp_path).is_fresh is True
    manifest = tmp_path / "pyproject.toml"
    manifest.write_text(manifest.read_text().replace("Dev_Only", "Dev_Other"))
    assert found(tmp_path).is_fresh is False
    manifest.write_text(manifest.read_text().replace("Dev_Other", "Dev_Only") + "\n[tool.other]\nx = 1\n")
    assert found(tmp_path).is_fresh is True


def test_pipenv(workshop: Workshop, tmp_path: Path) -> None:
    write(tmp_path, {"Pipfile": PIPFILE.replace("INDEX", workshop.index)})
    workshop.run("pipenv", "pipenv", "lock", cwd=tmp_path)
    theirs = workshop.run("pipenv", "pipenv", "requirements", cwd=tmp_path)
    asked = read_source(found(tmp_path), service(tmp_path).options)
    assert isinstance(asked, Requirements)
    assert shipped([requirement.text for requirement in asked.requirements]) == exported(theirs)
    assert asked.options[:2] == ("--index-url", workshop.index)
    assert found(tmp_path).is_fresh is True
    (tmp_path / "Pipfile").write_text((tmp_path / "Pipfile").read_text().replace("dev-only", "tool"))
    assert found(tmp_path).is_fresh is False


def test_pdm(workshop: Workshop, tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": PDM.replace("INDEX", workshop.index)})
    workshop.run("pdm", "pdm", "lock", cwd=tmp_path)
    theirs = workshop.run("pdm", "pdm", "export", "--prod", "--without-hashes", cwd=tmp_path)
    assert shipped_here(tmp_path) == exported(theirs)
    assert found(tmp_path).is_fresh is True
    manifest = tmp_path / "pyproject.toml"
    manifest.write_text(manifest.read_text().replace("dev-only", "tool"))
    assert found(tmp_path).is_fresh is False


@pytest.mark.parametrize("tool", ["poetry-2", "pipenv"])
def test_a_lock_is_made_where_there_is_none(
    tool: str, workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    poetry = (POETRY_1 + POETRY_SOURCE).replace('path = "lib"', 'path = "../lib"')
    write(tmp_path, {"lib/pyproject.toml": LIB})
    name, text = ("Pipfile", PIPFILE) if tool == "pipenv" else ("pyproject.toml", poetry)
    project = write(tmp_path / "project", {name: text.replace("INDEX", workshop.index)})
    before = sorted(project.iterdir())
    workshop.run(tool, tool.partition("-")[0], "--version", cwd=tmp_path)
    for name, value in _environment(tmp_path).items():
        monkeypatch.setenv(name, value)
    for name in [name for name in os.environ if name.startswith(("PIP_", "UV_", "POETRY_"))]:
        if name not in _environment(tmp_path):
            monkeypatch.delenv(name)
    monkeypatch.setenv("PATH", f"{workshop.tools / tool / 'bin'}:{os.environ['PATH']}")
    asked = read_source(found(project), service(project).options)
    assert isinstance(asked, Requirements)
    assert "alpha==1.0" in shipped([requirement.text for requirement in asked.requirements])[0]
    assert [problem.code for problem in asked.problems] == ["lock-missing"]
    assert sorted(project.iterdir()) == before
    if tool != "pipenv":
        assert tmp_path / "lib" in [requirement.path for requirement in asked.requirements]
