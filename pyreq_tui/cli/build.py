"""``build``: carry the Plan out."""

from __future__ import annotations

from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from pyreq_tui.build import run
from pyreq_tui.cli.breakdown import artifact_data, artifact_text
from pyreq_tui.cli.messages import finding_lines
from pyreq_tui.cli.output import write_json, write_text
from pyreq_tui.cli.work import building, planned
from pyreq_tui.findings import findings_of
from pyreq_tui.sizes import format_size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyreq_tui.build import Artifact, Materials, Plan, Result
    from pyreq_tui.cli.arguments import Arguments

_NONE: Mapping[str, Path] = MappingProxyType({})


def build(arguments: Arguments, *, as_json: bool, output: str | None, sbom: str | None = None) -> None:
    """Write the artifacts, then print what was written.

    ``sbom`` asks for SBOMs besides, and says where; empty for beside each artifact.
    """
    service = arguments.load_active()
    with building(arguments, service) as (report, cancel):
        plan, materials = planned(arguments, service, report, cancel)
        result = run(
            plan,
            materials,
            output=Path(output).absolute() if output else None,
            report=report,
            cancel=cancel,
            offline=arguments.offline,
        )
        sboms = _sboms(result, materials, sbom)
    if as_json:
        write_json(as_data(plan, result, sboms))
    else:
        write_text(as_text(plan, result, sboms))


def _sboms(result: Result, materials: Materials, place: str | None) -> Mapping[str, Path]:
    """Where they are, by the artifact's filename; only then is their library loaded."""
    if place is None:
        return _NONE
    from pyreq_tui.findings import write_sboms

    return write_sboms(result, materials, place)


def as_data(plan: Plan, result: Result, sboms: Mapping[str, Path] = _NONE) -> dict[str, object]:
    """The JSON that CONTRACT promises for ``build``; ``sboms`` by the artifact's filename."""
    estimated = {artifact.filename: artifact for artifact in plan.artifacts}
    return {
        "artifacts": [
            {
                **artifact_data(artifact.planned, str(artifact.path)),
                "unzipped_bytes": artifact.unzipped_bytes,
                "zipped_bytes": artifact.zipped_bytes,
                "sha256": artifact.sha256,
                "sbom": str(sboms[artifact.planned.filename]) if sboms else None,
                "estimated": {
                    "unzipped_bytes": estimated[artifact.planned.filename].unzipped_bytes,
                    "zipped_bytes": estimated[artifact.planned.filename].zipped_bytes,
                },
            }
            for artifact in result.artifacts
        ],
        "bytes_fetched": plan.bytes_fetched,
        "seconds": round(plan.seconds + result.seconds, 3),
        "steps": [{"name": name, "seconds": round(seconds, 3)} for name, seconds in result.steps],
        "cache": {"hit": result.cache.is_hit, "reason": result.cache.reason},
    }


def as_text(plan: Plan, result: Result, sboms: Mapping[str, Path] = _NONE) -> str:
    """The same for people: each artifact's breakdown, then where it is, then what to know."""
    estimated = {artifact.filename: artifact for artifact in plan.artifacts}
    lines: list[str] = []
    for artifact in result.artifacts:
        lines += [
            *artifact_text(artifact.planned),
            *_outcome(artifact, estimated[artifact.planned.filename].unzipped_bytes),
            *([f"    sbom {sboms[artifact.planned.filename]}"] if sboms else []),
            "",
        ]
    lines.append(f"cache: {'hit' if result.cache.is_hit else 'built'}, {result.cache.reason}")
    lines += [line for finding in findings_of(result.plan) for line in finding_lines(finding)]
    return "\n".join(lines)


def _outcome(artifact: Artifact, estimated_bytes: int) -> list[str]:
    unchanged = "  same as before: a deploy skips it" if artifact.is_unchanged else ""
    return [
        f"  → {artifact.path}",
        f"    sha256 {artifact.sha256}  estimated {format_size(estimated_bytes)}{unchanged}",
    ]
