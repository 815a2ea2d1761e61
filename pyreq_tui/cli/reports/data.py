"""A report for scripts: the JSON that the command line's contract promises for ``check``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.cli.fixes import fix_data
from pyreq_tui.cli.scan import problem_data

if TYPE_CHECKING:
    from pyreq_tui.cli.reports.checked import Checked
    from pyreq_tui.errors import Finding
    from pyreq_tui.findings import BudgetUse, HandlerImport


def as_data(checked: Checked) -> dict[str, object]:
    """Sizes in bytes, times in seconds; ``imports`` is null where they were not asked for."""
    return {
        "findings": [_finding(finding) for finding in checked.findings],
        "budgets": [_budget(use) for use in checked.budgets],
        "imports": None if checked.imports is None else [_import(done) for done in checked.imports],
        "ok": checked.ok,
    }


def _finding(finding: Finding) -> dict[str, object]:
    return {**problem_data(finding), "package": finding.package, "fix": fix_data(finding.fix)}


def _budget(use: BudgetUse) -> dict[str, object]:
    return {
        "subject": use.subject,
        "kind": use.rule.kind,
        "value": use.value,
        "limit": use.rule.limit,
        "over": use.is_over,
        "function": use.rule.function,
    }


def _import(done: HandlerImport) -> dict[str, object]:
    imported = done.imported
    return {
        "function": done.function,
        "handler": done.handler,
        "artifact": done.artifact,
        "ok": imported.failure is None and not imported.missing,
        "seconds": round(imported.seconds, 4),
        "packages": [{"name": each.package, "seconds": round(each.seconds, 4)} for each in imported.packages],
        "stood_in": list(imported.stood_in),
        "network": "closed" if imported.is_network_closed else "guarded",
    }
