"""Reads ``custom.pyreq``: what only pyreq-tui knows, and the Framework ignores."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from pyreq_tui.errors import Finding, KeyChange
from pyreq_tui.service.budgets import read_budgets
from pyreq_tui.service.specs import nearest_key
from pyreq_tui.service.values import shown

if TYPE_CHECKING:
    from pyreq_tui.service.budgets import BudgetRule
    from pyreq_tui.service.model import Function
    from pyreq_tui.service.reading import Reading

OWN_BLOCK = ("custom", "pyreq")
_KNOWN = ("budgets", "docker", "handover", "layer")
"""The last two are pyreq-tui's own notes of what handing over and using the layer changed."""


class OwnBlock(NamedTuple):
    """What it says."""

    docker: Literal["auto"] | None
    budgets: tuple[BudgetRule, ...]
    """With those of pyproject.toml."""


def read_own_block(reading: Reading, functions: tuple[Function, ...]) -> OwnBlock:
    """What is right in it; the rest is reported."""
    block = reading.configuration.find(*OWN_BLOCK)
    for key, place in block.entries().items() if block is not None else ():
        if key not in _KNOWN:
            near = nearest_key(key, _KNOWN)
            reading.report(
                Finding(
                    "warning",
                    "unknown-setting",
                    f"There is no setting {shown(key)} in custom.pyreq; it is ignored.",
                    place.where,
                    f"Did you mean {near}?" if near else f"Known are {', '.join(_KNOWN)}.",
                    fix=(KeyChange((*OWN_BLOCK, key), near),) if near else (),
                )
            )
    names = frozenset(function.name for function in functions)
    return OwnBlock(_docker(reading), read_budgets(reading, names))


def _docker(reading: Reading) -> Literal["auto"] | None:
    """``custom.pyreq.docker``: what ``dockerizePip`` has no value for."""
    place = reading.configuration.find(*OWN_BLOCK, "docker")
    said = reading.text(place, what="custom.pyreq.docker")
    if said is None or said == "auto":
        return "auto" if said else None
    if place is not None:
        reading.report_type(place, "custom.pyreq.docker", "auto")
    return None
