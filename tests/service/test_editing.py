"""Golden texts: what an edit makes of every way the block can be written."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import OptionChange, PyreqError
from pyreq_tui.service import edit_options, load_service, render_block
from tests.service.conftest import HEAD

if TYPE_CHECKING:
    from tests.service.conftest import MakeService


def put(key: str, value: object) -> OptionChange:
    return OptionChange(key, value)


def unset(key: str) -> OptionChange:
    return OptionChange(key, is_unset=True)


SLIM = put("slim", value=True)

EDITS = Path(__file__).with_name("edits.txt").read_text("utf-8")
"""Cases: a name, the changes, what stands below the head before and after."""


def cases() -> list[object]:
    found: list[object] = []
    for case in re.split(r"^=== ", EDITS, flags=re.MULTILINE)[1:]:
        head, before, after = re.split(r"^--- (?:before|after)\n", case, flags=re.MULTILINE)
        name, *lines = head.splitlines()
        found.append(pytest.param([change(line) for line in lines], before, after, id=name))
    return found


def change(line: str) -> OptionChange:
    if line.startswith("unset "):
        return unset(line.removeprefix("unset "))
    key, _, value = line.removeprefix("set ").partition(": ")
    return put(key, json.loads(value))


@pytest.mark.parametrize(("changes", "text", "after"), cases())
@pytest.mark.parametrize("ending", ["lf", "crlf", "bare", "bom"])
def test_edits(
    make_service: MakeService, changes: list[OptionChange], text: str, after: str, ending: str
) -> None:
    def finished(body: str) -> str:
        whole = HEAD + body
        if ending == "crlf":
            return whole.replace("\n", "\r\n")
        if ending == "bare":
            return whole.removesuffix("\n")
        return f"\ufeff{whole}" if ending == "bom" else whole

    service = make_service(finished(text))
    edit = edit_options(service, changes)
    assert edit.before == finished(text)
    assert edit.after == finished(after)
    assert edit.changed is (text != after)
    edit.write()
    options = load_service(service.config_file, environ={}).options
    for change in changes:
        if change.is_unset:
            continue
        assert options.value(change.key) == change.value


def test_edits_the_included_file(make_service: MakeService) -> None:
    files = {"python.yml": "# ours\npython:\n  zip: true\n"}
    service = make_service(HEAD + "custom:\n  pythonRequirements: ${file(python.yml):python}\n", files=files)
    edit = edit_options(service, [SLIM])
    assert edit.path.name == "python.yml"
    assert edit.after == "# ours\npython:\n  zip: true\n  slim: true\n"
    assert "+++ b/python.yml" in edit.diff()


@pytest.mark.parametrize(
    ("included", "after"),
    [
        ("a: 1\n", "a: 1\npythonRequirements:\n  slim: true\n"),
        ("pythonRequirements:\n    zip: true", "pythonRequirements:\n    zip: true\n    slim: true"),
        ("a: 1\npythonRequirements: {}\n", "a: 1\npythonRequirements:\n  slim: true\n"),
        ("{}\n", "{pythonRequirements: {slim: true}}\n"),
    ],
)
def test_edits_an_included_custom(make_service: MakeService, included: str, after: str) -> None:
    service = make_service(HEAD + "custom: ${file(conf/custom.yml)}\n", files={"conf/custom.yml": included})
    edit = edit_options(service, [SLIM])
    assert edit.after == after
    assert "--- a/conf/custom.yml" in edit.diff()


def test_edits_a_file_that_is_the_block(make_service: MakeService) -> None:
    service = make_service(
        HEAD + "custom:\n  pythonRequirements: ${file(p.yml)}\n", files={"p.yml": "slim: true\n"}
    )
    assert edit_options(service, [unset("slim")]).after == "{}\n"
    assert edit_options(service, [put("zip", value=True)]).after == "slim: true\nzip: true\n"


JSON = """{
  "service": "shop",
  "provider": {"name": "aws", "runtime": "python3.12"},
  "custom": {
    "pythonRequirements": {
      "fileName": "a.txt",
      "noDeploy": ["boto3"]
    }
  }
}
"""


def test_edits_json(make_service: MakeService) -> None:
    service = make_service(JSON, name="serverless.json")
    changes = [SLIM, put("noDeploy", ["boto3", "six"]), put("fileName", "b.txt"), put("layer", {"name": "é"})]
    assert edit_options(service, changes).after == JSON.replace("a.txt", "b.txt").replace(
        '"noDeploy": ["boto3"]\n',
        '"noDeploy": ["boto3", "six"],\n      "slim": true,\n      "layer": {"name": "é"}\n',
    )
    assert edit_options(service, [unset("noDeploy")]).after == JSON.replace(
        ',\n      "noDeploy": ["boto3"]', ""
    )
    assert (
        edit_options(service, [unset("noDeploy"), unset("fileName")]).after.count('"pythonRequirements": {}')
        == 1
    )


def test_adds_custom_to_json(make_service: MakeService) -> None:
    service = make_service('{"service": "a", "provider": "aws"}', name="serverless.json")
    assert edit_options(service, [SLIM]).after == (
        '{"service": "a", "provider": "aws", "custom": {"pythonRequirements": {"slim": true}}}'
    )


@pytest.mark.parametrize(
    ("text", "changes", "message"),
    [
        ("x: &p {zip: true}\ny: *p\ncustom:\n  pythonRequirements: *p\n", [SLIM], "used more than once"),
        ("x: &p {pythonRequirements: {}}\ny: *p\ncustom:\n  <<: *p\n", [SLIM], "used more than once"),
        ("custom:\n  pythonRequirements: &p {zip: true}\ny: *p\n", [SLIM], "used more than once"),
        (
            "custom:\n  pythonRequirements:\n    noDeploy: &n\n      - a\ny: *n\n",
            [put("noDeploy", ["a", "b"])],
            "used more than once",
        ),
        ("x: &x\n  custom: &c {pythonRequirements: {}}\ny: *x\ncustom: *c\n", [SLIM], "used more than once"),
        (
            "custom:\n  pythonRequirements:\n    noDeploy: [&n a]\ny: *n\n",
            [unset("noDeploy")],
            "without changing",
        ),
        ("custom:\n  pythonRequirements: ${ssm:/a}\n", [SLIM], "can't be followed"),
        ("custom: ${file(code.js)}\n", [SLIM], "can't be followed"),
        ("custom: [a]\n", [SLIM], "not a map"),
        ("custom:\n  pythonRequirements: text\n", [SLIM], "not a map"),
        (
            "custom:\n  pythonRequirements:\n    slim: &s true\n  other: *s\n",
            [unset("slim")],
            "used more than once",
        ),
        (
            "custom:\n  pythonRequirements:\n    slim: &s true\n  other: *s\n",
            [put("slim", value=False)],
            "used more than once",
        ),
        ("a: &a {slim: true}\ncustom:\n  pythonRequirements:\n    <<: *a\n", [unset("slim")], "merged into"),
        ("", [put("slimm", value=True)], "no option 'slimm'"),
        ("", [put("slim", "perhaps")], "true or false"),
        (
            "custom:\n  list: [{a: 1}]\n  pythonRequirements: ${self:custom.list.0}\n",
            [SLIM],
            "edit them safely",
        ),
    ],
)
def test_refuses_what_is_not_safe(
    make_service: MakeService, text: str, changes: list[OptionChange], message: str
) -> None:
    service = make_service(HEAD + text)
    with pytest.raises(PyreqError, match=message):
        edit_options(service, changes)


def test_edits_what_is_on_disk_now(make_service: MakeService) -> None:
    service = make_service(HEAD)
    service.config_file.write_text(HEAD + "custom:\n  mine: 1\n", "utf-8")
    assert edit_options(service, [SLIM]).after.endswith(
        "custom:\n  mine: 1\n  pythonRequirements:\n    slim: true\n"
    )


def test_renders_the_block(make_service: MakeService) -> None:
    text = "custom:\n  pythonRequirements:\n    # c\n    slim: ${env:SLIM}\n    noDeploy:\n      - a\n"
    service = make_service(HEAD + text)
    assert render_block(service, [put("layer", {"name": "x"})]) == (
        "custom:\n  pythonRequirements:\n    slim: ${env:SLIM}\n    noDeploy: [a]\n"
        "    layer:\n      name: x\n"
    )
    assert render_block(make_service(HEAD), []) == "custom:\n  pythonRequirements: {}\n"
