"""Budgets are read from both files that may state them, and what is wrong with them is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pyreq_tui.findings import fix
from pyreq_tui.service import load_service
from tests.service.conftest import HEAD

if TYPE_CHECKING:
    from pyreq_tui.service import Service
    from tests.service.conftest import MakeService

FUNCTIONS = "functions: {report: {handler: a.b}, api: {handler: a.c}}\n"
PROJECT = """
[tool.pyreq-tui.budgets]
unzipped = "100MB"
zipped = 1_000
[tool.pyreq-tui.budgets.functions.report]
unzipped = "240MB"
"""


def limits(service: Service) -> dict[str, tuple[float, str]]:
    return {rule.name: (rule.limit, rule.where.file.name if rule.where else "") for rule in service.budgets}


def test_both_files_state_budgets_and_serverless_yml_wins(make_service: MakeService) -> None:
    own = "custom: {pyreq: {budgets: {unzipped: 200MB, import: 800ms, functions: {api: {import: 1.5}}}}}\n"

    service = make_service(HEAD + FUNCTIONS + own, files={"pyproject.toml": PROJECT})

    assert limits(service) == {
        "unzipped": (200 * 2**20, "serverless.yml"),
        "zipped": (1_000, "pyproject.toml"),
        "functions.report.unzipped": (240 * 2**20, "pyproject.toml"),
        "import": (0.8, "serverless.yml"),
        "functions.api.import": (1.5, "serverless.yml"),
    }
    assert service.problems == ()


@pytest.mark.parametrize(
    ("written", "code", "message", "mended"),
    [
        ("budgets: {unziped: 200MB}", "unknown-budget", "no budget 'unziped'", "budgets: {unzipped: 200MB}"),
        (
            "budgets: {functions: {reprot: {zipped: 1}}}",
            "unknown-budget",
            "no function 'reprot'",
            "{report: {zipped: 1}}",
        ),
        (
            "budgets: {functions: {api: {size: 1}}}",
            "unknown-budget",
            "'size' for custom.pyreq.budgets.functions.api",
            None,
        ),
        ("budgets: {zipped: much}", "wrong-budget", "'much' is not a size", None),
        ("budgets: {zipped: true}", "wrong-budget", "must be a size, not true", None),
        ("budgets: {zipped: -1}", "wrong-budget", "must be a size, not '-1'", None),
        ("budgets: {import: soon}", "wrong-budget", "'soon' is not a time", None),
        ("budgets: [1]", "wrong-budget", "must be a map, not a list", None),
        ("budgets: {zipped: '${ssm:/size}'}", "wrong-budget", "can't be known here", None),
        ("budgts: {zipped: 1}", "unknown-setting", "no setting 'budgts'", "{budgets: {zipped: 1}}"),
    ],
)
def test_what_is_wrong_is_told_and_mended_where_it_is_a_slip(
    make_service: MakeService, written: str, code: str, message: str, mended: str | None
) -> None:
    service = make_service(HEAD + FUNCTIONS + f"custom: {{pyreq: {{{written}}}}}\n")

    assert service.budgets == ()
    [problem] = service.problems
    assert (problem.severity, problem.code) == ("warning", code)
    assert message in problem.message
    assert problem.where is not None
    assert problem.where.line == HEAD.count("\n") + 2
    assert bool(problem.fix) is (mended is not None)
    if mended is not None:
        [edit] = fix(service, [problem]).edits
        assert mended in edit.after
        edit.write()
        assert len(load_service(service.config_file, environ={}).budgets) == 1


@pytest.mark.parametrize(
    "project", ["[tool]\npyreq-tui = 1\n", "[tool.pyreq-tui]\n", "not toml", "[project]\nname = 'a'\n"]
)
def test_a_project_without_budgets_says_nothing(make_service: MakeService, project: str) -> None:
    service = make_service(HEAD + FUNCTIONS, files={"pyproject.toml": project})
    assert (service.budgets, service.problems) == ((), ())


def test_what_is_wrong_in_pyproject_is_told_there(make_service: MakeService) -> None:
    service = make_service(
        HEAD + FUNCTIONS, files={"pyproject.toml": "[tool.pyreq-tui.budgets]\nziped = '1MB'\n"}
    )
    [problem] = service.problems
    assert problem.where is not None
    assert (problem.code, problem.where.file.name, problem.fix) == ("unknown-budget", "pyproject.toml", ())
