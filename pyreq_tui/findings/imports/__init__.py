"""Does each handler import from what ships? Runs the user's code, apart from everything else."""

from typing import TYPE_CHECKING

from pyreq_tui.station import hand_out

if TYPE_CHECKING:
    from pyreq_tui.findings.imports.check import ImportCheck, check_imports
    from pyreq_tui.findings.imports.judge import HandlerImport

__all__ = ["HandlerImport", "ImportCheck", "check_imports"]

hand_out(__name__)
