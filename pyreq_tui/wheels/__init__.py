"""What is in each wheel, with or without downloading it; the store that keeps wheels; who needs whom."""

from __future__ import annotations

from pyreq_tui.wheels.building import adopt_wheel, build_wheel, built_wheel
from pyreq_tui.wheels.download import fetch
from pyreq_tui.wheels.graph import Graph, dependency_graph
from pyreq_tui.wheels.inspection import Inspection, inspect
from pyreq_tui.wheels.model import Contents, Member
from pyreq_tui.wheels.store import Store

__all__ = [
    "Contents",
    "Graph",
    "Inspection",
    "Member",
    "Store",
    "adopt_wheel",
    "build_wheel",
    "built_wheel",
    "dependency_graph",
    "fetch",
    "inspect",
]
