"""All that a check knows when it is done."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyreq_tui.errors import Finding
    from pyreq_tui.findings import BudgetUse, HandlerImport


@dataclass(frozen=True)
class Checked:
    """Findings, budgets, and imports where they were asked for."""

    findings: tuple[Finding, ...]
    """The gravest first."""
    budgets: tuple[BudgetUse, ...] = ()
    """Every rule, kept or not."""
    imports: tuple[HandlerImport, ...] | None = None
    """``None`` where they were not asked for."""

    @cached_property
    def ok(self) -> bool:
        """Whether nothing stands in the way of a deploy."""
        return not any(finding.severity == "error" for finding in self.findings)


def path_in_repository(file: Path) -> Path:
    """``file`` as a code host names it: from the checkout's folder, or as it is where it lies outside.

    GitHub's runners name that folder in ``GITHUB_WORKSPACE``, GitLab's in ``CI_PROJECT_DIR``; else it is the
    folder with ``.git`` above the working directory, or that directory itself.
    """
    here = Path.cwd()
    named = os.environ.get("GITHUB_WORKSPACE") or os.environ.get("CI_PROJECT_DIR")
    above = next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)
    for root in (Path(named) if named else above, above, here):
        if file.is_relative_to(root):
            return file.relative_to(root)
    return file
