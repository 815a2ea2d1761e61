"""What a Plan tells before deploying it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.findings.budgets import budget_findings, size_uses
from pyreq_tui.findings.configuration import configuration_findings
from pyreq_tui.findings.handlers import handler_findings
from pyreq_tui.findings.limits import limit_findings
from pyreq_tui.findings.omissions import omission_findings
from pyreq_tui.findings.pinning import pinning_findings
from pyreq_tui.findings.platforms import platform_findings
from pyreq_tui.findings.runtimes import runtime_findings
from pyreq_tui.findings.secrets import secret_findings
from pyreq_tui.findings.unpacking import unpacking_findings
from pyreq_tui.findings.unshipped import unshipped_findings
from pyreq_tui.findings.unused import unused_findings

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pyreq_tui.build import Plan
    from pyreq_tui.errors import Finding
    from pyreq_tui.service import BudgetRule

_ORDER = {"error": 0, "warning": 1, "info": 2}


def findings_of(plan: Plan, rules: Sequence[BudgetRule] | None = None) -> tuple[Finding, ...]:
    """Everything a Plan alone tells before deploying it, the gravest first. Takes milliseconds.

    ``rules`` stand for the service's own budgets.
    """
    uses = size_uses(plan, plan.service.budgets if rules is None else rules)
    return gravest_first(
        [
            *plan.problems,
            *limit_findings(plan),
            *budget_findings(uses),
            *platform_findings(plan),
            *handler_findings(plan),
            *unshipped_findings(plan),
            *unpacking_findings(plan),
            *secret_findings(plan),
            *configuration_findings(plan),
            *runtime_findings(plan),
            *omission_findings(plan),
            *pinning_findings(plan),
            *unused_findings(plan),
        ]
    )


def gravest_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """``findings``, errors before warnings before infos, and otherwise in their order."""
    return tuple(sorted(findings, key=lambda finding: _ORDER[finding.severity]))
