"""Will the next build ship the same? Requirements that leave their version open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Parsed

from pyreq_tui.errors import Finding, PyreqError
from pyreq_tui.sources import Requirements, find_source, read_source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyreq_tui.build import Plan
    from pyreq_tui.sources import Requirement


def pinning_findings(plan: Plan) -> Iterator[Finding]:
    """One line for each requirements file, with how many of its requirements are open."""
    shipped = {name for artifact in plan.artifacts for name in artifact.functions}
    modules = dict.fromkeys(
        function.module for function in plan.service.functions if function.name in shipped
    )
    for module in modules:
        asked = _asked(plan, module)
        if asked is None:
            continue
        pinned = {constraint.name for constraint in asked.constraints if is_pinned(constraint)}
        open_ = [each for each in asked.requirements if not is_pinned(each) and each.name not in pinned]
        if not open_:
            yield from _unhashed(asked)
            continue
        names = ", ".join(str(each.name) for each in open_[:3]) + (", …" if len(open_) > 3 else "")
        first = open_[0].where
        yield Finding(
            "info",
            "unpinned-requirements",
            f"{first.file.name} leaves the version open for {len(open_)} of {len(asked.requirements)} "
            f"({names}): another day's build may ship other code.",
            where=first,
            hint="Pin them with ==, or keep a lockfile.",
        )


def _unhashed(asked: Requirements) -> Iterator[Finding]:
    """A file whose versions are fixed and whose files are not: an index could serve other bytes."""
    bare = [each for each in asked.requirements if each.name and not (each.hashes or each.url or each.path)]
    if bare:
        first = bare[0].where
        yield Finding(
            "info",
            "unhashed-requirements",
            f"{first.file.name} pins versions without hashes ({len(bare)} of {len(asked.requirements)}): "
            "downloads are checked against what the index says of them, not against what you have locked.",
            where=first,
            hint="Write it with hashes: uv pip compile --generate-hashes, or keep a lockfile.",
        )


def _asked(plan: Plan, module: str) -> Requirements | None:
    """What a requirements file asks for; ``None`` for locks, and for what can't be read any more."""
    try:
        source = find_source(plan.service, module)
        if source is None or source.kind != "requirements":
            return None
        asked = read_source(source, plan.service.options)
    except PyreqError:  # it has changed since the Plan was made, and whoever gathers next says so
        return None
    return asked if isinstance(asked, Requirements) else None


def is_pinned(requirement: Requirement) -> bool:
    """Whether one version, or one file, is all that answers ``requirement``."""
    if requirement.url or requirement.path or requirement.hashes or requirement.is_editable:
        return True
    try:
        specifiers = Parsed(requirement.text).specifier
    except InvalidRequirement:
        return True
    return any(
        one.operator == "===" or (one.operator == "==" and not one.version.endswith(".*"))
        for one in specifiers
    )
