"""What a build of some functions leaves as it is: the artifacts of the others, and what is known of them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from pyreq_tui.build.outline import outline

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyreq_tui.build.model import Plan
    from pyreq_tui.build.records import Record

_PLACED = {
    "file": " in ",
    "package": " in ",
    "bytecode": " in ",
    "runtime": " of ",
    "architecture": " of ",
    "listing": " of ",
    "compiler": " of ",
    "container": " of ",
}
"""By the first word of an input's name: what stands before the artifact or module that it is about."""


class Others(NamedTuple):
    """The artifacts that a Plan leaves out of its service, and the modules that only they ship."""

    filenames: frozenset[str]
    modules: frozenset[str]

    def concern(self, name: str) -> bool:
        """Whether the input of this name is one of theirs alone."""
        before = _PLACED.get(name.partition(" ")[0])
        place = name.rpartition(before)[2] if before else ""
        # A module that is built for several Targets is named with each.
        return place in self.filenames or place.partition(" for python")[0] in self.modules

    def aside(self, inputs: Mapping[str, object]) -> dict[str, object]:
        """``inputs`` without theirs."""
        return {name: value for name, value in inputs.items() if not self.concern(name)}

    def kept(self, last: Record | None, record: Record) -> Record:
        """``record`` with what ``last`` knows of them."""
        if last is None or not self.filenames:
            return record
        theirs = {name: value for name, value in last.inputs.items() if self.concern(name)}
        sizes = [each for each in last.sizes or () if each.filename in self.filenames]
        return replace(
            record,
            inputs={**theirs, **record.inputs},
            sha256={
                **{name: value for name, value in last.sha256.items() if name in self.filenames},
                **record.sha256,
            },
            sizes=(*(record.sizes or ()), *sizes),
        )


def others_of(plan: Plan) -> Others:
    """Those that a build of ``plan`` does not write."""
    written = {artifact.filename for artifact in plan.artifacts}
    has_layer = bool(plan.service.options.layer)
    outlines = [each for each in outline(plan.service) if each.kind != "layer" or has_layer]
    left = [each for each in outlines if each.filename not in written]
    shipped = {each.module for each in outlines if each.filename in written}
    return Others(
        frozenset(each.filename for each in left),
        frozenset(each.module for each in left if each.module and each.module not in shipped),
    )
