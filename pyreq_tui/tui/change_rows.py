"""A comparison in lines: artifact by artifact, what grew most first. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from pyreq_tui.sizes import format_change, format_size
from pyreq_tui.tui.text import MUTED, bar, cut, listed, printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyreq_tui.build import ArtifactChange, Change

SIGNS = {"new": "+", "gone": "−", "grew": "▴", "shrank": "▾", "same": "·"}
SIZE_WIDTH = 10
VERSION_WIDTH = 26
BAR_WIDTH = 12
WIDEST_NAME = 40
ROOMY = 76
"""From this width on a bar shows how much of the growth each package is."""


def change_lines(changes: Sequence[ArtifactChange], width: int) -> Iterator[Content]:
    """The lines of a comparison, ``width`` cells wide; what did not change in one line at the end."""
    changed = [artifact for artifact in changes if artifact.whole.state != "same" or artifact.packages]
    for artifact in changed:
        yield _artifact(artifact, width)
        largest = max((abs(each.unzipped_change_bytes) for each in artifact.packages), default=0) or 1
        for package in artifact.packages:
            yield _package(package, largest, width)
        yield Content("")
    if same := [artifact.filename for artifact in changes if artifact not in changed]:
        yield Content.styled(cut(f"· as before: {listed(same, 6)}", width), MUTED)


def summary(changes: Sequence[ArtifactChange]) -> Content:
    """``+12.1 MB unzipped, +3.0 MB zipped in 3 artifacts``; or that nothing changed."""
    unzipped = sum(each.whole.unzipped_change_bytes for each in changes)
    zipped = sum(each.whole.zipped_change_bytes for each in changes)
    if all(each.whole.state == "same" and not each.packages for each in changes):
        return Content.styled("Nothing changed.", "$success")
    return Content.assemble(
        ("All together ", MUTED),
        (format_change(unzipped), _role(unzipped)),
        " unzipped, ",
        (format_change(zipped), _role(zipped)),
        " zipped",
    )


def _artifact(artifact: ArtifactChange, width: int) -> Content:
    whole = artifact.whole
    before = format_size(whole.before.unzipped_bytes) if whole.before else ""
    after = format_size(whole.after.unzipped_bytes) if whole.after else ""
    told = f"{before} → {after}" if before and after else f"{whole.state}, {before or after}"
    change = whole.unzipped_change_bytes
    zipped = f", zipped {format_change(whole.zipped_change_bytes)}" if width >= ROOMY else ""
    return Content.assemble(
        (f"{SIGNS[whole.state]} ", _role(change)),
        (cut(printable(artifact.filename), max(8, width - 52)), "bold"),
        (f"   {told}   ", MUTED),
        (format_change(change), f"{_role(change)} bold"),
        (zipped, MUTED),
    )


def _package(package: Change, largest: int, width: int) -> Content:
    change = package.unzipped_change_bytes
    drawn_width = BAR_WIDTH if width >= ROOMY else 0
    name_width = min(WIDEST_NAME, max(10, width - 4 - VERSION_WIDTH - SIZE_WIDTH - drawn_width - 2))
    name = cut(printable(package.name), name_width)
    return Content.assemble(
        (f"  {SIGNS[package.state]} ", _role(change)),
        name.ljust(name_width),
        (cut(_versions(package), VERSION_WIDTH - 1).ljust(VERSION_WIDTH), MUTED),
        (format_change(change).rjust(SIZE_WIDTH), _role(change)),
        (f"  {bar(abs(change) / largest, drawn_width)}" if drawn_width else "", _role(change)),
    )


def _versions(change: Change) -> str:
    before, after = change.before, change.after
    if before is None or after is None:
        known = after or before
        return f"{change.state} {printable(known.version) if known else ''}".rstrip()
    if before.version == after.version:
        return printable(after.version)
    return printable(f"{before.version} → {after.version}")


def _role(change_bytes: int) -> str:
    return "$error" if change_bytes > 0 else "$success" if change_bytes < 0 else MUTED
