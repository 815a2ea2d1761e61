"""Sizes and times a team allows itself, below what Lambda allows: one line for each rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pyreq_tui.errors import Finding
from pyreq_tui.sizes import format_size

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pyreq_tui.build import Plan, PlannedArtifact
    from pyreq_tui.service import BudgetKind, BudgetRule


class BudgetUse(NamedTuple):
    """A rule, and how much of it is used."""

    rule: BudgetRule
    subject: str
    """What it is about: an artifact's file name, or a function's name for an import."""
    value: float
    """Bytes, or seconds."""
    culprit: str | None
    """The package that takes most of it."""

    @property
    def is_over(self) -> bool:
        """Whether the budget is exceeded; to use it up is within it."""
        return self.value > self.rule.limit

    def __str__(self) -> str:
        of = f" (budget of {self.rule.function})" if self.rule.function not in (None, self.subject) else ""
        value, limit = _shown(self.rule.kind, self.value), _shown(self.rule.kind, self.rule.limit)
        return f"{self.subject} {self.rule.kind}: {value} of {limit}{of}"


class ImportTime(NamedTuple):
    """How long a function's import took."""

    seconds: float
    slowest: str | None
    """The package that took most of it."""


def size_uses(plan: Plan, rules: Sequence[BudgetRule]) -> tuple[BudgetUse, ...]:
    """What the artifacts of ``plan`` use of their budgets."""
    return tuple(
        BudgetUse(rule, artifact.filename, value, artifact.packages[0].name if artifact.packages else None)
        for artifact in plan.artifacts
        for kind, value in _sizes(artifact).items()
        for rule in _applying(rules, kind, artifact.functions if artifact.kind != "layer" else ())
    )


def import_uses(times: Mapping[str, ImportTime], rules: Sequence[BudgetRule]) -> tuple[BudgetUse, ...]:
    """What imports use of their budgets; ``times`` by function."""
    return tuple(
        BudgetUse(rule, function, time.seconds, time.slowest)
        for function, time in times.items()
        for rule in _applying(rules, "import", (function,))
    )


def budget_findings(uses: Iterable[BudgetUse]) -> Iterator[Finding]:
    """An error for each budget that is exceeded: the value, the limit, by how much."""
    for use in uses:
        rule = use.rule
        if not use.is_over:
            continue
        raised = f"--max-{rule.kind}" if rule.where is None else f"{rule.name} in {rule.where.file.name}"
        yield Finding(
            "error",
            f"over-{rule.kind}-budget",
            f"{use}, {_shown(rule.kind, use.value - rule.limit)} over.",
            where=rule.where,
            hint=f"Bring it down, or raise {raised}.",
            package=use.culprit,
        )


def _sizes(artifact: PlannedArtifact) -> dict[BudgetKind, int]:
    return {"unzipped": artifact.unzipped_bytes, "zipped": artifact.zipped_bytes}


def _applying(
    rules: Sequence[BudgetRule], kind: BudgetKind, functions: Sequence[str]
) -> Iterator[BudgetRule]:
    """The functions' own rules, and the service's for those that have none."""
    of_kind = {rule.function: rule for rule in rules if rule.kind == kind}
    own = [of_kind[name] for name in functions if name in of_kind]
    yield from own
    if None in of_kind and (not functions or len(own) < len(functions)):
        yield of_kind[None]


def _shown(kind: BudgetKind, value: float) -> str:
    return f"{value:.2f} s" if kind == "import" else format_size(int(value))
