"""Functions and modules: which artifacts a service has, for what they are built, and what is in each."""

from __future__ import annotations

import threading
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.build import Result, gather, plan, run
from pyreq_tui.errors import PyreqError
from tests.making import make_wheel
from tests.projects import Project, make_project

if TYPE_CHECKING:
    from collections.abc import Mapping

HEAD = "service: shop\nprovider: {name: aws, runtime: python3.12}\ncustom: {pythonRequirements: {}}\n"
CODE = {"handler.py", "report/handler.py", "report/run.sh", "shared/common.py", "requirements.txt"}
CODE |= {"report/requirements.txt", "own/beta.py", "own/extra.txt"}
REPORT = {"handler.py", "run.sh", "requirements.txt"}
"""The module's own files, moved to the root."""
ALPHA = {"alpha/__init__.py", "alpha/tests/test_alpha.py", "beta.py"}
X86 = "python3.12 on x86_64"
GAMMA = {"gamma/__init__.py"}


@dataclass(frozen=True)
class Case:
    """One way to write a service, and by artifact what it runs on and ships (dist-info aside)."""

    text: str
    expected: Mapping[str, tuple[str, set[str]]]
    functions: tuple[str, ...] = ()
    """What ``--function`` names."""


CASES = {
    "one zip for all": Case(
        HEAD + "functions: {a: {handler: handler.main}, b: {handler: report/handler.run}}",
        {"shop.zip": (X86, CODE | ALPHA)},
    ),
    "each its own": Case(
        HEAD + "package: {individually: true}\n"
        "functions: {a: {handler: handler.main}, b: {handler: handler.main}}",
        dict.fromkeys(("a.zip", "b.zip"), (X86, CODE | ALPHA)),
    ),
    "one of them its own": Case(
        HEAD + "functions:\n  a: {handler: handler.main}\n"
        "  b: {handler: handler.run, module: report, package: {individually: true}}",
        {
            "shop.zip": (X86, CODE | ALPHA),
            "report-shop-dev-b.zip": (X86, REPORT | GAMMA),
        },
    ),
    "a module without individually": Case(
        HEAD + "functions: {a: {handler: handler.run, module: report}}",
        {"shop.zip": (X86, CODE | ALPHA)},
    ),
    "two functions of one module": Case(
        HEAD + "package: {individually: true}\nfunctions:\n"
        "  a: {handler: handler.run, module: report}\n  b: {handler: handler.run, module: ./report/}",
        {
            "report-shop-dev-a.zip": (X86, REPORT | GAMMA),
            "report-shop-dev-b.zip": (X86, REPORT | GAMMA),
        },
    ),
    "patterns of both levels": Case(
        HEAD + "package: {individually: true, patterns: ['!own/**', '!report/**']}\nfunctions:\n"
        "  a: {handler: handler.main, package: {patterns: ['!shared/**', report/run.sh]}}\n"
        "  b: {handler: handler.main}",
        {
            "a.zip": (X86, {"handler.py", "requirements.txt", "report/run.sh"} | ALPHA),
            "b.zip": (X86, {"handler.py", "requirements.txt", "shared/common.py"} | ALPHA),
        },
    ),
    "the older words": Case(
        HEAD + "package: {individually: true, exclude: ['**']}\nfunctions:\n"
        "  a: {handler: handler.main, package: {include: [handler.py]}}\n"
        "  b: {handler: handler.main, package: {include: ['**/*.py'], exclude: [own/**]}}",
        {
            "a.zip": (X86, {"handler.py"} | ALPHA),
            "b.zip": (
                X86,
                {"handler.py", "report/handler.py", "shared/common.py", "own/beta.py"} | ALPHA,
            ),
        },
    ),
    "a module with a file from beside it": Case(
        HEAD + "package: {individually: true}\nfunctions:\n"
        "  a: {handler: handler.run, module: report, package: {patterns: ['shared/**', '!**/run.sh']}}",
        {
            "report-shop-dev-a.zip": (
                X86,
                {"handler.py", "requirements.txt", "shared/common.py"} | GAMMA,
            )
        },
    ),
    "a folder of its own over the requirements": Case(
        HEAD + "package: {individually: true, patterns: ['!**', handler.py]}\n"
        "functions: {a: {handler: handler.main, vendor: own}, b: {handler: handler.main}}",
        {
            "a.zip": (X86, {"handler.py", "extra.txt"} | ALPHA),
            "b.zip": (X86, {"handler.py"} | ALPHA),
        },
    ),
    "several runtimes in one zip": Case(
        HEAD + "functions:\n  a: {handler: handler.main, runtime: python3.11}\n  b: {handler: handler.main}\n"
        "  c: {handler: page.main, runtime: nodejs22.x}",
        {"shop.zip": (X86, CODE | ALPHA)},
    ),
    "several runtimes, each its own": Case(
        HEAD + "package: {individually: true, patterns: ['!**', handler.py]}\nfunctions:\n"
        "  a: {handler: handler.main, runtime: python3.11}\n"
        "  b: {handler: handler.main, architecture: arm64}\n  c: {handler: page.main, runtime: nodejs22.x}",
        {
            "a.zip": ("python3.11 on x86_64", {"handler.py"} | ALPHA),
            "b.zip": ("python3.12 on arm64", {"handler.py"} | ALPHA),
        },
    ),
    "images are left alone": Case(
        HEAD + "functions:\n  a: {image: an/image:tag}\n  b: {handler: handler.main}\n"
        "  c: {image: {name: base, command: [x.y]}}",
        {"shop.zip": (X86, CODE | ALPHA)},
    ),
    "a layer and its functions": Case(
        HEAD.replace("{}", "{layer: true}") + "package: {patterns: ['!**', handler.py]}\nfunctions:\n"
        "  a: {handler: handler.main, layers: [{Ref: PythonRequirementsLambdaLayer}]}\n"
        "  b: {handler: handler.main, vendor: own, layers: [{Ref: PythonRequirementsLambdaLayer}]}",
        {
            "shop.zip": (X86, {"handler.py", "beta.py", "extra.txt"}),
            "pythonRequirements.zip": (X86, {f"python/{name}" for name in ALPHA}),
        },
    ),
    "a layer beside modules": Case(
        HEAD.replace("{}", "{layer: true, vendor: own}")
        + "package: {individually: true, patterns: ['!**', handler.py, 'report/**']}\n"
        "functions: {a: {handler: handler.main}, b: {handler: handler.run, module: report}}",
        {
            "a.zip": (X86, {"handler.py", "report/handler.py", "report/run.sh"}
                      | {"report/requirements.txt"}),
            "report-shop-dev-b.zip": (X86, REPORT | GAMMA | {"beta.py", "extra.txt"}),
            "pythonRequirements.zip": (
                X86, {f"python/{name}" for name in ALPHA | {"extra.txt"}}
            ),
        },
    ),
    "nothing but a layer": Case(
        HEAD.replace("{}", "{layer: {compatibleRuntimes: [python3.11], compatibleArchitectures: [arm64]}}"),
        {"pythonRequirements.zip": ("python3.11 on arm64", {f"python/{name}" for name in ALPHA})},
    ),
    "a layer for images": Case(
        HEAD.replace("{}", "{layer: true}") + "functions: {a: {image: an/image:tag}}",
        {"pythonRequirements.zip": (X86, {f"python/{name}" for name in ALPHA})},
    ),
    "Google": Case(
        "service: shop\nprovider: {name: google, runtime: python39}\ncustom: {pythonRequirements: {}}\n"
        "functions: {a: {handler: main}}",
        {"shop.zip": ("python39 on x86_64", CODE | ALPHA)},
    ),
    "Scaleway": Case(
        "service: shop\nprovider: {name: scaleway, runtime: python311}\ncustom: {pythonRequirements: {}}\n"
        "functions: {a: {handler: handler.main}}",
        {"shop.zip": ("python311 on x86_64", CODE | {f"package/{name}" for name in ALPHA})},
    ),
    "OpenWhisk": Case(
        "service: shop\nprovider: {name: openwhisk, runtime: 'python:3'}\ncustom: {pythonRequirements: {}}\n"
        "functions: {a: {handler: handler.main}}",
        {"shop.zip": ("python:3 on x86_64", CODE | ALPHA)},
    ),
    "only what is asked for": Case(
        HEAD + "package: {individually: true, patterns: ['!**', handler.py]}\n"
        "functions: {a: {handler: handler.main}, b: {handler: handler.main}, c: {image: an/image:tag}}",
        {"b.zip": (X86, {"handler.py"} | ALPHA)},
        functions=("b", "c"),
    ),
    "nothing of what is asked for": Case(
        HEAD.replace("{}", "{layer: true}")
        + "functions: {a: {handler: handler.main}, c: {image: an/image:tag}}",
        {},
        functions=("c",),
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """One tree for every case: only serverless.yml differs."""
    project = make_project(tmp_path_factory.mktemp("modules"))
    make_wheel(project.wheels, "gamma")
    project.require("gamma", module="report")
    project.write(
        {
            "report/handler.py": "def run(event, context): ...\n",
            "report/run.sh": "#!/bin/sh\n",
            "shared/common.py": "",
            "own/beta.py": "OWN = True\n",
            "own/extra.txt": "",
        }
    )
    (project.root / "report/run.sh").chmod(0o755)
    return project


def build(project: Project, case: Case) -> Result:
    project.write({"serverless.yml": case.text})
    materials = gather(
        project.load(),
        report=lambda _: None,
        cancel=threading.Event(),
        cache=project.cache,
        functions=case.functions,
    )
    return run(plan(materials.service, materials), materials, report=lambda _: None, cancel=threading.Event())


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_artifacts_their_targets_and_what_they_hold(shared: Project, case: Case) -> None:
    found = {}
    for artifact in build(shared, case).artifacts:
        with zipfile.ZipFile(artifact.path) as archive:
            names = {name for name in archive.namelist() if ".dist-info/" not in name}
        found[artifact.planned.filename] = (str(artifact.planned.target), names)

    assert found == case.expected


def test_a_modules_programs_stay_programs(shared: Project) -> None:
    result = build(shared, CASES["one of them its own"])
    [path] = [each.path for each in result.artifacts if each.planned.kind == "function"]

    with zipfile.ZipFile(path) as archive:
        modes = {entry.filename: entry.external_attr >> 16 & 0o777 for entry in archive.infolist()}

    assert (modes["run.sh"], modes["handler.py"]) == (0o755, 0o644)


def test_a_functions_own_folder_beats_the_layers_packages(shared: Project) -> None:
    result = build(shared, CASES["a layer and its functions"])
    shop, layer = result.artifacts

    with zipfile.ZipFile(shop.path) as code, zipfile.ZipFile(layer.path) as packages:
        assert code.read("beta.py") == b"OWN = True\n"
        assert packages.read("python/beta.py") != b"OWN = True\n"
    assert layer.planned.functions == ("a", "b")
    assert shop.planned.layer_bytes == layer.unzipped_bytes


def test_one_lock_serves_all_functions_that_need_the_same(shared: Project) -> None:
    shared.write({"serverless.yml": CASES["several runtimes, each its own"].text})

    targets = {str(unit.target) for unit in shared.materials().requirements}
    shared.write({"serverless.yml": CASES["two functions of one module"].text})
    modules = [unit.module for unit in shared.materials().requirements]

    assert targets == {"python3.11 on x86_64", "python3.12 on arm64"}
    assert modules == ["report"]


def test_a_function_that_does_not_exist_is_told_with_those_that_do(shared: Project) -> None:
    with pytest.raises(PyreqError, match="no function 'z'") as caught:
        build(shared, Case(CASES["each its own"].text, {}, functions=("a", "z")))
    assert "a, b" in str(caught.value.hint)


def test_requirements_that_are_only_beside_the_module_are_told(shared: Project) -> None:
    text = HEAD + "package: {individually: true}\nfunctions: {a: {handler: common.x, module: shared}}"
    shared.write({"serverless.yml": text})

    [problem] = [problem for problem in shared.plan().problems if problem.code == "no-requirements"]

    assert "shared/" in problem.message


@pytest.mark.parametrize(
    ("pattern", "severity"),
    [
        ("report", "warning"),
        ("./report/", "warning"),
        ("reports/**", "info"),
        ("report/**", None),
        ("!reports/**", None),
        ("**", None),
    ],
)
@pytest.mark.parametrize("level", ["service", "function"])
def test_a_pattern_that_brings_nothing_in_is_told(
    shared: Project, pattern: str, severity: str | None, level: str
) -> None:
    own = f", package: {{individually: true, patterns: ['{pattern}']}}" if level == "function" else ""
    top = f"package: {{patterns: ['{pattern}']}}\n" if level == "service" else ""
    shared.write({"serverless.yml": f"{HEAD}{top}functions: {{a: {{handler: handler.main{own}}}}}"})

    told = [each for each in shared.plan().problems if each.code == "pattern-matches-nothing"]

    assert [each.severity for each in told] == ([severity] if severity else [])
    if severity == "warning":
        assert told[0].hint == "Write report/**"
