"""Services as they are read, with what is worth saying about them."""

from __future__ import annotations

import tempfile
import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyreq_tui.errors import KeyChange, OptionChange, PyreqError
from pyreq_tui.service import OPTIONS_PATH, LayerOptions, Service, edit_options, edit_values, load_service
from tests.service.conftest import HEAD

if TYPE_CHECKING:
    from tests.service.conftest import MakeService


def codes(service: Service) -> list[tuple[str, str]]:
    return [(problem.severity, problem.code) for problem in service.problems]


def test_reads_a_whole_service(make_service: MakeService) -> None:
    service = make_service(
        textwrap.dedent("""
        service: ${self:custom.name}-${sls:stage}
        useDotenv: true
        provider:
          name: aws
          stage: ${opt:stage, 'test'}
          runtime: python3.12
          architecture: arm64
          layers: [!Ref Shared]
        plugins: [serverless-wsgi]
        custom:
          name: shop
          pythonRequirements:
            slim: 'true'
            noDeploy: boto3
            layer: {name: deps, compatibleRuntimes: python3.12}
        package:
          individually: true
          patterns: ['!x/**', src/**]
          exclude: [y/**, '!z/**']
          include: [w]
        layers:
          own: {path: layers/own}
        functions:
          report:
            handler: report.handler
            module: ./functions/report/
            vendor: ./vendored
            layers:
              - arn:aws:lambda:eu-west-1:1:layer:a:1
              - Ref: PythonRequirementsLambdaLayer
              - !Ref Other
              - Fn::Sub: arn:${AWS::Region}
            package: {patterns: ['!q'], exclude: r}
          old: {handler: a.b, runtime: python3.9, architecture: x86_64}
          web: {handler: a.b, runtime: nodejs18.x}
          docker: {image: 'x:y'}
          ready: {handler: a.b, package: {artifact: ready.zip}}
          off: {handler: a.b, package: {disable: true}}
        """),
        stage="prod",
    )
    assert (service.name, service.stage, service.provider) == ("shop-prod", "prod", "aws")
    assert (service.runtime, service.architecture, service.individually) == ("python3.12", "arm64", True)
    assert service.root == service.config_file.parent
    assert service.uses_dotenv
    assert service.layer_paths == ("layers/own",)
    assert service.plugins == ("serverless-wsgi",)
    assert service.enabled
    assert service.patterns == ("!y/**", "z/**", "w", "!x/**", "src/**")
    options = service.options
    assert options.slim is True
    assert options.no_deploy == ("boto3",)
    assert options.layer == LayerOptions(name="deps", compatible_runtimes=("python3.12",))
    assert options.origin("slim") == "file"
    assert str(options.where("slim")).endswith("serverless.yml:14")
    report, old, web, docker, ready, off = service.functions
    assert report.module == "functions/report"
    assert report.vendor == "./vendored"
    assert report.layers == (
        "arn:aws:lambda:eu-west-1:1:layer:a:1",
        "PythonRequirementsLambdaLayer",
        "Other",
        "arn:${AWS::Region}",
    )
    assert report.patterns == ("!r", "!q")
    assert service.patterns_of(report) == ("!y/**", "z/**", "!r", "w", "!x/**", "src/**", "!q")
    assert (report.runtime, report.architecture) == ("python3.12", "arm64")
    assert (old.runtime, old.architecture, old.layers, old.module) == (
        "python3.9",
        "x86_64",
        ("Shared",),
        ".",
    )
    assert old.where.line == 35
    assert [function.reason for function in (web, docker, ready, off)] == [
        "its runtime is nodejs18.x",
        "it runs from a container image",
        "it ships a ready artifact, ready.zip",
        "package.disable is set",
    ]
    assert docker.handler is None
    assert service.problems == ()


@pytest.mark.parametrize(
    ("block", "enabled", "reason"),
    [
        ("", False, "there is no"),
        ("custom: {}", False, "there is no"),
        ("custom: {pythonRequirements: }", False, "is empty"),
        ("custom: {pythonRequirements: {}}", True, None),
        ("custom: {pythonRequirements: true}", True, None),
        ("custom: {pythonRequirements: false}", False, "is false"),
        ("custom: {pythonRequirements: {enabled: false}}", False, "enabled is false"),
        ("custom: {pythonRequirements: {enabled: 'true'}}", True, None),
        ("custom: {pythonRequirements: '${ssm:/a}'}", False, "can't be known"),
    ],
)
def test_says_whether_python_support_is_active(
    make_service: MakeService, block: str, enabled: bool, reason: str | None
) -> None:
    service = make_service(HEAD + block)
    assert service.enabled is enabled
    assert service.reason is None if reason is None else reason in str(service.reason)


