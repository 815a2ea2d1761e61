"""``check``: findings and budgets, for people and for CI."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from pyreq_tui.cli.fixes import fix_data, show_fixes
from pyreq_tui.cli.messages import finding_lines
from pyreq_tui.cli.output import write_json, write_text
from pyreq_tui.cli.scan import problem_data
from pyreq_tui.cli.work import planned, working
from pyreq_tui.findings import Budgets, findings_of, findings_on_disk, gravest_first
from pyreq_tui.sizes import parse_size

if TYPE_CHECKING:
    from pyreq_tui.cli.arguments import Arguments
    from pyreq_tui.errors import Finding


def check(
    arguments: Arguments,
    *,
    as_json: bool,
    max_unzipped: str | None,
    max_zipped: str | None,
    fixes: bool,
    write: bool,
) -> None:
    """Print the findings, or the diff that mends them; exit 1 when one is an error."""
    if write and not fixes:
        raise click.UsageError("--write goes with --fix.")
    if fixes and as_json:
        raise click.UsageError("--fix prints a diff: leave out --json.")
    budgets = Budgets(_budget(max_unzipped, "--max-unzipped"), _budget(max_zipped, "--max-zipped"))
    service = arguments.load_active()
    with working(arguments) as (report, cancel):
        plan, materials = planned(arguments, service, report, cancel)
    on_disk = findings_on_disk(plan, service.output, materials.cache)
    findings = gravest_first([*findings_of(plan, budgets), *on_disk])
    if fixes:
        findings = show_fixes(service, findings, write=write)
    ok = not any(finding.severity == "error" for finding in findings)
    if as_json:
        write_json({"findings": [_finding_data(finding) for finding in findings], "ok": ok})
    elif not fixes:
        lines = [line for finding in findings for line in finding_lines(finding)]
        write_text("\n".join([*lines, "ok: ready to deploy" if ok else "failed"]))
    if not ok:
        raise click.exceptions.Exit(1)


def _budget(text: str | None, option: str) -> int | None:
    try:
        return None if text is None else parse_size(text)
    except ValueError as error:
        raise click.UsageError(f"{option}: {error}") from error


def _finding_data(finding: Finding) -> dict[str, object]:
    return {
        **problem_data(finding),
        "package": finding.package,
        "fix": fix_data(finding.fix),
    }
