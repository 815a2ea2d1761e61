"""Will the next build ship the same? Requirements that leave their version open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from packaging.requirements import InvalidRequirement
from packaging.requirements import Requirement as Parsed

from pyreq_tui.errors import Finding, PyreqError
from pyreq_tui.sources import Requirements, find_source, read_source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyreq_tui.build import Plan
    from pyreq_tui.sources import Requirement


def pinning_findings(plan: Plan) -> Iterator[Finding]:
    """One line for each requirements file with open versions, and one for all that pin without hashes."""
    shipped = {name for artifact in plan.artifacts for name in artifact.functions}
    modules = dict.fromkeys(
        function.module for function in plan.service.functions if function.name in shipped
    )
    read = [asked for module in modules if (asked := _asked(plan, module)) is not None]
    unhashed = []
    for asked in read:
        if finding := _open(asked):
            yield finding
        else:
            unhashed += _unhashed(asked)
    if unhashed:
        yield _told_unhashed(unhashed, plan.service.root)


def _open(asked: Requirements) -> Finding | None:
    pinned = {constraint.name for constraint in asked.constraints if is_pinned(constraint)}
    open_ = [each for each in asked.requirements if not is_pinned(each) and each.name not in pinned]
    if not open_:
        return None
    names = ", ".join(str(each.name) for each in open_[:3]) + (", …" if len(open_) > 3 else "")
    first = open_[0].where
    return Finding(
        "info",
        "unpinned-requirements",
        f"{first.file.name} leaves the version open for {len(open_)} of {len(asked.requirements)} "
        f"({names}): another day's build may ship other code.",
        where=first,
        hint="Pin them with ==, or keep a lockfile.",
    )


def _unhashed(asked: Requirements) -> list[Requirement]:
    """What comes from an index without a hash of the user's own, though its version is fixed."""
    if "--no-index" in asked.options:
        return []
    return [each for each in asked.requirements if not (each.hashes or each.url or each.path)]


def _told_unhashed(unhashed: list[Requirement], root: Path) -> Finding:
    files = dict.fromkeys(each.where.file for each in unhashed)
    names = [file.relative_to(root).as_posix() if file.is_relative_to(root) else file.name for file in files]
    listed = ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
    return Finding(
        "info",
        "unhashed-requirements",
        f"{listed} {'pins' if len(names) == 1 else 'pin'} versions without hashes: downloads are checked "
        "against what the index says of them, not against what you have locked.",
        where=unhashed[0].where,
        hint="Write hashes too (uv pip compile --generate-hashes), or keep a lockfile.",
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
