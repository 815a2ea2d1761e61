"""The changes that bring every artifact under Lambda's unzipped limit, safe ones first, found by planning."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from pyreq_tui.aws import facts
from pyreq_tui.bundle import STUBS, TESTS
from pyreq_tui.errors import PyreqError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from pyreq_tui.build.model import Plan, PlannedArtifact
    from pyreq_tui.service import Options, Service

    Planned = Callable[[Service], Plan]
    """Plans a Service; takes milliseconds."""

_READS_STUBS = "lazy-loader"
"""With it packages read their own stubs when they are imported (Scientific Python SPEC 1)."""


@dataclass(frozen=True)
class Remedy:
    """One change that makes artifacts smaller."""

    key: str
    """``tests``, ``stubs``, ``runtime``, ``metadata``, ``strip`` or ``zip``."""
    title: str
    risk: str
    """What may go wrong, in a line."""
    packages: tuple[str, ...] = ()
    """What it leaves out, for ``runtime``."""
    change_bytes: int = 0
    """What it alone changes, unzipped, over the artifacts that are too large (all, where none is)."""
    is_exact: bool = True
    """Whether that is known: what stripping gives may have to be built first."""


@dataclass(frozen=True)
class Outcome:
    """What becomes of one artifact."""

    filename: str
    before_bytes: int
    """Unzipped, with its layer, as Lambda counts it; so is ``after_bytes``."""
    after_bytes: int
    excess_bytes: int
    """By how much it is still too large; 0 where it fits."""
    is_exact: bool

    @classmethod
    def of(cls, before: PlannedArtifact | None, after: PlannedArtifact) -> Outcome:
        """What became of ``before``, where it was there."""
        size = after.unzipped_bytes + after.layer_bytes
        return cls(
            filename=after.filename,
            before_bytes=before.unzipped_bytes + before.layer_bytes if before else 0,
            after_bytes=size,
            excess_bytes=max(0, size - facts().limits.unzipped_bytes),
            is_exact=after.is_exact,
        )


@dataclass(frozen=True)
class Fit:
    """What can be done, and what should be."""

    remedies: tuple[Remedy, ...]
    """All that save something here, safest first."""
    chosen: frozenset[str]
    """Keys of those that are enough, none of them dispensable; all of them where they are not enough."""
    was_over: bool
    """Whether anything was too large."""
    outcomes: tuple[Outcome, ...]
    """With the chosen ones: the artifacts that were too large, or the largest one."""

    @property
    def is_enough(self) -> bool:
        """Whether every artifact fits with the chosen ones."""
        return not any(outcome.excess_bytes for outcome in self.outcomes)


def fit(service: Service, planned: Planned) -> Fit:
    """Find what brings every artifact of ``service`` under the limit, using what is risky only when it must.

    Remedies are added in the order of their risk until everything fits; then those that turned out not to be
    needed are dropped, the least useful first. Raises PyreqError where the service can't be planned as it is.
    """
    now = planned(service)
    offered = [
        weighed
        for remedy in _candidates(service, now)
        if (weighed := _weigh(remedy, service, now, planned)) is not None
    ]
    chosen: list[Remedy] = []
    fitting = not _excess(now)
    for remedy in offered:
        if fitting:
            break
        chosen.append(remedy)
        fitting = not _excess_with(service, chosen, planned)
    if fitting:
        for remedy in sorted(chosen[:-1], key=lambda each: -each.change_bytes):
            fewer = [each for each in chosen if each is not remedy]
            if not _excess_with(service, fewer, planned):
                chosen = fewer
    return Fit(
        remedies=tuple(offered),
        chosen=frozenset(remedy.key for remedy in chosen),
        was_over=bool(_excess(now)),
        outcomes=outcomes(now, planned(service.with_overrides(changes_for(service.options, chosen)))),
    )


def changes_for(options: Options, chosen: Collection[Remedy]) -> dict[str, object]:
    """The options that carry out ``chosen``: only those whose value changes, as YAML would give them.

    Where slim is off, it is turned on for as much as was chosen: its default patterns and stripping stay
    off unless they are among it.
    """
    keys = {remedy.key for remedy in chosen}
    wanted: dict[str, object] = {}
    slimming = keys & {TESTS.name, STUBS.name, "metadata", "strip"}
    if slimming:
        wanted["slim"] = True
    patterns = list(options.slim_patterns)
    for kind in (TESTS, STUBS):
        if kind.name in keys:
            patterns += [pattern for pattern in kind.patterns if pattern not in patterns]
    wanted["slimPatterns"] = patterns
    for key, option in (("metadata", "slimPatternsAppendDefaults"), ("strip", "strip")):
        if key in keys or (slimming and not options.slim):
            wanted[option] = key in keys
    wanted["noDeploy"] = [
        *options.no_deploy,
        *(name for remedy in chosen for name in remedy.packages),
    ]
    if "zip" in keys:
        wanted["zip"] = True
    return {key: value for key, value in wanted.items() if value != _plain(options.value(key))}


def outcomes(before: Plan, after: Plan) -> tuple[Outcome, ...]:
    """What becomes of the artifacts that were or are too large; where there are none, of the largest one."""
    known = {artifact.filename: artifact for artifact in before.artifacts}
    found = [Outcome.of(known.get(artifact.filename), artifact) for artifact in after.artifacts]
    found.sort(key=lambda outcome: -outcome.before_bytes)
    limit = facts().limits.unzipped_bytes
    over = [outcome for outcome in found if outcome.excess_bytes or outcome.before_bytes > limit]
    return tuple(over or found[:1])


def _candidates(service: Service, now: Plan) -> Iterable[Remedy]:
    options = service.options
    shipped = {package.name for artifact in now.artifacts for package in artifact.packages}
    has_tests = not (options.slim and set(TESTS.patterns) <= set(options.slim_patterns))
    if has_tests:
        yield Remedy(
            "tests", "leave out tests folders", "next to none: nobody runs a package's tests on Lambda"
        )
    if _READS_STUBS not in shipped and not (
        options.slim and set(STUBS.patterns) <= set(options.slim_patterns)
    ):
        yield Remedy(
            "stubs", "leave out type stubs (.pyi)", "next to none: type checkers read them, Python does not"
        )
    if packages := in_runtime(now):
        yield Remedy(
            "runtime",
            "leave out what the runtime has",
            "AWS changes these versions; yours are no longer pinned",
            packages,
        )
    if not (options.slim and options.slim_patterns_append_defaults):
        yield Remedy(
            "metadata",
            "leave out dist-info and bytecode",
            "a package that reads its own version or entry points breaks",
        )
    if not (options.slim and options.strip):
        yield Remedy(
            "strip",
            "strip shared libraries",
            "debug symbols go; a library it would break is kept whole",
        )
    if not options.zip:
        yield Remedy(
            "zip",
            "nest the requirements in a zip",
            "slower cold starts; handlers must import unzip_requirements",
        )


def in_runtime(now: Plan) -> tuple[str, ...]:
    """What ships though the runtime has it, and nothing needs that the runtime does not bring; sorted.

    What pandas needs, say, stays: the runtime's version may be too old for it. Packages that leave anyway
    with the others are not named.
    """
    if now.service.provider != "aws":
        return ()
    shipped = {package.name for artifact in now.artifacts for package in artifact.packages}
    leaving = set(facts().runtime_packages & shipped)
    graphs = now.graphs.values()
    while kept := {
        name
        for name in leaving
        if any((set(graph.required_by(name)) & shipped) - leaving for graph in graphs)
    }:
        leaving -= kept
    asked_for = {name for name in leaving if any(name in graph.direct for graph in graphs)}
    omitted = {canonicalize_name(name) for name in now.service.options.no_deploy}
    gone = {name for graph in graphs for name in graph.without(asked_for | omitted)}
    return tuple(sorted(asked_for if leaving <= gone else leaving))


def _weigh(remedy: Remedy, service: Service, now: Plan, planned: Planned) -> Remedy | None:
    """The remedy with what it saves; ``None`` where that is nothing, or where it can't be planned."""
    try:
        then = planned(service.with_overrides(changes_for(service.options, [remedy])))
    except PyreqError:
        return None
    found = outcomes(now, then)
    change_bytes = sum(outcome.after_bytes - outcome.before_bytes for outcome in found)
    is_exact = remedy.key != "strip" or all(outcome.is_exact for outcome in found)
    if change_bytes >= 0 and is_exact:
        return None
    return Remedy(remedy.key, remedy.title, remedy.risk, remedy.packages, change_bytes, is_exact)


def _excess_with(service: Service, chosen: Collection[Remedy], planned: Planned) -> int:
    return _excess(planned(service.with_overrides(changes_for(service.options, chosen))))


def _excess(plan: Plan) -> int:
    limit = facts().limits.unzipped_bytes
    return sum(max(0, artifact.unzipped_bytes + artifact.layer_bytes - limit) for artifact in plan.artifacts)


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