def test_an_override_activates_what_is_not_written(make_service: MakeService) -> None:
    assert make_service(HEAD, overrides={"slim": True}).enabled
    assert make_service(HEAD + "custom: {pythonRequirements: }", overrides={"slim": True}).enabled
    off = HEAD + "custom: {pythonRequirements: {enabled: false}}"
    assert not make_service(off, overrides={"slim": True}).enabled
    assert make_service(off, overrides={"enabled": True}).enabled
    service = make_service(HEAD + "custom: {pythonRequirements: {}}", overrides={"enabled": False})
    assert (service.enabled, service.reason) == (False, "enabled is overridden with false")
    assert service.options.origin("enabled") == "override"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("functions:\n  a: {handler: x.y}\n  b: {handler: x.y}\n", ["a", "b"]),
        (
            "functions:\n  - a: {handler: x.y}\n    b: {handler: x.y}\n  - c: {handler: x.y}\n",
            ["a", "b", "c"],
        ),
        ("functions: ${file(f.yml)}\n", ["f", "g"]),
        ("functions:\n  - ${file(f.yml)}\n  - ${file(list.yml)}\n", ["f", "g", "h"]),
        ("functions:\n  a: ${file(one.yml)}\n", ["a"]),
        ("functions:\n", []),
    ],
)
def test_reads_functions_from_anywhere(make_service: MakeService, text: str, names: list[str]) -> None:
    files = {
        "f.yml": "f: {handler: x.y}\ng: &g {handler: x.y}\n",
        "list.yml": "- h:\n    handler: x.y\n",
        "one.yml": "handler: x.y\n",
    }
    service = make_service(HEAD + text, files=files)
    assert [function.name for function in service.functions] == names
    assert all(function.packaged for function in service.functions)
    assert service.problems == ()


@pytest.mark.parametrize(
    ("name", "runtime"), [("google", "python39"), ("scaleway", "python310"), ("openwhisk", "python:3")]
)
def test_keeps_other_providers_runtimes(make_service: MakeService, name: str, runtime: str) -> None:
    service = make_service(
        f"service: a\nprovider: {{name: {name}, runtime: '{runtime}'}}\nfunctions: {{f: {{handler: a}}}}"
    )
    assert (service.provider, service.runtime) == (name, runtime)
    assert service.functions[0].packaged


@pytest.mark.parametrize(
    ("text", "severity", "code", "line", "message"),
    [
        ("custom:\n  pythonRequirements:\n    slimm: true\n", "warning", "unknown-option", 7, "slimm"),
        (
            "custom:\n  pythonRequirements:\n    layer: {nam: x}\n",
            "warning",
            "unknown-option",
            7,
            "'nam' in layer",
        ),
        (
            "custom:\n  pythonRequirements:\n    dockerizePip: true\n    dockerImage: a\n    dockerFile: b\n",
            "error",
            "docker-image-and-file",
            9,
            "both set",
        ),
        (
            "custom:\n  pythonRequirements:\n    dockerSsh: true\n",
            "warning",
            "docker-option-without-docker",
            7,
            "dockerSsh has no effect",
        ),
        (
            "custom:\n  pythonRequirements:\n    pipCmdExtraArgs:\n      - --only-binary=:all:\n",
            "error",
            "wrong-option-value",
            7,
            "is a map, because",
        ),
        ("custom:\n  pythonRequirements:\n    slim: maybe\n", "error", "wrong-option-value", 7, "'maybe'"),
        ("custom:\n  pythonRequirements:\n    installer: npm\n", "error", "wrong-option-value", 7, "pip, uv"),
        ("custom:\n  pythonRequirements:\n    slim: ${ssm:/a}\n", "error", "unresolved-variable", 7, "ssm"),
        ("custom:\n  pythonRequirements: [a]\n", "error", "wrong-type", 6, "must be a map"),
        ("functions:\n  a: {handler: x, architecture: i386}\n", "error", "unknown-architecture", 6, "i386"),
        ("functions:\n  a: {handler: x, module: m}\n", "warning", "module-not-individual", 6, "no effect"),
        (
            "functions:\n  a: {handler: x, package: {patterns: x}}\n",
            "warning",
            "patterns-not-individual",
            6,
            "a have",
        ),
        ("functions:\n  a: {runtime: python3.9}\n", "warning", "no-handler", 6, "no handler"),
        ("functions:\n  a:\n", "error", "wrong-type", 6, "must be a map"),
        (
            "functions:\n  a: {handler: x, runtime: '${cf:x.y}'}\n",
            "error",
            "unresolved-variable",
            6,
            "functions.a.runtime",
        ),
        ("package: {individually: perhaps}\n", "error", "wrong-type", 5, "true or false"),
        ("package: {patterns: {a: b}}\n", "error", "wrong-type", 5, "a list"),
    ],
)
def test_reports(
    make_service: MakeService, text: str, severity: str, code: str, line: int, message: str
) -> None:
    service = make_service(HEAD + text)
    assert codes(service) == [(severity, code)]
    problem = service.problems[0]
    assert message in problem.message
    assert problem.where is not None
    assert problem.where.line == line


