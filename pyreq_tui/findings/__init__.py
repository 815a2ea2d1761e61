"""What a person should know before deploying, each with its way out."""

from typing import TYPE_CHECKING

from pyreq_tui.station import hand_out

if TYPE_CHECKING:
    from pyreq_tui.findings.budgets import BudgetUse, budget_findings, import_uses, size_uses
    from pyreq_tui.findings.check import findings_of, gravest_first
    from pyreq_tui.findings.configuration import (
        COMMUNITY_PLUGIN,
        framework_of,
        is_version_4,
        may_be_version_4,
    )
    from pyreq_tui.findings.fixes import Fixes, Unfixed, change_text, fix
    from pyreq_tui.findings.imports import HandlerImport, ImportCheck, Prospect, check_imports, prospects
    from pyreq_tui.findings.inventory import Component, inventory
    from pyreq_tui.findings.on_disk import findings_on_disk
    from pyreq_tui.findings.sbom import write_sboms

__all__ = [
    "COMMUNITY_PLUGIN",
    "BudgetUse",
    "Component",
    "Fixes",
    "HandlerImport",
    "ImportCheck",
    "Prospect",
    "Unfixed",
    "budget_findings",
    "change_text",
    "check_imports",
    "findings_of",
    "findings_on_disk",
    "fix",
    "framework_of",
    "gravest_first",
    "import_uses",
    "inventory",
    "is_version_4",
    "may_be_version_4",
    "prospects",
    "size_uses",
    "write_sboms",
]

hand_out(__name__)
