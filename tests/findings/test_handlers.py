"""Handlers that Lambda would not find, and those it would."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyreq_tui.findings.source_code import parse_source
from tests.findings.telling import is_told, told
from tests.making import make_wheel
from tests.projects import SERVERLESS, make_project

if TYPE_CHECKING:
    from pathlib import Path

MODULES = """\
service: shop
provider: {name: aws, runtime: python3.12}
package: {individually: true}
custom: {pythonRequirements: {}}
functions:
  main: {handler: handler.main, module: orders}
"""


def test_a_handler_whose_file_is_not_there(tmp_path: Path) -> None:
    project = make_project(tmp_path, SERVERLESS.replace("handler.main", "handlers.main"))

    [finding] = told(project.plan(), "handler-file-missing")

    assert finding.severity == "error"
    assert "handlers.py" in finding.message
    assert finding.where is not None
    assert finding.where.line == 8
    project.write({"handlers.py": "def main(event, context): ...\n"})
    assert not is_told(project.plan(), "handler-file-missing")


def test_a_handler_that_package_patterns_leave_out_is_told_apart(tmp_path: Path) -> None:
    project = make_project(tmp_path, SERVERLESS + "package: {patterns: ['!handler.py']}\n")

    [finding] = told(project.plan(), "handler-file-missing")

    assert "is left out" in finding.message
    assert "handler.py" in str(finding.hint)


def test_a_modules_handler_counts_from_its_folder(tmp_path: Path) -> None:
    project = make_project(tmp_path, MODULES, requirements=None)
    project.write({"orders/handler.py": "def main(event, context): ...\n"})
    assert not is_told(project.plan(), "handler-file-missing")

    project.write({"serverless.yml": MODULES.replace("handler.main", "orders/handler.main")})
    assert "orders/, its module" in str(told(project.plan(), "handler-file-missing")[0].hint)


@pytest.mark.parametrize("handler", ["src/app.main", "src.app.main", "./src/app.main", "src/pack.main"])
def test_paths_are_read_as_lambda_reads_them(tmp_path: Path, handler: str) -> None:
    project = make_project(tmp_path, SERVERLESS.replace("handler.main", handler))
    project.write({"src/app.py": "def main(): ...\n", "src/pack/__init__.py": "from .a import main\n"})
    project.write({"src/pack/a.py": "def main(): ...\n"})

    assert not is_told(project.plan(), "handler-file-missing")
    assert not is_told(project.plan(), "handler-attribute-missing")


def test_a_handler_from_a_package_is_there(tmp_path: Path) -> None:
    project = make_project(tmp_path, SERVERLESS.replace("handler.main", "alpha.lambda_handler"))
    assert not is_told(project.plan(), "handler-file-missing")
    assert is_told(project.plan(noDeploy=["alpha"]), "handler-file-missing")


def test_layers_from_elsewhere_may_bring_the_handler(tmp_path: Path) -> None:
    text = SERVERLESS.replace(
        "handler.main", "wrapper.main\n    layers: [arn:aws:lambda:eu-west-1:1:layer:w:1]"
    )
    assert not is_told(make_project(tmp_path, text).plan(), "handler-file-missing")


def test_the_layer_built_here_is_looked_into(tmp_path: Path) -> None:
    text = SERVERLESS.replace(
        "handler.main", "alpha.main\n    layers: [{Ref: PythonRequirementsLambdaLayer}]"
    )
    project = make_project(tmp_path, text)
    assert not is_told(project.plan(layer=True), "handler-file-missing")
    project.write({"serverless.yml": text.replace("alpha.main", "gamma.main")})
    assert is_told(project.plan(layer=True), "handler-file-missing")


def test_a_plugin_may_write_the_handler(tmp_path: Path) -> None:
    text = SERVERLESS.replace("handler.main", "wsgi_handler.handler")
    assert is_told(make_project(tmp_path / "a", text).plan(), "handler-file-missing")
    with_plugin = make_project(tmp_path / "b", text + "plugins: [serverless-wsgi]\n")
    assert not is_told(with_plugin.plan(), "handler-file-missing")


def test_an_attribute_that_is_not_defined(tmp_path: Path) -> None:
    project = make_project(tmp_path, SERVERLESS.replace("handler.main", "handler.mian"))

    [finding] = told(project.plan(), "handler-attribute-missing")

    assert finding.severity == "error"
    assert finding.hint == "Did you mean main?"


@pytest.mark.parametrize(
    "code",
    [
        "main = lambda event, context: None",
        "from somewhere import main",
        "from somewhere import run as main",
        "from somewhere import *",
        "class main: ...",
        "async def main(): ...",
        "import main",
        "import main.deep",
        "try:\n    import a\nexcept ImportError:\n    def main(): ...",
        "if 1:\n    pass\nelse:\n    main = 1",
        "with a as main: ...",
        "for main in (): ...",
        "(first, *main) = 1, 2",
        "main: object = 1",
        "match 1:\n    case 1:\n        main = 2",
        "print(main := 1)",
        "def make():\n    global main\n    main = 1\nmake()",
        "def __getattr__(name): ...",
        "globals()['main'] = 1",
        "print 'Python 2'",
    ],
)
def test_every_way_to_bind_a_name_counts(code: str) -> None:
    source = parse_source(code.encode())

    assert source is None or source.is_open or "main" in source.names


@pytest.mark.parametrize(
    "code",
    ["", "def other():\n    main = 1", "import a.main", "from main import b", "other.main = 1", "main"],
)
def test_a_name_that_is_only_mentioned_is_not_bound(code: str) -> None:
    source = parse_source(code.encode())

    assert source is not None
    assert not source.is_open
    assert "main" not in source.names


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_passed_over(data: bytes) -> None:
    parse_source(data)


def test_code_too_deep_to_parse_is_passed_over() -> None:
    assert parse_source(b"(" * 5_000 + b")" * 5_000) is None
    assert parse_source(b"x = " + b"-" * 100_000 + b"1") is None


def test_a_compiled_handler_is_there(tmp_path: Path) -> None:
    project = make_project(tmp_path, SERVERLESS.replace("handler.main", "fast.main"))
    make_wheel(
        project.wheels, "fast", files={"fast.cpython-312-x86_64-linux-gnu.so": b"x"},
        tag="cp312-cp312-manylinux2014_x86_64",
    )  # fmt: skip
    project.require("fast")

    assert not is_told(project.plan(), "handler-file-missing")


def test_a_handler_that_names_no_function(tmp_path: Path) -> None:
    assert is_told(
        make_project(tmp_path, SERVERLESS.replace("handler.main", "handler")).plan(), "handler-malformed"
    )
