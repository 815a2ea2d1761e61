"""Will AWS still run it? The runtimes of what ships, and when they are deprecated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.aws import facts
from pyreq_tui.errors import Finding, Where

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyreq_tui.build import Plan


def runtime_findings(plan: Plan) -> Iterator[Finding]:
    """Runtimes that AWS has deprecated, as of the date of our facts."""
    known = facts()
    for runtime in sorted({artifact.target.runtime for artifact in plan.artifacts if artifact.target}):
        fact = known.runtimes.get(runtime)
        if fact is not None and fact.deprecated <= known.as_of:
            yield Finding(
                "warning",
                "deprecated-runtime",
                f"AWS deprecated {runtime} on {fact.deprecated:%Y-%m-%d}.",
                where=Where(plan.service.config_file),
                hint="Move to a newer runtime; wheels are chosen for it at once.",
            )
