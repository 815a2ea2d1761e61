"""Does each handler import from what ships? Runs the user's code, apart from everything else."""

from typing import TYPE_CHECKING

from pyreq_tui.station import hand_out

if TYPE_CHECKING:
    from pyreq_tui.findings.imports.check import ImportCheck, Prospect, check_imports, prospects
    from pyreq_tui.findings.imports.judge import HandlerImport

__all__ = ["HandlerImport", "ImportCheck", "Prospect", "check_imports", "prospects"]

hand_out(__name__)
