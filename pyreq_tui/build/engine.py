"""Carries a Plan out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from pyreq_tui.build.events import Report
    from pyreq_tui.build.materials import Materials
    from pyreq_tui.build.model import Plan, Result
    from pyreq_tui.processes import Cancel


def run(
    plan: Plan,
    materials: Materials,
    *,
    output: Path | None = None,
    report: Report,
    cancel: Cancel,
) -> Result:
    """Write every artifact of ``plan`` into ``output`` (``.serverless`` beside serverless.yml).

    Raises BuildError when a tool, the network or the disk fails, Cancelled when asked to stop; in either
    case what stood in ``output`` before still stands there.
    """
    raise NotImplementedError
