"""What is said of a build when it ended: what came of it, what was kept, what comes next. Pure."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from textual.content import Content

from pyreq_tui.sizes import format_size
from pyreq_tui.tui.text import MUTED, count, listed, printable, seconds
from pyreq_tui.tui.widgets.gauges import excess_bytes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyreq_tui.build import PlannedArtifact, Result
    from pyreq_tui.service import Service
    from pyreq_tui.tui.widgets.artifact_table import ArtifactRow
    from pyreq_tui.tui.widgets.steps import Step

DEPLOY = "sls deploy"


def of_result(result: Result, service: Service) -> Content:
    """What was built and why, what Lambda would refuse, what a deploy makes of it, and what to run next."""
    first = Content.assemble(
        ("✓ ", "$success bold"),
        (f"Built in {seconds(result.seconds)}", "bold")
        if not result.cache.is_hit
        else ("Nothing changed since the last build", "bold"),
        (f" · {_reason(result)}" if not result.cache.is_hit else "", MUTED),
    )
    next_line = Content.assemble(("  next  ", MUTED), (next_command(service), "bold $primary"))
    refused = [artifact.planned for artifact in result.artifacts if artifact.planned.is_over_limit]
    lines = []
    if refused:
        lines.append(Content.styled(f"✗ {_refused(refused)}", "$error bold"))
        lines.append(Content.styled("  On the workbench, f finds what makes it fit.", MUTED))
    return Content("\n").join([first, *lines, Content(f"  {_deploys(result)}"), next_line])


def of_cancel(steps: Sequence[Step]) -> Content:
    """What cancelling left, and what of the work the next build need not do again."""
    kept = [f"{step.name} ({step.detail})" for step in steps if step.state == "done" and step.detail]
    fetching = next((step for step in steps if step.name == "fetch" and step.state == "stopped"), None)
    if fetching is not None and fetching.done:
        kept.append(f"what is whole of the {format_size(fetching.done)} fetched")
    return Content.assemble(
        ("✗ Cancelled. ", "$warning bold"),
        "Nothing half-written is left; what stood there still stands.\n",
        (
            f"  Kept for the next build: {printable(', '.join(kept))}."
            if kept
            else "  Nothing had been fetched yet.",
            MUTED,
        ),
    )


def of_artifact(row: ArtifactRow, service: Service) -> Content:
    """Two lines about one artifact: its path and what a deploy does, its digest."""
    artifact = row.artifact
    if artifact is None:
        return Content.styled(
            f"{printable(row.planned.filename)} · for {listed(row.planned.functions, 4)}", MUTED
        )
    path = artifact.path
    name = path.relative_to(service.root).as_posix() if path.is_relative_to(service.root) else str(path)
    if row.planned.is_over_limit:
        comes_to = "too large for Lambda: deploy fails"
    elif artifact.is_unchanged:
        comes_to = "same bytes as the last build: deploy will skip it"
    else:
        comes_to = "new bytes: deploy uploads it"
    return Content.assemble(printable(name), (f" · {comes_to}\n", MUTED), ("sha256 ", MUTED), artifact.sha256)


def next_command(service: Service) -> str:
    """What to run next: the Framework deploys these zips only once they were handed over to it."""
    if service.is_handed_over:
        return DEPLOY
    where = "" if service.root == Path.cwd() else f"{shlex.quote(printable(str(service.root)))} "
    return f"pyreq-tui config {where}--use-artifacts --write"


def _reason(result: Result) -> str:
    return printable(result.cache.reason)


def _refused(refused: Sequence[PlannedArtifact]) -> str:
    """The one that is too large by its name; where there are several, the table marks them."""
    if len(refused) > 1:
        return f"{len(refused)} artifacts are over Lambda's limit: a deploy fails."
    [planned] = refused
    name, excess = printable(planned.filename), format_size(excess_bytes(planned))
    return f"{name} is {excess} over Lambda's limit: a deploy fails."


def _deploys(result: Result) -> str:
    number = len(result.artifacts)
    same = sum(artifact.is_unchanged for artifact in result.artifacts)
    artifacts, them = count(number, "artifact"), "it" if number == 1 else "them"
    if not same:
        return f"{artifacts} with new bytes: deploy uploads {them}."
    if same == number:
        return f"{artifacts}, the same as last build: deploy will skip {them}."
    skipped = "it" if same == 1 else "those"
    return f"{artifacts}: {number - same} new, {same} the same as last build: deploy will skip {skipped}."
