"""What the service would weigh, and which of its packages are compiled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyreq_tui.build import fit, outcomes, plan

if TYPE_CHECKING:
    from pyreq_tui.build import Fit, Materials, Outcome, Plan
    from pyreq_tui.service import Service
    from pyreq_tui.wheels import Contents


@dataclass(frozen=True, eq=False)
class Estimate:
    """What is known of a service's packages."""

    materials: Materials
    plan: Plan
    """As things are before anything is asked about sizes."""
    fit: Fit
    """What would make it smaller; enough to fit where it does not."""
    compiled: tuple[str, ...]
    """Packages with compiled parts that come as wheels for the runtime."""
    unbuilt: tuple[str, ...]
    """Packages that have no wheel for it, and have to be built."""


def weigh(service: Service, materials: Materials) -> Estimate:
    """Find out what ``materials``, gathered for ``service``, tell. Raises PyreqError."""
    known = materials.requirements.values()
    contents = {name: held for each in known for name, held in each.contents.items()}
    return Estimate(
        materials=materials,
        plan=plan(service, materials),
        fit=fit(service, lambda changed: plan(changed, materials)),
        compiled=tuple(sorted(name for name, held in contents.items() if _is_compiled(held))),
        unbuilt=tuple(sorted({pin.name for each in known for pin in each.unbuilt})),
    )


def comes_to(service: Service, estimate: Estimate) -> tuple[Outcome, ...]:
    """What becomes of the artifacts with the options of ``service``; none where that is not known.

    Those that were or are too large, or else the largest. Takes a moment. Raises PyreqError.
    """
    if not estimate.materials.answers(service):
        return ()
    return outcomes(estimate.plan, plan(service, estimate.materials))


def _is_compiled(contents: Contents) -> bool:
    return any(".so" in member.name.rpartition("/")[2] for member in contents.members)
