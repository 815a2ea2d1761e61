"""``why``: every way that leads to a package, and what it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.build import reasons
from pyreq_tui.cli.output import write_json, write_text
from pyreq_tui.cli.work import planned, working
from pyreq_tui.sizes import format_size

if TYPE_CHECKING:
    from pyreq_tui.build import Reason, Weight
    from pyreq_tui.cli.arguments import Arguments

SHOWN_PATHS = 20
"""Paths listed as text; ``--json`` gives all."""


def why(arguments: Arguments, package: str, *, as_json: bool) -> None:
    """Print why each module has ``package``."""
    service = arguments.load_active()
    with working(arguments) as (report, cancel):
        plan, materials = planned(arguments, service, report, cancel)
    found = reasons(plan, materials, package)
    if as_json:
        write_json({"package": found[0].name, "modules": [_reason_data(reason) for reason in found]})
    else:
        write_text("\n\n".join("\n".join(_reason_text(reason)) for reason in found))


def _reason_data(reason: Reason) -> dict[str, object]:
    return {
        "module": reason.module,
        "runtime": reason.target.runtime,
        "architecture": reason.target.architecture,
        "version": reason.version,
        "paths": [list(path) for path in reason.paths],
        "artifacts": list(reason.artifacts),
        "unzipped_bytes": reason.own.unzipped_bytes,
        "zipped_bytes": reason.own.zipped_bytes,
        "leaves": [
            {
                "name": weight.name,
                "unzipped_bytes": weight.unzipped_bytes,
                "zipped_bytes": weight.zipped_bytes,
            }
            for weight in reason.leaves
        ],
        "saved": {"unzipped_bytes": reason.unzipped_bytes, "zipped_bytes": reason.zipped_bytes},
    }


def _reason_text(reason: Reason) -> list[str]:
    place = "the service" if reason.module == "." else reason.module
    lines = [f"{reason.name} {reason.version}".rstrip() + f"  in {place}, for {reason.target}"]
    lines += [f"  {' → '.join(path)}" for path in reason.paths[:SHOWN_PATHS]]
    if len(reason.paths) > SHOWN_PATHS:
        lines.append(f"  … {len(reason.paths) - SHOWN_PATHS} more paths")
    if not reason.paths:
        lines.append("  nothing is known to ask for it")
    if not reason.artifacts:
        return [*lines, "  It does not ship: noDeploy, slim or layer leaves it out."]
    lines.append(f"  itself {_size(reason.own)}")
    if reason.leaves:
        lines.append("  with it would leave")
        width = max(len(weight.name) for weight in reason.leaves)
        lines += [f"    {weight.name:<{width}}  {_size(weight)}" for weight in reason.leaves]
        total = f"{format_size(reason.unzipped_bytes)} unzipped, {format_size(reason.zipped_bytes)} zipped"
        lines.append(f"  in all {total}")
    return lines


def _size(weight: Weight) -> str:
    return f"{format_size(weight.unzipped_bytes)} unzipped, {format_size(weight.zipped_bytes)} zipped"
