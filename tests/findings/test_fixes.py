"""Fixes are edits of files: they combine, say where they contradict each other, and touch nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import (
    Change,
    FileChange,
    Finding,
    ItemChange,
    KeyChange,
    OptionChange,
    PyreqError,
    ValueChange,
)
from pyreq_tui.findings import change_text, fix
from pyreq_tui.service import load_service, with_unpacking, write_all

if TYPE_CHECKING:
    from pathlib import Path

    from pyreq_tui.findings import Fixes

SERVERLESS = """\
service: shop # ours
provider: {name: aws, runtime: python3.9}
plugins:
  - serverless-python-requirements # theirs
  - serverless-offline # for the desk
package:
  individualy: true # please
custom:
  pythonRequirements:
    zip: true
functions:
  main: {handler: handler.main}
"""


def offer(code: str, *changes: Change) -> Finding:
    return Finding("warning", code, code, fix=changes)


def fixes(folder: Path, *findings: Finding) -> Fixes:
    (folder / "serverless.yml").write_text(SERVERLESS)
    return fix(load_service(folder), findings)


@pytest.mark.parametrize(
    ("change", "before", "after", "said"),
    [
        (OptionChange("zip", is_unset=True), "\n    zip: true", " {}", "take zip out"),
        (OptionChange("slim", True), "    zip: true\n", "    zip: true\n    slim: true\n", "set slim: true"),
        (
            ValueChange(("provider", "runtime"), "python3.13"),
            "python3.9",
            "python3.13",
            "set provider.runtime: python3.13",
        ),
        (
            ItemChange(("plugins",), "serverless-python-requirements", is_removed=True),
            "  - serverless-python-requirements # theirs\n",
            "",
            "take serverless-python-requirements out of plugins",
        ),
        (
            ItemChange(("package", "patterns"), "!.env"),
            "please\n",
            "please\n  patterns: ['!.env']\n",
            "add !.env to package.patterns",
        ),
        (
            KeyChange(("package", "individualy"), "individually"),
            "individualy",
            "individually",
            "write individually for package.individualy",
        ),
    ],
)
def test_each_kind_of_change_touches_its_own_place(
    tmp_path: Path, change: Change, before: str, after: str, said: str
) -> None:
    offered = offer("one", change)
    made = fixes(tmp_path, offered)

    assert [edit.after for edit in made.edits] == [SERVERLESS.replace(before, after)]
    assert (made.made, made.left) == ((offered,), ())
    assert change_text(change) == said


def test_the_last_plugin_goes_with_its_key(tmp_path: Path) -> None:
    names = ("serverless-python-requirements", "serverless-offline")
    made = fixes(tmp_path, offer("one", *(ItemChange(("plugins",), name, is_removed=True) for name in names)))

    write_all(made.edits)

    assert "plugins" not in (tmp_path / "serverless.yml").read_text()


def test_fixes_of_several_findings_become_one_edit_of_each_file(tmp_path: Path) -> None:
    handler = tmp_path / "handler.py"
    handler.write_text("import numpy\n")
    handler.chmod(0o755)
    made = fixes(
        tmp_path,
        offer("one", FileChange(handler, "put the import", with_unpacking)),
        offer("two", OptionChange("slim", True)),
        offer("three", ValueChange(("provider", "runtime"), "python3.13"), OptionChange("slim", True)),
        offer("four", FileChange(handler, "put the import", with_unpacking)),
        Finding("info", "none", "Nothing to be done."),
    )

    assert [edit.path.name for edit in made.edits] == ["serverless.yml", "handler.py"]
    assert not made.left
    assert "+++ b/handler.py" in made.edits[1].diff()
    write_all(made.edits)
    assert handler.read_text().count("import unzip_requirements") == 1
    assert handler.stat().st_mode & 0o777 == 0o755
    service = load_service(tmp_path)
    assert (service.runtime, service.options.slim) == ("python3.13", True)


def test_of_two_that_contradict_each_other_the_first_is_made_and_the_other_named(tmp_path: Path) -> None:
    made = fixes(
        tmp_path,
        offer("first", OptionChange("slim", True)),
        offer("second", OptionChange("slim", False), OptionChange("zip", is_unset=True)),
        offer("third", ValueChange(("custom", "pythonRequirements"), is_unset=True)),
    )

    assert [finding.code for finding in made.made] == ["first"]
    assert [(finding.code, "contradicts the fix of first" in reason) for finding, reason in made.left] == [
        ("second", True),
        ("third", True),
    ]
    assert "zip: true" in made.edits[0].after


def test_a_fix_that_cant_be_written_does_not_keep_others_from_it(tmp_path: Path) -> None:
    broken = tmp_path / "handler.py"
    broken.write_text("print 'two'\n")
    made = fixes(
        tmp_path,
        offer("broken", FileChange(broken, "put the import", with_unpacking)),
        offer("well", OptionChange("slim", True)),
        offer("mapped", ItemChange(("provider",), "x")),
        offer("taken", KeyChange(("plugins",), "functions")),
        offer("renamed", KeyChange(("package", "individualy"), "individually")),
    )

    assert [finding.code for finding in made.made] == ["well", "renamed"]
    assert [finding.code for finding, _ in made.left] == ["broken", "mapped", "taken"]


def test_nothing_is_written_where_one_of_the_files_changed_meanwhile(tmp_path: Path) -> None:
    handler = tmp_path / "handler.py"
    handler.write_text("import numpy\n")
    made = fixes(
        tmp_path,
        offer("one", OptionChange("slim", True)),
        offer("two", FileChange(handler, "put the import", with_unpacking)),
    )
    handler.write_text("import pandas\n")

    with pytest.raises(PyreqError, match=r"handler\.py changed on disk"):
        write_all(made.edits)

    assert (tmp_path / "serverless.yml").read_text() == SERVERLESS
    assert handler.read_text() == "import pandas\n"


def test_what_only_this_run_says_is_not_mended_in_the_file(tmp_path: Path) -> None:
    made = fixes(tmp_path, offer("said", OptionChange("zip", True)), offer("new", OptionChange("slim", True)))

    assert [finding.code for finding in made.made] == ["new"]
    assert [(finding.code, "say so already" in reason) for finding, reason in made.left] == [("said", True)]
