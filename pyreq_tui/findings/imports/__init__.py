"""Does each handler import from what ships? Runs the user's code, apart from everything else."""

from pyreq_tui.findings.imports.check import ImportCheck, check_imports
from pyreq_tui.findings.imports.judge import HandlerImport

__all__ = ["HandlerImport", "ImportCheck", "check_imports"]
