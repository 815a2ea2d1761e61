"""What is in each wheel, with or without downloading it; the store that keeps wheels; who needs whom."""

from typing import TYPE_CHECKING

from pyreq_tui.station import hand_out

if TYPE_CHECKING:
    from pyreq_tui.wheels.building import adopt_wheel, bring, build_wheel, built_wheel
    from pyreq_tui.wheels.download import fetch
    from pyreq_tui.wheels.graph import Graph, dependency_graph
    from pyreq_tui.wheels.inspection import Inspection, inspect
    from pyreq_tui.wheels.installed import InstalledDistribution, installed_distributions, pack_distribution
    from pyreq_tui.wheels.made import made_wheel, remember_made
    from pyreq_tui.wheels.model import Contents, Member
    from pyreq_tui.wheels.origins import fingerprint, project_files
    from pyreq_tui.wheels.store import Store

__all__ = [
    "Contents",
    "Graph",
    "Inspection",
    "InstalledDistribution",
    "Member",
    "Store",
    "adopt_wheel",
    "bring",
    "build_wheel",
    "built_wheel",
    "dependency_graph",
    "fetch",
    "fingerprint",
    "inspect",
    "installed_distributions",
    "made_wheel",
    "pack_distribution",
    "project_files",
    "remember_made",
]

hand_out(__name__)
