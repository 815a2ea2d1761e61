"""Will AWS still run it? The runtimes of what ships, and when they are deprecated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.aws import facts
from pyreq_tui.errors import Finding, ValueChange, Where

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyreq_tui.build import Plan
    from pyreq_tui.errors import Change
    from pyreq_tui.service import Service


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
                fix=_move(plan.service, runtime),
            )


def _move(service: Service, runtime: str) -> tuple[Change, ...]:
    """The next runtime that AWS still supports, wherever the old one is named."""
    known = facts()
    supported = [name for name, fact in known.runtimes.items() if fact.deprecated > known.as_of]
    newer = [name for name in supported if _version(name) > _version(runtime)]
    if not newer:
        return ()
    written = {key.path for key in service.keys}
    paths = [("provider",), *(each.path for each in service.functions if each.runtime == runtime)]
    named = [(*path, "runtime") for path in paths if (*path, "runtime") in written]
    if service.runtime != runtime:
        named = [path for path in named if path != ("provider", "runtime")]
    return tuple(ValueChange(path, min(newer, key=_version)) for path in named)


def _version(runtime: str) -> tuple[int, ...]:
    return tuple(int(part) for part in runtime.removeprefix("python").split("."))
