"""What may stand in a list, where that is known: packages that ship, patterns that take much, groups."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from packaging.utils import canonicalize_name

from pyreq_tui.bundle import DEFAULT_SLIM_PATTERNS, KINDS, Exclusion, amount_of, size_tree
from pyreq_tui.errors import PyreqError
from pyreq_tui.sources import extras_of, groups_of
from pyreq_tui.tui.row_actions import change_of, omission_of
from pyreq_tui.tui.text import listed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pyreq_tui.build import Plan, PlannedArtifact
    from pyreq_tui.service import Options
    from pyreq_tui.sources import SourceKind
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


class _Asked(NamedTuple):
    """What to find items for."""

    key: str
    workspace: Workspace
    options: Options
    plan: Plan
    artifact: PlannedArtifact
    """The one on show."""


_Found = tuple["Sequence[Item]", "Sequence[Item]"]
"""What stands in a list, and what could."""


def items_of(key: str, workspace: Workspace) -> tuple[Item, ...]:
    """What may stand in the list ``key``: what stands there, then what would save most.

    Takes a moment where there are hundreds of packages, and for what manifests say.
    """
    service, plan, artifact = workspace.service, workspace.plan, workspace.artifact
    if not has_items(key, workspace) or service is None or plan is None or artifact is None:
        return ()
    there, offered = _FINDERS[key](_Asked(key, workspace, service.options, plan, artifact))
    return (*there, *sorted(offered, key=lambda item: item.change_bytes or 0))


def has_items(key: str, workspace: Workspace) -> bool:
    """Whether it is known what may stand in the list ``key``."""
    if workspace.plan is None or key not in _FINDERS:
        return False
    kind = _GROUPED.get(key)
    return kind is None or any(source.kind == kind for source in workspace.sources)


def matching(items: Iterable[Item], text: str) -> list[Item]:
    """Those in which every word of ``text`` stands somewhere."""
    words = text.lower().split()
    return [item for item in items if all(word in f"{item.value} {item.more}".lower() for word in words)]


def is_among(items: Iterable[Item], key: str, text: str) -> bool:
    """Whether the list's rules take ``text`` for one of ``items``."""
    if key != "noDeploy":
        return any(item.value == text for item in items)
    return any(canonicalize_name(item.value) == canonicalize_name(text) for item in items)


def _packages(asked: _Asked) -> _Found:
    named: dict[str, str] = {canonicalize_name(name): name for name in asked.options.no_deploy}
    effects = asked.workspace.effects
    there = []
    for name in named.values():
        effect = effects.get(f"noDeploy {name}")
        back = effect.unzipped_change_bytes if effect else None
        there.append(Item(name, "", -back if back is not None else None))
    return there, list(_offered_packages(named.keys(), asked))


def _offered_packages(named: Iterable[str], asked: _Asked) -> Iterator[Item]:
    """The packages of the artifact on show, then those that only others have."""
    seen = set(named)
    shown = asked.artifact
    for artifact in (shown, *(each for each in asked.plan.artifacts if each is not shown)):
        for package in artifact.packages:
            if package.name in seen or package.name.startswith("("):
                continue
            seen.add(package.name)
            if artifact is shown:
                omission = omission_of(package.name, asked.plan, artifact)
                others = f"with {listed(omission.others, 1)}" if omission.others else ""
                more = "  ".join(filter(None, (package.version, others)))
                yield Item(package.name, more, change_of(omission.amount, asked.options))
            else:
                yield Item(package.name, f"{package.version}  in {artifact.filename}".strip(), 0)


def _patterns(asked: _Asked) -> _Found:
    options = asked.options
    lost = {
        left.pattern: sum(entry.size_bytes for entry in left.bundle.entries)
        for left in asked.workspace.left_out
        if left.cause == "slimPatterns"
    }
    there = [Item(pattern, "", -lost.get(pattern, 0)) for pattern in options.slim_patterns]
    known = {*options.slim_patterns}
    if options.slim_patterns_append_defaults:
        known |= {*DEFAULT_SLIM_PATTERNS}
    entries = size_tree(asked.artifact.bundle, asked.artifact.name).entries
    offered = []
    for kind in KINDS:
        amount = amount_of(entries, Exclusion("", "", kind)) if len(kind.patterns) == 1 else None
        if amount and amount.files and not known & set(kind.patterns):
            offered.append(Item(kind.patterns[0], kind.name, change_of(amount, options)))
    return there, offered


def _groups(asked: _Asked) -> _Found:
    """What the manifests of the right kind name; one that can't be read names nothing here."""
    known: dict[str, list[str]] = {}
    for source in asked.workspace.sources:
        if source.kind == _GROUPED[asked.key] and source.manifest is not None:
            with suppress(PyreqError):
                named = extras_of(source) if asked.key == "uvOptionalDependencies" else groups_of(source)
                for name in named:
                    known.setdefault(name, []).append("" if source.module == "." else f"{source.module}/")
    value = asked.options.value(asked.key)
    there = [str(item) for item in value] if isinstance(value, (list, tuple)) else []
    modules = {name: listed([module for module in places if module], 2) for name, places in known.items()}
    return (
        [Item(name, modules.get(name, "")) for name in there],
        [Item(name, modules[name]) for name in known if name not in there],
    )


_GROUPED: dict[str, SourceKind] = {
    "poetryWithGroups": "poetry",
    "poetryWithoutGroups": "poetry",
    "poetryOnlyGroups": "poetry",
    "uvWithGroups": "uv",
    "uvWithoutGroups": "uv",
    "uvOnlyGroups": "uv",
    "uvOptionalDependencies": "uv",
}
"""Lists of what a manifest names, and the kind of source that has it."""
_FINDERS: dict[str, Callable[[_Asked], _Found]] = {
    "noDeploy": _packages,
    "slimPatterns": _patterns,
    **dict.fromkeys(_GROUPED, _groups),
}
