"""What a person should know before deploying, each with its way out."""

from pyreq_tui.findings.budgets import Budgets
from pyreq_tui.findings.check import findings_of

__all__ = ["Budgets", "findings_of"]
