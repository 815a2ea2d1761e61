"""``check``: findings, budgets and imports, for people and for CI."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from pyreq_tui.cli.reports import Checked, write_report
from pyreq_tui.cli.work import building, planned, working
from pyreq_tui.findings import (
    budget_findings,
    findings_of,
    findings_on_disk,
    gravest_first,
    import_uses,
    size_uses,
)
from pyreq_tui.service import BudgetRule
from pyreq_tui.sizes import parse_size

if TYPE_CHECKING:
    from pyreq_tui.build import Materials, Plan
    from pyreq_tui.cli.arguments import Arguments
    from pyreq_tui.findings import ImportCheck
    from pyreq_tui.service import BudgetKind, Service


@dataclass(frozen=True)
class Asked:
    """What a check is to do besides looking at the Plan."""

    form: str
    max_unzipped: str | None = None
    max_zipped: str | None = None
    imports: bool = False
    fixes: bool = False
    write: bool = False

    def rules(self, service: Service) -> tuple[BudgetRule, ...]:
        """The service's budgets, those of a kind that is given for this run put aside."""
        given = {
            rule.kind: rule
            for rule in (_rule("unzipped", self.max_unzipped), _rule("zipped", self.max_zipped))
            if rule is not None
        }
        return (*given.values(), *(rule for rule in service.budgets if rule.kind not in given))


def check(arguments: Arguments, asked: Asked) -> None:
    """Print the findings, or the diff that mends them; exit 1 when one is an error."""
    if asked.write and not asked.fixes:
        raise click.UsageError("--write goes with --fix.")
    if asked.fixes and asked.form != "text":
        raise click.UsageError("--fix prints a diff: leave out --format.")
    service = arguments.load_active()
    rules = asked.rules(service)
    plan, materials, tried = _tried(arguments, service) if asked.imports else _planned(arguments, service)
    uses = size_uses(plan, rules)
    findings = [*findings_of(plan, rules), *findings_on_disk(plan, service.output, materials.cache)]
    if tried is not None:
        spent = import_uses(tried.times, rules)
        uses += spent
        findings += [*tried.findings, *budget_findings(spent)]
    checked = Checked(gravest_first(findings), uses, None if tried is None else tried.imports)
    if asked.fixes:
        from pyreq_tui.cli.fixes import show_fixes

        checked = Checked(show_fixes(service, checked.findings, write=asked.write))
    else:
        write_report(checked, asked.form)
    if not checked.ok:
        raise click.exceptions.Exit(1)


def _planned(arguments: Arguments, service: Service) -> tuple[Plan, Materials, ImportCheck | None]:
    with working(arguments) as (report, cancel):
        return *planned(arguments, service, report, cancel), None


def _tried(arguments: Arguments, service: Service) -> tuple[Plan, Materials, ImportCheck | None]:
    """The Plan carried out, where it is not yet, and the handlers imported from what that wrote."""
    from pyreq_tui.build import run
    from pyreq_tui.findings import check_imports

    with building(arguments, service) as (report, cancel):
        plan, materials = planned(arguments, service, report, cancel)
        result = run(plan, materials, report=report, cancel=cancel, offline=arguments.offline)
        names = arguments.functions
        return (
            result.plan,
            materials,
            check_imports(
                result, materials, report=report, cancel=cancel, names=names, offline=arguments.offline
            ),
        )


def _rule(kind: BudgetKind, text: str | None) -> BudgetRule | None:
    try:
        return None if text is None else BudgetRule(kind, parse_size(text))
    except ValueError as error:
        raise click.UsageError(f"--max-{kind}: {error}") from error
