"""Does each handler import from what ships? Runs the user's code, apart from everything else."""

from pyreq_tui.findings.imports.check import HandlerImport, ImportCheck, check_imports

__all__ = ["HandlerImport", "ImportCheck", "check_imports"]
