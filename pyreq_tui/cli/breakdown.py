"""Artifacts and what is in them, as data and as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.aws import facts
from pyreq_tui.sizes import format_size, percent

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyreq_tui.build import LeftOut, PlannedArtifact

SHOWN_PACKAGES = 12
"""Packages listed for each artifact before the rest are summed up in one line."""


def artifact_data(artifact: PlannedArtifact, path: str) -> dict[str, object]:
    """The JSON that CONTRACT promises for each artifact of ``estimate``."""
    limits = facts().limits
    return {
        "name": artifact.name,
        "path": path,
        "kind": artifact.kind,
        "functions": list(artifact.functions),
        "unzipped_bytes": artifact.unzipped_bytes,
        "zipped_bytes": artifact.zipped_bytes,
        "exact": artifact.is_exact,
        "files": len(artifact.bundle.entries),
        "packages": [
            {
                "name": package.name,
                "version": package.version,
                "unzipped_bytes": package.unzipped_bytes,
                "zipped_bytes": package.zipped_bytes,
                "files": package.files,
                "required_by": list(package.required_by),
            }
            for package in artifact.packages
        ],
        "limits": {
            "unzipped_limit_bytes": limits.unzipped_bytes,
            "zipped_limit_bytes": limits.direct_upload_zipped_bytes,
            "over": artifact.is_over_limit,
        },
    }


def artifact_text(artifact: PlannedArtifact) -> list[str]:
    """One artifact: its verdict, then its packages, largest first."""
    limit = facts().limits.unzipped_bytes
    total = artifact.unzipped_bytes + artifact.layer_bytes
    about = "" if artifact.is_exact else "about "
    layers = f" + {format_size(artifact.layer_bytes)} of layers" if artifact.layer_bytes else ""
    verdict = (
        f"✗ {format_size(total - limit)} over Lambda's {format_size(limit)}"
        if artifact.is_over_limit
        else f"✓ {percent(total / limit)} of {format_size(limit)}"
    )
    sizes = f"{about}{format_size(artifact.unzipped_bytes)} unzipped{layers}, "
    sizes += f"{format_size(artifact.zipped_bytes)} zipped"
    lines = [f"{artifact.filename}  {sizes}  {verdict}"]
    shown, rest = artifact.packages[:SHOWN_PACKAGES], artifact.packages[SHOWN_PACKAGES:]
    rows = [(f"{p.name} {p.version or ''}".rstrip(), p.unzipped_bytes, p.zipped_bytes) for p in shown]
    if rest:
        rows.append(
            (
                f"… {len(rest)} more",
                sum(package.unzipped_bytes for package in rest),
                sum(package.zipped_bytes for package in rest),
            )
        )
    width = max((len(name) for name, *_ in rows), default=0)
    for name, unzipped, zipped in rows:
        share = unzipped / max(artifact.unzipped_bytes, 1)
        lines.append(
            f"  {name:<{width}}  {format_size(unzipped):>9}  {format_size(zipped):>9}  {percent(share):>5}"
        )
    return lines


def left_out_data(left_out: LeftOut) -> dict[str, object]:
    """What one option leaves out, as JSON; what ``strip`` leaves out is what libraries lost."""
    return {
        "option": left_out.cause,
        "pattern": left_out.pattern,
        "unzipped_bytes": left_out.bundle.unzipped_bytes,
        "files": len(left_out.bundle.entries),
    }


def left_out_text(left_out: Sequence[LeftOut]) -> list[str]:
    """The same in a line: what the Framework leaves out anyway goes without saying."""
    told = [
        f"{each.title} {format_size(each.bundle.unzipped_bytes)}"
        for each in left_out
        if each.cause != "always"
    ]
    return [f"  left out: {', '.join(told)}"] if told else []
