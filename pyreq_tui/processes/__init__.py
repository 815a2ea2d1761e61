"""Runs other people's programs: streams what they say, redacted; ends them with all they started."""

from typing import TYPE_CHECKING

from pyreq_tui.station import hand_out

if TYPE_CHECKING:
    from pyreq_tui.processes.cancel import POLL_SECONDS, Cancel
    from pyreq_tui.processes.child import LINE_LIMIT_BYTES, run
    from pyreq_tui.processes.failure import INSTALL_HINTS, ProcessError
    from pyreq_tui.processes.lines import clean_line
    from pyreq_tui.processes.uv import uv_environment, uv_executable

__all__ = [
    "INSTALL_HINTS",
    "LINE_LIMIT_BYTES",
    "POLL_SECONDS",
    "Cancel",
    "ProcessError",
    "clean_line",
    "run",
    "uv_environment",
    "uv_executable",
]

hand_out(__name__)
