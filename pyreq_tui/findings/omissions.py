"""Is everything there that what ships needs? Packages that noDeploy leaves out, and others still require."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from pyreq_tui.aws import facts
from pyreq_tui.errors import Finding, OptionChange, Where
from pyreq_tui.findings.shipping import shipments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyreq_tui.build import Plan


def omission_findings(plan: Plan) -> Iterator[Finding]:
    """Omitted packages that a package which ships requires, and that neither runtime nor layer brings.

    Silent for functions with layers built elsewhere: what is omitted may well be in those.
    """
    options = plan.service.options
    brought = facts().runtime_packages if plan.service.provider == "aws" else frozenset()
    omitted = {canonicalize_name(name) for name in options.no_deploy} - brought
    if not omitted:
        return
    needed: dict[str, set[str]] = {}
    for shipment in shipments(plan):
        function = shipment.function
        graph = plan.graphs.get(function.module)
        if graph is None or shipment.has_foreign_layers:
            continue
        shipped = {
            package.name
            for artifact in plan.artifacts
            if function.name in artifact.functions
            for package in artifact.packages
        }
        for name in omitted - shipped:
            if parents := shipped.intersection(graph.required_by(name)):
                needed.setdefault(name, set()).update(parents)
    for absent, parents in sorted(needed.items()):
        kept = [written for written in options.no_deploy if canonicalize_name(written) != absent]
        yield Finding(
            "warning",
            "omitted-still-needed",
            f"noDeploy leaves {absent} out, and {', '.join(sorted(parents))} still require{_s(parents)} it.",
            where=options.where("noDeploy") or Where(plan.service.config_file),
            hint=f"Take {absent} out of noDeploy, or omit what needs it too.",
            package=absent,
            fix=(OptionChange("noDeploy", kept, is_unset=not kept),),
        )


def _s(names: set[str]) -> str:
    return "s" if len(names) == 1 else ""
