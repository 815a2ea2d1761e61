"""Each rule says value and limit; the nearer rule counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.findings import budget_findings, findings_of, import_uses, size_uses
from pyreq_tui.findings.budgets import ImportTime
from pyreq_tui.service import BudgetRule
from tests.projects import SERVERLESS, make_project

if TYPE_CHECKING:
    from pathlib import Path

INDIVIDUALLY = SERVERLESS + "  other:\n    handler: handler.main\npackage: {individually: true}\n"
BUDGETS = "{}\n  pyreq: {budgets: {unzipped: 1MB, functions: {other: {unzipped: 1KB}}}}"


def test_a_functions_budget_stands_for_the_services(tmp_path: Path) -> None:
    planned = make_project(tmp_path, INDIVIDUALLY.replace("{}", BUDGETS)).plan()

    uses = {use.subject: use for use in size_uses(planned, planned.service.budgets)}
    [finding] = [each for each in findings_of(planned) if each.code == "over-unzipped-budget"]

    assert {name: (use.rule.name, use.is_over) for name, use in uses.items()} == {
        "main.zip": ("unzipped", False),
        "other.zip": ("functions.other.unzipped", True),
    }
    assert " of 1.0 MB" in str(uses["main.zip"])
    assert finding.message.startswith("other.zip unzipped: ")
    assert " of 1.0 KB (budget of other), " in finding.message
    assert finding.where is not None
    assert finding.where.line == 7
    assert finding.hint == ("Bring it down, or raise functions.other.unzipped in serverless.yml.")


def test_in_a_shared_artifact_both_count(tmp_path: Path) -> None:
    shared = SERVERLESS + "  other:\n    handler: handler.main\n"
    planned = make_project(tmp_path, shared.replace("{}", BUDGETS)).plan()
    uses = size_uses(planned, planned.service.budgets)
    assert [(use.subject, use.rule.function) for use in uses] == [("shop.zip", "other"), ("shop.zip", None)]


def test_imports_have_budgets_of_time() -> None:
    rules = [BudgetRule("import", 0.5), BudgetRule("import", 2.0, "slow"), BudgetRule("zipped", 1)]
    times = {
        "fast": ImportTime(0.5, "json"),
        "slow": ImportTime(2.5, "pandas"),
        "late": ImportTime(0.6, None),
    }

    told = list(budget_findings(import_uses(times, rules)))

    assert [(each.code, each.message, each.package) for each in told] == [
        ("over-import-budget", "slow import: 2.50 s of 2.00 s, 0.50 s over.", "pandas"),
        ("over-import-budget", "late import: 0.60 s of 0.50 s, 0.10 s over.", None),
    ]
