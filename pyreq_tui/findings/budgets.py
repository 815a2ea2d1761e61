"""Sizes a team allows itself, below what Lambda allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyreq_tui.errors import Finding
from pyreq_tui.sizes import format_size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyreq_tui.build import PlannedArtifact


@dataclass(frozen=True)
class Budgets:
    """The most an artifact may take, in bytes; ``None`` for no budget."""

    unzipped_bytes: int | None = None
    zipped_bytes: int | None = None

    def findings(self, artifact: PlannedArtifact) -> Iterator[Finding]:
        """An error for each budget that ``artifact`` exceeds: the rule, the value, the threshold."""
        values = {
            "unzipped": (artifact.unzipped_bytes, self.unzipped_bytes),
            "zipped": (artifact.zipped_bytes, self.zipped_bytes),
        }
        for kind, (value, budget) in values.items():
            if budget is not None and value > budget:
                yield Finding(
                    "error",
                    f"over-{kind}-budget",
                    f"{artifact.filename} is {format_size(value)} {kind}, "
                    f"{format_size(value - budget)} over the budget of {format_size(budget)}.",
                    hint=f"Bring it down, or raise --max-{kind}.",
                    package=artifact.packages[0].name if artifact.packages else None,
                )
