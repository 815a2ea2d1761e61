"""From what was gathered to what a build would write. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyreq_tui.build.materials import Materials
    from pyreq_tui.build.model import Plan
    from pyreq_tui.service import Service


def plan(service: Service, materials: Materials) -> Plan:
    """What a build of ``service`` would write. Takes milliseconds, touches nothing."""
    raise NotImplementedError
