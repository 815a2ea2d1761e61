"""What may stand in a list, where that is known: packages that ship, patterns that take much. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from pyreq_tui.bundle import DEFAULT_SLIM_PATTERNS, KINDS, Exclusion, amount_of, size_tree
from pyreq_tui.tui.row_actions import change_of, omission_of
from pyreq_tui.tui.text import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pyreq_tui.build import Plan, PlannedArtifact
    from pyreq_tui.service import Options
    from pyreq_tui.tui.workspace import Workspace


@dataclass(frozen=True)
class Item:
    """Something that may stand in a list."""

    value: str
    """As it would stand there."""
    more: str = ""
    """What else there is to know of it: a version, what leaves with it."""
    change_bytes: int | None = None
    """What having it in the list changes in the artifact on show; ``None`` where that is not known."""


def items_of(key: str, workspace: Workspace) -> tuple[Item, ...]:
    """What may stand in the list ``key``: what stands there, then what would save most.

    Takes a moment where there are hundreds of packages.
    """
    find = _FINDERS.get(key)
    plan, artifact = workspace.plan, workspace.artifact
    if find is None or plan is None or artifact is None or workspace.service is None:
        return ()
    there, offered = find(workspace, workspace.service.options, plan, artifact)
    return (*there, *sorted(offered, key=lambda item: item.change_bytes or 0))


def has_items(key: str) -> bool:
    """Whether it is known what may stand in the list ``key``."""
    return key in _FINDERS


def matching(items: Iterable[Item], text: str) -> list[Item]:
    """Those in which every word of ``text`` stands somewhere."""
    words = text.lower().split()
    return [item for item in items if all(word in f"{item.value} {item.more}".lower() for word in words)]


def is_among(items: Iterable[Item], key: str, text: str) -> bool:
    """Whether the list's rules take ``text`` for one of ``items``."""
    if key != "noDeploy":
        return any(item.value == text for item in items)
    return any(canonicalize_name(item.value) == canonicalize_name(text) for item in items)


_Found = tuple["Sequence[Item]", "Sequence[Item]"]
"""What stands in a list, and what could."""


def _packages(workspace: Workspace, options: Options, plan: Plan, artifact: PlannedArtifact) -> _Found:
    named: dict[str, str] = {canonicalize_name(name): name for name in options.no_deploy}
    effects = workspace.effects
    there = []
    for name in named.values():
        effect = effects.get(f"noDeploy {name}")
        back = effect.unzipped_change_bytes if effect else None
        there.append(Item(name, "", -back if back is not None else None))
    return there, list(_offered_packages(named.keys(), options, plan, artifact))


def _offered_packages(
    named: Iterable[str], options: Options, plan: Plan, shown: PlannedArtifact
) -> Iterator[Item]:
    """The packages of the artifact on show, then those that only others have."""
    seen = set(named)
    for artifact in (shown, *(each for each in plan.artifacts if each is not shown)):
        for package in artifact.packages:
            if package.name in seen or package.name.startswith("("):
                continue
            seen.add(package.name)
            if artifact is shown:
                omission = omission_of(package.name, plan, artifact)
                others = f"with {listed(omission.others, 1)}" if omission.others else ""
                more = "  ".join(filter(None, (package.version, others)))
                yield Item(package.name, more, change_of(omission.amount, options))
            else:
                yield Item(package.name, f"{package.version}  in {artifact.filename}".strip(), 0)


def _patterns(workspace: Workspace, options: Options, plan: Plan, artifact: PlannedArtifact) -> _Found:  # noqa: ARG001 - as the others
    lost = {
        left.pattern: sum(entry.size_bytes for entry in left.bundle.entries)
        for left in workspace.left_out
        if left.cause == "slimPatterns"
    }
    there = [Item(pattern, "", -lost.get(pattern, 0)) for pattern in options.slim_patterns]
    known = {*options.slim_patterns}
    if options.slim_patterns_append_defaults:
        known |= {*DEFAULT_SLIM_PATTERNS}
    entries = size_tree(artifact.bundle, artifact.name).entries
    offered = []
    for kind in KINDS:
        amount = amount_of(entries, Exclusion("", "", kind)) if len(kind.patterns) == 1 else None
        if amount and amount.files and not known & set(kind.patterns):
            offered.append(Item(kind.patterns[0], kind.name, change_of(amount, options)))
    return there, offered


_FINDERS: dict[str, Callable[[Workspace, Options, Plan, PlannedArtifact], _Found]] = {
    "noDeploy": _packages,
    "slimPatterns": _patterns,
}
