"""A folder without serverless.yml: what is asked, and to the byte what would be written."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pyreq_tui.service import load_service
from pyreq_tui.setup import survey
from tests.setup.folders import HANDLER, added, journey, make_folder

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "api.py": HANDLER,
    "report/handler.py": HANDLER,
    "report/requirements.txt": "pandas\n",
    "requirements.txt": "pydantic\n",
    ".python-version": "3.12\n",
    ".venv/pyvenv.cfg": "",
}
WRITTEN = """\
service: my-shop
frameworkVersion: '4'

provider:
  name: aws
  runtime: python3.12

package:
  individually: true
  patterns: ['!.venv/**']

custom:
  pythonRequirements: {}

functions:
  api:
    handler: api.run
  report:
    handler: handler.run
    module: report
"""


def test_everything_recommended(tmp_path: Path) -> None:
    at_start = journey(tmp_path / "my shop", FILES)

    assert [step.key for step in at_start.course.steps] == ["runtime", "functions", "zips", "installer"]
    [edit] = at_start.course.edits()
    assert (edit.before, edit.after) == (None, WRITTEN)
    edit.write()
    service = load_service(tmp_path / "my shop")
    assert service.enabled
    assert not service.problems
    assert journey(tmp_path / "my shop", {}).course.edits() == (), "run again, there is nothing to change"


def test_other_answers(tmp_path: Path) -> None:
    answered = journey(
        tmp_path / "shop",
        FILES,
        {
            "runtime": frozenset({"python3.13"}),
            "functions": frozenset({"report"}),
            "zips": frozenset({"shared"}),
            "installer": frozenset({"uv"}),
        },
    )
    lines = added(answered)
    assert "+  runtime: python3.13" in lines
    assert "+    installer: uv" in lines
    assert lines[-3:] == ["+functions:", "+  report:", "+    handler: report/handler.run"]
    assert not any("individually" in line for line in lines)


def test_a_folder_with_nothing_in_it(tmp_path: Path) -> None:
    empty = journey(tmp_path / "7", {"README": ""})
    assert [step.key for step in empty.course.steps] == ["runtime", "installer"]
    assert "Nothing says what is required" in empty.course.steps[1].found
    [edit] = empty.course.edits()
    assert edit.after is not None
    assert edit.after.startswith("service: service-7\nframeworkVersion: '4'\n")
    assert "functions" not in edit.after


@pytest.mark.parametrize(
    ("version", "framework", "plugins"),
    [('"^3.38.0"', "'3'", True), ('"^4.1.0"', "'4'", False)],
)
def test_the_framework_that_package_json_requires(
    tmp_path: Path, version: str, framework: str, plugins: bool
) -> None:
    package = f'{{"devDependencies": {{"serverless": {version}, "serverless-python-requirements": "^6"}}}}\n'
    found = journey(tmp_path / "shop", {"package.json": package, "main.py": HANDLER})

    edits = {edit.path.name: edit.after for edit in found.course.edits()}

    assert edits["serverless.yml"] is not None
    assert f"frameworkVersion: {framework}\n" in edits["serverless.yml"]
    assert ("plugins: [serverless-python-requirements]" in edits["serverless.yml"]) is plugins
    assert ("package.json" in edits) is not plugins


def test_what_can_not_be_read_is_said_and_passed_over(tmp_path: Path) -> None:
    found = journey(
        tmp_path, {"pyproject.toml": "[project\n", "main.py": HANDLER, "uv.lock": "version = 1\n"}
    )

    runtime, _, installer = found.course.steps
    assert "the newest that Lambda has (pyproject.toml is not valid TOML" in runtime.found
    assert installer.found.startswith("pyproject.toml is not valid TOML")
    assert "passed over" in installer.found
    assert "+custom:" in added(found), "the service can be written all the same"


def test_services_below_are_found(tmp_path: Path) -> None:
    from pyreq_tui.setup import services_below

    make_folder(
        tmp_path, {"b/serverless.yml": "", "a/c/serverless.ts": "", "node_modules/x/serverless.yml": ""}
    )
    assert services_below(tmp_path) == (tmp_path / "b", tmp_path / "a" / "c")
    assert services_below(tmp_path / "nowhere") == ()


def test_a_file_that_is_code_is_not_written_beside(tmp_path: Path) -> None:
    from pyreq_tui.errors import PyreqError

    make_folder(tmp_path, {"serverless.ts": "export default {}", "main.py": HANDLER})
    with pytest.raises(PyreqError, match=r"serverless\.ts is code"):
        survey(tmp_path)