def test_the_fix_of_a_misspelt_option_mends_it(make_service: MakeService) -> None:
    service = make_service(HEAD + "custom:\n  pythonRequirements:\n    slim_patterns:\n      - a # mine\n")
    problem = service.problems[0]
    assert problem.hint == "Did you mean slimPatterns?"
    assert problem.fix == (KeyChange((*OPTIONS_PATH, "slim_patterns"), "slimPatterns"),)
    [edit] = edit_values(service, problem.fix)
    edit.write()
    mended = load_service(service.config_file, environ={})
    assert mended.options.slim_patterns == ("a",)
    assert mended.problems == ()


def test_overrides_answer_conflicts(make_service: MakeService) -> None:
    text = HEAD + "custom:\n  pythonRequirements:\n    dockerSsh: true\n"
    assert codes(make_service(text, overrides={"dockerizePip": True})) == []
    assert codes(
        make_service(text).with_overrides({"dockerizePip": True, "dockerImage": "a", "dockerFile": "b"})
    ) == [("error", "docker-image-and-file")]


def test_what_hides_the_name_or_the_stage_is_a_warning(make_service: MakeService, tmp_path: Path) -> None:
    service = make_service("service: ${env:NAME}\nprovider: {name: aws, stage: '${opt:stage}'}\n")
    assert (service.name, service.stage) == (tmp_path.name, "dev")
    assert codes(service) == [("warning", "unresolved-variable")] * 2
    assert "NAME is not set" in service.problems[0].message


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("- a\n", "not a map"),
        ("provider: aws\n", "names no service"),
        ("service: a\n", "names no provider"),
        ("service: a\nservice: b\n", "stands twice"),
    ],
)
def test_refuses_what_is_no_service(make_service: MakeService, text: str, message: str) -> None:
    with pytest.raises(PyreqError, match=message) as caught:
        make_service(text)
    assert caught.value.where is not None


def test_finds_the_file(tmp_path: Path) -> None:
    with pytest.raises(PyreqError, match=r"There is no serverless\.yml"):
        load_service(tmp_path)
    with pytest.raises(PyreqError, match="no such file"):
        load_service(tmp_path / "nowhere")
    (tmp_path / "serverless.ts").write_text("module.exports = {}", "utf-8")
    with pytest.raises(PyreqError, match=r"serverless\.ts is code") as caught:
        load_service(tmp_path)
    assert "serverless print" in str(caught.value.hint)
    (tmp_path / "serverless.json").write_text('{"service": "json", "provider": "aws"}', "utf-8")
    assert load_service(tmp_path).name == "json"
    (tmp_path / "serverless.yaml").write_text("service: yaml\nprovider: aws\n", "utf-8")
    assert load_service(tmp_path).name == "yaml"
    (tmp_path / "other.yml").write_text("service: other\nprovider: aws\n", "utf-8")
    assert load_service(tmp_path, config="other.yml").name == "other"
    assert load_service(tmp_path / "other.yml").name == "other"
    with pytest.raises(PyreqError, match=r"There is no missing\.yml"):
        load_service(tmp_path, config="missing.yml")


def test_secrets_stay_out_of_messages(make_service: MakeService) -> None:
    text = HEAD + "custom:\n  pythonRequirements:\n    slim: ${env:URL}\n"
    service = make_service(text, environ={"URL": "https://user:hunter2@example.com"})
    assert "hunter2" not in service.problems[0].message
    assert "hunter2" not in repr(service)


@given(st.text(alphabet="ab:{}[]-#&*!|>'\"\n \t$,<?%~\x00\ufeff", max_size=60))
def test_any_text_is_read_or_refused(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "serverless.yml"
        path.write_bytes(
            (HEAD + "functions:\n  - " + text + "\ncustom:\n  pythonRequirements:\n    " + text).encode()
        )
        try:
            edit_options(load_service(path, environ={}), [OptionChange("slim", value=True)])
        except PyreqError as error:
            assert error.where is not None  # noqa: PT017 - most texts raise, a few do not


def test_two_hundred_functions_are_all_there(make_service: MakeService) -> None:
    functions = "".join(
        f"  f{n}:\n    handler: src/f{n}.handler\n    events:\n      - http: {{path: /f{n}, method: get}}\n"
        f"    environment:\n      A: ${{self:custom.a}}\n      B: ${{ssm:/b/{n}}}\n"
        for n in range(200)
    )
    text = HEAD + "custom: {a: 1, pythonRequirements: {}}\nfunctions:\n" + functions
    assert len(make_service(text).functions) == 200
