"""Which manifest or lockfile speaks for a module, and what it asks for."""

from typing import TYPE_CHECKING

from pyreq_tui.station import hand_out

if TYPE_CHECKING:
    from pyreq_tui.sources.detect import find_source
    from pyreq_tui.sources.groups import extras_of, groups_of
    from pyreq_tui.sources.lockfile import LOCK_COMMANDS
    from pyreq_tui.sources.model import Locked, Requirement, Requirements, Source, SourceKind
    from pyreq_tui.sources.overlooked import overlooked
    from pyreq_tui.sources.python_versions import requires_python
    from pyreq_tui.sources.read import read_source

__all__ = [
    "LOCK_COMMANDS",
    "Locked",
    "Requirement",
    "Requirements",
    "Source",
    "SourceKind",
    "extras_of",
    "find_source",
    "groups_of",
    "overlooked",
    "read_source",
    "requires_python",
]

hand_out(__name__)
