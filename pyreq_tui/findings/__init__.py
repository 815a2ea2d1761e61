"""What a person should know before deploying, each with its way out."""

from pyreq_tui.findings.budgets import Budgets
from pyreq_tui.findings.check import findings_of, findings_on_disk, gravest_first
from pyreq_tui.findings.configuration import COMMUNITY_PLUGIN, may_be_version_4
from pyreq_tui.findings.fixes import Fixes, Unfixed, change_text, fix

__all__ = [
    "COMMUNITY_PLUGIN",
    "Budgets",
    "Fixes",
    "Unfixed",
    "change_text",
    "findings_of",
    "findings_on_disk",
    "fix",
    "gravest_first",
    "may_be_version_4",
]
