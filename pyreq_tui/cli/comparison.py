"""``estimate --compare``: what grew since the last build, or against another stage or branch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.sizes import format_change, format_size

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyreq_tui.build import ArtifactChange, Baseline, Change


def comparison_data(baseline: Baseline, changes: Sequence[ArtifactChange]) -> dict[str, object]:
    """The comparison as JSON."""
    return {
        "with": str(baseline),
        "artifacts": [
            {
                "filename": change.filename,
                "kind": change.kind,
                **_change_data(change.whole),
                "packages": [_change_data(package) for package in change.packages],
            }
            for change in changes
        ],
    }


def _change_data(change: Change) -> dict[str, object]:
    def side(measure: tuple[str, int, int] | None) -> dict[str, object] | None:
        keys = ("version", "unzipped_bytes", "zipped_bytes")
        return None if measure is None else dict(zip(keys, measure, strict=True))

    return {
        "name": change.name,
        "state": change.state,
        "unzipped_change_bytes": change.unzipped_change_bytes,
        "zipped_change_bytes": change.zipped_change_bytes,
        "before": side(change.before),
        "after": side(change.after),
    }


def comparison_text(baseline: Baseline, changes: Sequence[ArtifactChange]) -> Iterator[str]:
    """The same for people: what grew most first."""
    yield f"Compared with {baseline.title}"
    for artifact in changes:
        yield f"  {artifact.filename}  {_whole(artifact.whole)}"
        width = max((len(each.name) for each in artifact.packages), default=0)
        for package in artifact.packages:
            change = format_change(package.unzipped_change_bytes)
            yield f"    {package.name:<{width}}  {change:>10}  {_versions(package)}".rstrip()


def _whole(change: Change) -> str:
    if change.before is None or change.after is None:
        return f"{change.state}, {format_size((change.after or change.before or ('', 0, 0))[1])} unzipped"
    unzipped = format_change(change.unzipped_change_bytes)
    zipped = format_change(change.zipped_change_bytes)
    if change.state == "same":
        return f"the same, {format_size(change.after.unzipped_bytes)} unzipped"
    return f"{unzipped} unzipped, {zipped} zipped (from {format_size(change.before.unzipped_bytes)})"


def _versions(change: Change) -> str:
    if change.before is None or change.after is None:
        known = change.after or change.before
        return f"{change.state} {known.version if known else ''}".rstrip()
    if change.before.version == change.after.version:
        return change.after.version
    return f"{change.before.version} → {change.after.version}"
