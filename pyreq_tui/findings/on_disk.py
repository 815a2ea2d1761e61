"""What the artifacts on disk and the wheels in the store tell besides a Plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.findings.binaries import binary_findings
from pyreq_tui.findings.check import gravest_first
from pyreq_tui.findings.data_files import data_file_findings
from pyreq_tui.findings.metadata import metadata_findings

if TYPE_CHECKING:
    from pathlib import Path

    from pyreq_tui.build import Plan
    from pyreq_tui.errors import Finding


def findings_on_disk(plan: Plan, output: Path, cache: Path) -> tuple[Finding, ...]:
    """What the artifacts in ``output`` and the wheels in the store tell besides, the gravest first.

    Takes a second where nothing is known yet; what is learnt of a content is kept in ``cache``.
    """
    return gravest_first(
        [
            *binary_findings(plan, output, cache),
            *metadata_findings(plan, cache),
            *data_file_findings(plan, cache),
        ]
    )
