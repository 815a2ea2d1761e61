"""What a person should know before deploying, each with its way out."""

from pyreq_tui.findings.budgets import Budgets
from pyreq_tui.findings.check import findings_of, findings_on_disk, gravest_first

__all__ = ["Budgets", "findings_of", "findings_on_disk", "gravest_first"]
