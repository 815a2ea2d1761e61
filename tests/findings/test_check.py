"""What people are told before they deploy, over Plans of made-up sizes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.build import plan
from pyreq_tui.bundle import SERVICE_CODE, Bundle, Entry, LiteralBytes
from pyreq_tui.findings import findings_of
from pyreq_tui.service import BudgetRule
from pyreq_tui.sizes import format_change, format_size, parse_size
from tests.planning import synthetic
from tests.projects import SERVERLESS, make_project

if TYPE_CHECKING:
    from pathlib import Path

    from pyreq_tui.build import Plan
    from pyreq_tui.errors import Finding


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in findings]


def large(folder: Path, files: int) -> Plan:
    """A Plan of many files, its handler among them."""
    service, materials = synthetic(folder, files=files)
    handler = Entry(
        "handler.py", 30, 30, SERVICE_CODE, LiteralBytes(b"def main(event, context): pass"), method=0
    )
    return plan(service, replace(materials, code={"shop.zip": Bundle((handler,))}))


def test_over_the_limit_is_an_error_that_names_the_culprit_and_a_fix(tmp_path: Path) -> None:
    [first, *_] = findings_of(large(tmp_path, 8_000))

    assert first.code == "over-unzipped-limit"
    assert first.severity == "error"
    assert first.package is not None
    assert first.package in first.message
    assert [change.key for change in first.fix] == ["slim"]


def test_under_the_limit_there_is_nothing_to_say(tmp_path: Path) -> None:
    assert findings_of(large(tmp_path, 1_000)) == ()


def test_over_a_direct_upload_is_only_a_warning(tmp_path: Path) -> None:
    [finding] = findings_of(large(tmp_path, 4_000))

    assert (finding.severity, finding.code) == ("warning", "over-direct-upload")


@pytest.mark.parametrize(("spare_bytes", "expected"), [(0, []), (-1, ["over-zipped-budget"])])
def test_a_budget_is_exceeded_by_one_byte_and_not_by_none(
    tmp_path: Path, spare_bytes: int, expected: list[str]
) -> None:
    planned = large(tmp_path, 1_000)

    rule = BudgetRule("zipped", planned.artifacts[0].zipped_bytes + spare_bytes)

    assert codes(findings_of(planned, [rule])) == expected


def test_a_layer_counts_against_the_functions_that_name_it(tmp_path: Path) -> None:
    layered = SERVERLESS.replace(
        "handler: handler.main", "handler: handler.main\n    layers: [{Ref: PythonRequirementsLambdaLayer}]"
    )
    project = make_project(tmp_path, layered)
    apart = project.plan(layer=True)

    function, layer = apart.artifacts

    assert function.layer_bytes == layer.unzipped_bytes
    assert layer.layer_bytes == 0


def test_a_deprecated_runtime_is_told_with_its_date(tmp_path: Path) -> None:
    project = make_project(tmp_path, SERVERLESS.replace("3.12", "3.8"))

    assert "deprecated-runtime" in codes(findings_of(project.plan()))


def test_omitting_what_would_not_ship_is_said(tmp_path: Path) -> None:
    project = make_project(tmp_path)

    assert "no-deploy-absent" in codes(findings_of(project.plan(noDeploy=["pytest"])))
    assert "no-deploy-absent" not in codes(findings_of(project.plan(noDeploy=["ALPHA"])))


def test_no_requirements_at_all_is_said(tmp_path: Path) -> None:
    project = make_project(tmp_path, requirements=None)

    project.write({"handler.py": "def main(event, context): ...\n"})

    assert codes(findings_of(project.plan())) == ["no-requirements"]
    assert findings_of(project.plan())[0].severity == "info"
    assert findings_of(project.plan(fileName="absent.txt"))[0].severity == "warning", "it was named"


def test_requirements_that_all_fall_to_their_markers_are_said_with_their_count(tmp_path: Path) -> None:
    project = make_project(tmp_path, requirements=["alpha; sys_platform == 'win32'"])

    [finding] = [found for found in findings_of(project.plan()) if found.severity == "warning"]

    assert finding.code == "zero-requirements"
    assert "1 dropped" in finding.message


@pytest.mark.parametrize(
    ("requirements", "options", "said"),
    [
        (
            ["beta", "alpha; sys_platform == 'win32'"],
            {"noDeploy": ["Beta"]},
            "1 dropped by their markers, 1 omitted",
        ),
        (["# nothing"], {}, "requirements.txt asks for no package"),
    ],
)
def test_that_nothing_ships_is_said_with_its_reasons(
    requirements: list[str], options: dict[str, object], said: str, tmp_path: Path
) -> None:
    findings = findings_of(make_project(tmp_path, requirements=requirements).plan(**options))

    [finding] = [found for found in findings if found.code == "zero-requirements"]

    assert said in finding.message


def test_sizes_are_written_as_aws_counts_them() -> None:
    assert format_size(262_144_000) == "250.0 MB"
    assert format_size(512) == "512 B"
    assert format_size(1) == "1 B"
    assert [format_size(kilobytes * 1024) for kilobytes in (999, 1016)] == ["999.0 KB", "1.0 MB"]
    assert format_change(-25_270_682) == "−24.1 MB"
    assert format_change(0) == "±0"
    assert parse_size("200MB") == parse_size("200 MiB") == 200 * 2**20
    assert parse_size("262144000") == 262_144_000
    with pytest.raises(ValueError, match="much"):
        parse_size("much")


def test_a_zip_without_files_is_an_error_and_one_with_a_single_file_is_not(tmp_path: Path) -> None:
    nothing = "custom: {pythonRequirements: {}}\npackage: {patterns: ['!**']}"
    emptied = SERVERLESS.replace("custom:\n  pythonRequirements: {}", nothing)
    project = make_project(tmp_path, emptied, requirements=None)
    assert "empty-artifact" in codes(findings_of(project.plan()))

    project.write({"serverless.yml": emptied.replace("['!**']", "['!**', 'handler.py']")})
    assert "empty-artifact" not in codes(findings_of(project.plan()))
