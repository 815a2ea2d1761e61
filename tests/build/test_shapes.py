"""What is said of the shapes: a layer nobody names or that can not be built, libraries nobody can strip."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pyreq_tui.build import plan
from pyreq_tui.service import load_service
from tests.making import make_wheel
from tests.projects import Project, make_project

if TYPE_CHECKING:
    from pathlib import Path

LAYERED = (
    "service: shop\nprovider: {name: aws, runtime: python3.12}\ncustom: {pythonRequirements: {layer: true}}\n"
)
USES = "layers: [{Ref: PythonRequirementsLambdaLayer}]"


def told(project: Project, code: str) -> list[tuple[str, str]]:
    return [(each.severity, each.message) for each in project.plan().problems if each.code == code]


@pytest.mark.parametrize(
    ("first", "second", "severity", "named"),
    [
        (USES, USES, None, ""),
        (USES, "timeout: 3", "info", "two would run without"),
        ("timeout: 3", "timeout: 3", "warning", "one, two would run without"),
        (USES, "runtime: nodejs22.x", None, ""),
    ],
)
def test_functions_that_do_not_name_the_layer(
    tmp_path: Path, first: str, second: str, severity: str | None, named: str
) -> None:
    functions = f"functions: {{one: {{handler: a.b, {first}}}, two: {{handler: a.b, {second}}}}}\n"
    problems = told(make_project(tmp_path, LAYERED + functions), "layer-not-named")

    assert [kind for kind, _ in problems] == ([severity] if severity else [])
    assert all(named in message for _, message in problems)


def test_a_layer_needs_a_runtime_of_python(tmp_path: Path) -> None:
    project = make_project(tmp_path, LAYERED.replace("python3.12", "nodejs22.x"))

    assert project.plan().artifacts == ()
    assert [kind for kind, _ in told(project, "layer-without-runtime")] == ["warning"]


def test_where_the_machine_has_no_strip_that_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = make_project(tmp_path)
    make_wheel(
        project.wheels, "native", files={"native/fast.so": b"\x7fELF"}, tag="py3-none-manylinux2014_x86_64"
    )
    project.require("native")
    monkeypatch.setenv("PATH", str(tmp_path))
    materials = project.materials()

    slim = plan(load_service(project.root, overrides={"slim": True}), materials)
    plain = plan(load_service(project.root, overrides={"slim": True, "strip": False}), materials)

    [finding] = [each for each in slim.problems if each.code == "strip-unavailable"]
    assert "no strip for x86_64" in finding.message
    assert not [each for each in plain.problems if each.code == "strip-unavailable"]
    assert "native/fast.so" in {entry.path for entry in slim.artifacts[0].bundle.entries}
