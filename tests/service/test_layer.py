"""The layer's definition to paste, and to save."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from pyreq_tui.errors import PyreqError
from pyreq_tui.service import hand_over, leave_layer, load_service, render_layer, use_layer
from tests.service.conftest import HEAD

if TYPE_CHECKING:
    from pyreq_tui.service import Service
    from tests.service.conftest import MakeService

ONE = "functions:\n  one:\n    handler: a.b\n"
OTHERS = "  web:\n    image: an/image\n  page:\n    handler: p.q\n    runtime: nodejs22.x\n"
LAYERS = "    layers: [{Ref: PythonRequirementsLambdaLayer}]\n"
BLOCK = "custom:\n  pythonRequirements:\n    layer: true\n"
NOTED = "  pyreq:\n    layer:\n      before: true\n"
TWO = "functions:\n  one:\n    handler: a.b\n  two:\n    handler: a.b # c\n"
DESCRIBED = """\
custom:
  pythonRequirements:
    layer:
      name: deps-${sls:stage}
      description: What all need
      compatibleRuntimes: [python3.12, python3.13]
      compatibleArchitectures: [arm64]
      licenseInfo: GPLv3
      allowedAccounts: ['*']
      retain: 'true'
"""


def save(service: Service, *functions: str) -> Service:
    for edit in use_layer(service, functions):
        edit.write()
    return load_service(service.config_file, environ={})


def test_the_definition_is_ready_to_paste(make_service: MakeService) -> None:
    service = make_service(HEAD + BLOCK + TWO)

    assert render_layer(service) == (
        "layers:\n"
        "  pythonRequirements:\n"
        "    name: 'shop-${sls:stage}-python-requirements'\n"
        "    compatibleRuntimes: [python3.12]\n"
        "    package:\n"
        "      artifact: .serverless/pythonRequirements.zip\n"
        "functions:\n"
        "  one:\n"
        "    layers: [{Ref: PythonRequirementsLambdaLayer}]\n"
        "  two:\n"
        "    layers: [{Ref: PythonRequirementsLambdaLayer}]\n"
    )
    assert list(yaml.safe_load(render_layer(service, ["two"]))["functions"]) == ["two"]


def test_every_sub_option_is_in_it(make_service: MakeService) -> None:
    service = make_service(HEAD + DESCRIBED + TWO)

    assert not service.problems
    assert yaml.safe_load(render_layer(service))["layers"]["pythonRequirements"] == {
        "name": "deps-dev",
        "description": "What all need",
        "compatibleRuntimes": ["python3.12", "python3.13"],
        "compatibleArchitectures": ["arm64"],
        "licenseInfo": "GPLv3",
        "allowedAccounts": ["*"],
        "retain": True,
        "package": {"artifact": ".serverless/pythonRequirements.zip"},
    }


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("{retian: true}", "unknown-option"),
        ("{retain: maybe}", "wrong-option-value"),
        ("{compatibleRuntimes: {a: b}}", "wrong-option-value"),
        ("deps", "wrong-option-value"),
        ("[deps]", "wrong-option-value"),
    ],
)
def test_what_a_layer_can_not_be_is_told_with_its_line(
    make_service: MakeService, value: str, code: str
) -> None:
    service = make_service(HEAD + f"custom:\n  pythonRequirements:\n    layer: {value}\n" + TWO)

    [problem] = service.problems
    assert (problem.code, problem.where and problem.where.line) == (code, 7)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            BLOCK + TWO,
            BLOCK + NOTED + ONE + LAYERS + "  two:\n    handler: a.b # c\n" + LAYERS,
            id="each function",
        ),
        pytest.param(
            "custom:\n  pythonRequirements: {}\nfunctions:\n  one:\n    handler: a.b\n"
            "    layers:\n      - arn:aws:lambda:x:1 # theirs\n      - !Ref OtherLambdaLayer\n",
            "custom:\n  pythonRequirements:\n    layer: true\nfunctions:\n  one:\n    handler: a.b\n"
            "    layers:\n      - arn:aws:lambda:x:1 # theirs\n      - !Ref OtherLambdaLayer\n"
            "      - {Ref: PythonRequirementsLambdaLayer}\n",
            id="beside others",
        ),
        pytest.param(
            BLOCK + ONE + LAYERS.replace("{Ref: ", "!Ref ").replace("}", ""),
            None,
            id="there already",
        ),
        pytest.param(
            BLOCK + ONE + OTHERS,
            BLOCK + NOTED + ONE + LAYERS + OTHERS,
            id="not what can't",
        ),
    ],
)  # fmt: skip
def test_functions_come_to_name_it(make_service: MakeService, before: str, after: str | None) -> None:
    service = make_service(HEAD + before)

    saved = save(service)

    assert service.config_file.read_text() == HEAD + (after or before)
    assert saved.options.layer is not None
    assert "PythonRequirementsLambdaLayer" in saved.functions[0].layers
    assert use_layer(saved) == ()


def test_the_providers_layers_take_it_where_functions_have_none_of_their_own(
    make_service: MakeService,
) -> None:
    head = HEAD.replace("  name: aws\n", "  name: aws\n  layers:\n    - arn:aws:lambda:x:1\n")
    service = make_service(head + BLOCK + TWO)

    saved = save(service)

    named = head.replace("x:1\n", "x:1\n    - {Ref: PythonRequirementsLambdaLayer}\n")
    assert service.config_file.read_text() == named + BLOCK + NOTED + TWO
    assert {function.layers for function in saved.functions} == {
        ("arn:aws:lambda:x:1", "PythonRequirementsLambdaLayer")
    }


def test_only_the_functions_named(make_service: MakeService) -> None:
    saved = save(make_service(HEAD + BLOCK + TWO), "two")

    assert [function.layers for function in saved.functions] == [(), ("PythonRequirementsLambdaLayer",)]


def test_a_service_that_is_handed_over_gets_the_definition_too(make_service: MakeService) -> None:
    service = make_service(HEAD + "custom:\n  pythonRequirements: {}\n" + TWO)
    for edit in hand_over(service):
        edit.write()

    handed = service.config_file.read_text()
    saved = save(load_service(service.config_file, environ={}))

    layers = yaml.safe_load(service.config_file.read_text())["layers"]
    assert layers["pythonRequirements"]["package"] == {"artifact": ".pyreq/pythonRequirements.zip"}
    assert saved.enabled
    assert hand_over(saved) == ()
    for edit in leave_layer(saved):
        edit.write()
    assert service.config_file.read_text() == handed


def test_where_nobody_can_use_it_that_is_said(make_service: MakeService) -> None:
    service = make_service(HEAD + "functions:\n  web:\n    image: an/image\n")

    with pytest.raises(PyreqError, match="No function can use the layer"):
        use_layer(service)


PLAIN = "custom:\n  pythonRequirements: {}\n"
REF = "      - {Ref: PythonRequirementsLambdaLayer} # mine\n"
THERE_AND_BACK = {
    "nothing": TWO,
    "a custom": "custom:\n  a: 1 # one\n\n" + TWO,
    "empty block": PLAIN + TWO,
    "options": "custom:\n  pythonRequirements:\n    slim: true # yes\n\n  # end\n" + TWO,
    "off": "custom:\n  pythonRequirements:\n    layer: false # not yet\n    slim: true\n" + TWO,
    "on": BLOCK + TWO,
    "described": DESCRIBED + TWO,
    "budgets": PLAIN + "  pyreq: {budgets: {zipped: 50MB}}\n" + TWO,
    "own layers": PLAIN + ONE + "    layers:\n      - arn:aws:lambda:x:1 # theirs\n" + OTHERS,
    "empty layers": PLAIN + ONE + "    layers: []\n  two:\n    handler: a.b\n",
    "named by one": PLAIN + ONE + "    layers:\n" + REF + "  two:\n    handler: a.b\n",
    "on, and named by one": BLOCK + ONE + "    layers:\n" + REF + "  two:\n    handler: a.b\n",
    "flow": "custom: {pythonRequirements: {slim: true}}\nfunctions: {one: {handler: a.b}}\n",
}


@pytest.mark.parametrize("text", THERE_AND_BACK.values(), ids=THERE_AND_BACK.keys())
@pytest.mark.parametrize("ending", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_there_and_back(make_service: MakeService, text: str, ending: str) -> None:
    before = (HEAD + text).replace("\n", ending)
    service = make_service(before)

    used = save(service)
    assert used.options.layer
    assert all("PythonRequirementsLambdaLayer" in each.layers for each in used.functions if each.packaged)
    assert not used.problems
    for edit in leave_layer(used):
        edit.write()

    assert service.config_file.read_bytes().decode() == before
