"""The Framework's variables, resolved as far as anybody can offline."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyreq_tui.errors import PyreqError
from pyreq_tui.service.configuration import Configuration, Inputs
from pyreq_tui.service.dotenv import parse_dotenv
from pyreq_tui.service.nodes import Opaque
from pyreq_tui.service.variables import parse_template

HERE = Path("/service/serverless.yml")
TEXT = """
service: {name: shop}
provider: {name: aws, stage: "${opt:stage, 'dev'}", runtime: python3.12}
useDotenv: false
params:
  default: {size: small, only: here}
  prod: {size: large}
stages:
  prod: {params: {speed: fast}}
custom:
  text: hello
  number: 3
  yes: true
  nothing: null
  list: [a, b]
  map: {key: value}
  chosen: {dev: D, prod: P}
  value: %s
"""


def resolve(
    expression: str,
    *,
    stage: str | None = None,
    params: dict[str, str] | None = None,
    environ: dict[str, str] | None = None,
    files: dict[str, str] | None = None,
) -> object:
    texts = {HERE.parent / name: text for name, text in (files or {}).items()}
    inputs = Inputs(stage, params or {}, environ or {})
    configuration = Configuration(HERE, inputs, {HERE: TEXT % expression, **texts})
    place = configuration.find("custom", "value")
    return None if place is None else configuration.plain(place)


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("${self:custom.text}", "hello"),
        ("${self:custom.number}", 3),
        ("${self:custom.yes}", True),
        ("${self:custom.map}", {"key": "value"}),
        ("${self:custom.list.1}", "b"),
        ("${self:service.name}-${self:custom.number}-${self:custom.yes}", "shop-3-true"),
        ("${self:custom.missing, 'default'}", "default"),
        ("${self:custom.nothing, 12}", 12),
        ("'${self:custom.missing, \"a, b\"}'", "a, b"),
        ("${opt:stage, self:custom.missing, 'last'}", "last"),
        ("${opt:other, self:custom.text}", "hello"),
        ("${opt:other, ${self:custom.text}}", "hello"),
        ("${opt:other, true}", True),
        ("${env:HOME_PAGE}", "page"),
        ("${env:EMPTY}", ""),
        ("${env:MISSING, ''}", ""),
        ("${sls:stage}", "dev"),
        ("${self:provider.stage}", "dev"),
        ("${self:custom.chosen.${sls:stage}}", "D"),
        ("${self:custom.${self:custom.${env:NAME}}}", Opaque),
        ("${param:size}", "small"),
        ("${param:missing, 'x'}", "x"),
        ("${strToBool(${env:TRUTH})}", True),
        ("${strToBool('0')}", False),
        ("${strToBool(maybe)}", Opaque),
        ("${file(other.yml):a.b}", 1),
        ("${file(./other.yml)}", {"a": {"b": 1}, "c": "hello"}),
        ("${file(data.json):list.0}", "first"),
        ("${file(missing.yml):a, 'none'}", "none"),
        ("${file(missing.yml):a}", Opaque),
        ("${file(code.js):a}", Opaque),
        ("${file(code.py):a, 'x'}", Opaque),
        ("${file(${self:custom.text}.yml)}", {"x": 1}),
        ("${ssm:/a/b~true}", Opaque),
        ("${ssm:/a/b~true, 'x'}", Opaque),
        ("${cf:stack.Output}", Opaque),
        ("${s3:bucket/key}", Opaque),
        ("${aws:accountId}", Opaque),
        ("${anything:else}", Opaque),
        ("${opt:missing}", Opaque),
        ("${opt:missing, dev}", Opaque),
        ("a-${self:custom.map}", Opaque),
        ("${AWS::Region}", "${AWS::Region}"),
        ("${NAME}", "${NAME}"),
        ("'\\${self:custom.text}'", "${self:custom.text}"),
        ("${{self:custom.text}}", "${{self:custom.text}}"),
        ("${self:custom.text", "${self:custom.text"),
        ("${}", "${}"),
    ],
)
def test_resolves(expression: str, value: object) -> None:
    quoted = expression if expression.startswith("'") else "'" + expression.replace("'", "''") + "'"
    found = resolve(
        quoted,
        environ={"HOME_PAGE": "page", "EMPTY": "", "NAME": "text", "TRUTH": "true"},
        files={
            "other.yml": "a: {b: 1}\nc: ${self:custom.text}\n",
            "data.json": '{"list": ["first"]}',
            "hello.yml": "x: 1",
        },
    )
    if value is Opaque:
        assert isinstance(found, Opaque)
        assert found.reason
    else:
        assert found == value


def test_the_stage_given_wins() -> None:
    assert resolve("${self:custom.chosen.${opt:stage}}", stage="prod") == "P"
    assert resolve("${param:size} ${param:only} ${param:speed}", stage="prod") == "large here fast"


def test_a_parameter_given_wins() -> None:
    assert resolve("${param:size}", stage="prod", params={"size": "mine"}) == "mine"


@pytest.mark.parametrize(
    "text",
    [
        "a: ${self:a}\n",
        "a: ${self:b}\nb: x${self:c}\nc: ${self:a}\n",
        "a: {b: '${self:a}'}\n",
        "provider: {stage: '${self:b}'}\nb: ${opt:stage, self:provider.stage}\na: ${self:b}",
    ],
)
def test_circles_are_errors_with_their_line(text: str) -> None:
    configuration = Configuration(HERE, Inputs(), {HERE: text})
    with pytest.raises(PyreqError, match=r"itself|never ends") as caught:
        configuration.plain(configuration.root)
    assert caught.value.where is not None


def test_a_long_chain_and_a_growing_one_are_errors() -> None:
    chain = "".join(f"a{n}: ${{self:a{n + 1}}}\n" for n in range(500))
    with pytest.raises(PyreqError, match="lead on"):
        Configuration(HERE, Inputs(), {HERE: chain + "a500: end\n"}).find("a0")
    doubling = "".join(f"a{n}: ${{self:a{n + 1}}}${{self:a{n + 1}}}\n" for n in range(30))
    with pytest.raises(PyreqError, match="too long"):
        Configuration(HERE, Inputs(), {HERE: doubling + "a30: xxxxxxxx\n"}).find("a0")
    nested = "".join(f"a{n}: {{x: '${{self:a{n + 1}}}'}}\n" for n in range(500))
    configuration = Configuration(HERE, Inputs(), {HERE: nested + "a500: end\n"})
    place = configuration.find("a0")
    assert place is not None
    with pytest.raises(PyreqError, match="never ends"):
        configuration.plain(place)


def test_dotenv_files_answer_when_the_service_says_so(tmp_path: Path) -> None:
    path = tmp_path / "serverless.yml"
    path.write_text("useDotenv: true\na: ${env:A}-${env:B}\nprovider: {stage: test}\n", "utf-8")
    (tmp_path / ".env").write_text("A=wrong\n", "utf-8")
    (tmp_path / ".env.test").write_text("A=file\nB=file\n", "utf-8")
    configuration = Configuration(path, Inputs(environ={"B": "shell"}))
    place = configuration.find("a")
    assert place is not None
    assert place.scalar == "file-shell"


def test_reads_dotenv() -> None:
    text = "# c\nA=1\nexport B='x y' # c\nC=\"a\\nb\"\nD = plain # c\nE=\nF=a#b\nbroken\n"
    assert parse_dotenv(text) == {"A": "1", "B": "x y", "C": "a\nb", "D": "plain", "E": "", "F": "a"}


@given(st.text(alphabet="${}:(),'\"\\ab. ", max_size=60))
def test_any_text_can_be_parsed_and_nothing_is_lost(text: str) -> None:
    parts = parse_template(text)
    joined = "".join(part if isinstance(part, str) else part.expression for part in parts)
    assert joined == text.replace("\\${", "${")


def test_hostile_nesting_takes_no_time() -> None:
    text = "${a:" * 4000
    assert parse_template(text) == (text,)
    parse_template("${a:${b:x} " * 1500)
