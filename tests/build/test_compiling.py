"""``--compile``: bytecode that the runtime's real Python loads, though the dates in a zip are fixed."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.build import Result, StepFinished, compiling, install, plan, run
from tests.making import make_wheel
from tests.projects import SERVERLESS, Project, make_project

if TYPE_CHECKING:
    from pyreq_tui.build import Event

HERE = f"{sys.version_info[0]}.{sys.version_info[1]}"
OTHERS = {"3.12": Path.home() / ".pyenv/versions/3.12.1/bin/python"}
COMPILED: dict[str, object] = {"pipCmdExtraArgs": ["--compile"]}
LOADED_FROM = """
import importlib.machinery, json, sys
sys.path.insert(0, sys.argv[1])
read = []
get_data = importlib.machinery.SourceFileLoader.get_data
def noting(self, path):
    read.append(path)
    return get_data(self, path)

importlib.machinery.SourceFileLoader.get_data = noting
import alpha, beta
print(json.dumps([path[len(sys.argv[1]) + 1:] for path in read]))
"""


def service(folder: Path, python: str = HERE) -> Project:
    return make_project(folder, SERVERLESS.replace("python3.12", f"python{python}"))


def build(project: Project, **overrides: object) -> tuple[Result, list[str]]:
    """What a build did, and the steps it took."""
    events: list[Event] = []
    materials = project.materials(**overrides)
    planned = plan(materials.service, materials)
    result = run(planned, materials, report=events.append, cancel=threading.Event())
    return result, [event.step for event in events if isinstance(event, StepFinished)]


def listing(result: Result) -> set[str]:
    with zipfile.ZipFile(result.artifacts[0].path) as archive:
        return set(archive.namelist())


@pytest.mark.parametrize("python", [HERE, *(pytest.param(name, marks=pytest.mark.slow) for name in OTHERS)])
def test_the_interpreter_loads_it_without_its_source(tmp_path: Path, python: str) -> None:
    executable = sys.executable if python == HERE else str(OTHERS[python])
    if not Path(executable).exists():
        pytest.skip(f"there is no Python {python}")
    project = service(tmp_path, python)
    before = project.plan(**COMPILED)

    result, steps = build(project, **COMPILED)

    tag = f"cpython-{python.replace('.', '')}"
    compiled = {f"__pycache__/beta.{tag}.pyc", f"alpha/__pycache__/__init__.{tag}.pyc"}
    assert compiled <= listing(result)
    assert not before.artifacts[0].is_exact
    assert any("not compiled yet" in entry.path for entry in before.artifacts[0].bundle.entries)
    unpacked = tmp_path / "task"
    with zipfile.ZipFile(result.artifacts[0].path) as archive:
        archive.extractall(unpacked)  # the dates become those of the moment, which no bytecode knows
    ran = subprocess.run(
        [executable, "-I", "-B", "-c", LOADED_FROM, unpacked], capture_output=True, text=True
    )
    assert set(json.loads(ran.stdout)) == compiled, ran.stderr
    assert "compile" in steps


def test_a_second_build_compiles_nothing_and_gives_the_same_bytes(tmp_path: Path) -> None:
    project = service(tmp_path)
    first, _ = build(project, **COMPILED)
    planned = project.plan(**COMPILED).artifacts[0]
    second, steps = build(project, **COMPILED, useStaticCache=False)

    assert planned.is_exact
    assert planned.zipped_bytes == first.artifacts[0].path.stat().st_size
    assert second.artifacts[0].sha256 == first.artifacts[0].sha256
    assert "compile" not in steps
    assert "compile" not in build(project, **COMPILED)[1]


def test_only_what_ships_is_compiled_and_what_can_t_be_is_left_out(tmp_path: Path) -> None:
    project = service(tmp_path)
    files = {"gamma/__init__.py": "", "gamma/template.py": "{{ no python }}", "../x": ""}
    make_wheel(
        project.wheels, "gamma", files={name: text for name, text in files.items() if ".." not in name}
    )
    project.require("alpha", "gamma")

    slim, steps = build(project, **COMPILED, slim=True, strip=False)
    assert not any(name.endswith(".pyc") for name in listing(slim))
    assert "compile" not in steps
    omitted, steps = build(project, **COMPILED, noDeploy=["alpha"])
    names = {name for name in listing(omitted) if name.endswith(".pyc")}
    assert {name.split("/")[0] for name in names} == {"gamma"}
    assert len(names) == 1


def test_without_such_a_python_a_finding_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "find_interpreter", lambda *_, **__: None)
    project = service(tmp_path)

    planned = project.plan(**COMPILED)

    assert [problem.code for problem in planned.problems] == ["bytecode-unavailable"]
    assert planned.artifacts[0].is_exact
    assert not any(name.endswith(".pyc") for name in listing(build(project, **COMPILED)[0]))


def test_install_leaves_it_beside_the_sources(tmp_path: Path) -> None:
    project = service(tmp_path)
    materials = project.materials(**COMPILED)
    install(materials.service, materials, report=lambda _: None, cancel=threading.Event())

    folder = project.root / ".serverless" / "requirements"
    ran = subprocess.run(
        [sys.executable, "-I", "-B", "-c", LOADED_FROM, folder], capture_output=True, text=True
    )
    assert all(path.endswith(".pyc") for path in json.loads(ran.stdout)), ran.stderr
