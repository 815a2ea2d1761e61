"""``estimate``: the Plan's sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.build import compare_with, left_out, read_baseline
from pyreq_tui.cli.breakdown import artifact_data, artifact_text, left_out_data, left_out_text
from pyreq_tui.cli.comparison import comparison_data, comparison_text
from pyreq_tui.cli.messages import finding_lines
from pyreq_tui.cli.output import write_json, write_text
from pyreq_tui.cli.work import planned, working
from pyreq_tui.findings import findings_of

if TYPE_CHECKING:
    from pyreq_tui.cli.arguments import Arguments


def estimate(arguments: Arguments, *, as_json: bool, compare: str | None = None) -> None:
    """Print what a build would write, and how that differs from what ``compare`` names."""
    baseline = read_baseline(compare) if compare else None
    service = arguments.load_active()
    with working(arguments) as (report, cancel):
        plan, materials = planned(arguments, service, report, cancel)
        changes = (
            compare_with(
                baseline,
                plan,
                report=report,
                cancel=cancel,
                offline=arguments.offline,
                functions=arguments.functions,
            )
            if baseline
            else ()
        )
    missing = {each.filename: left_out(plan, materials, each.filename) for each in plan.artifacts}
    if as_json:
        comparison = {"comparison": comparison_data(baseline, changes)} if baseline else {}
        write_json(
            {
                "artifacts": [
                    {
                        **artifact_data(artifact, str(service.output / artifact.filename)),
                        "left_out": [left_out_data(each) for each in missing[artifact.filename]],
                    }
                    for artifact in plan.artifacts
                ],
                "bytes_fetched": plan.bytes_fetched,
                "seconds": round(plan.seconds, 3),
                **comparison,
            }
        )
        return
    lines = [
        line
        for artifact in plan.artifacts
        for line in (*artifact_text(artifact), *left_out_text(missing[artifact.filename]), "")
    ]
    lines += [*comparison_text(baseline, changes), ""] if baseline else []
    lines += [line for finding in findings_of(plan) for line in finding_lines(finding)]
    write_text("\n".join(lines) or "Nothing would be built.")
