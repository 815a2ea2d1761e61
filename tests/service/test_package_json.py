"""One package out of package.json, and not a blank more."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import PyreqError
from pyreq_tui.service import required_packages, without_package

if TYPE_CHECKING:
    from pathlib import Path

PLUGIN = "serverless-python-requirements"
INDENTED = (
    '{\n\t"scripts": {"a": "echo ${X} \\"q\\""},\n\t"devDependencies": {\n\t\t"serverless": "^4"\n\t}\n}\n'
)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (INDENTED.replace('4"', f'4",\n\t\t"{PLUGIN}": "^6.1.0"'), INDENTED),
        (f'{{"dependencies": {{"{PLUGIN}": "1", "b": "2"}}}}', '{"dependencies": {"b": "2"}}'),
        (f'\ufeff{{"devDependencies":{{"{PLUGIN}":"1"}}}}\r\n', '\ufeff{"devDependencies":{}}\r\n'),
        (f'{{"name": "{PLUGIN}", "dependencies": null}}', f'{{"name": "{PLUGIN}", "dependencies": null}}'),
    ],
    ids=["last", "first", "only", "not required"],
)
def test_nothing_but_the_package_leaves(before: str, after: str) -> None:
    assert without_package(before, PLUGIN) == after


def test_both_groups_lose_it() -> None:
    text = json.dumps({"dependencies": {PLUGIN: "1"}, "devDependencies": {"a": "1", PLUGIN: "1"}}, indent=4)
    assert json.loads(without_package(text, PLUGIN)) == {"dependencies": {}, "devDependencies": {"a": "1"}}


def test_a_file_that_says_it_twice_is_left_to_its_owner() -> None:
    with pytest.raises(PyreqError):
        without_package(f'{{"dependencies": {{"{PLUGIN}": "1", "{PLUGIN}": "2"}}}}', PLUGIN)


def test_what_is_required(tmp_path: Path) -> None:
    file = tmp_path / "package.json"
    assert required_packages(file) == {}
    file.write_text('{"dependencies": {"a": "1"}, "devDependencies": {"serverless": "^3.40", "b": {}}}')
    assert required_packages(file) == {"a": "1", "serverless": "^3.40"}
    file.write_text("[1,")
    assert required_packages(file) == {}
