"""Where someone is on the way through the questions. Frozen: every step makes a new one."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from pyreq_tui.setup.estimate import comes_to
from pyreq_tui.setup.walk import Course, walk

if TYPE_CHECKING:
    from pyreq_tui.build import Outcome
    from pyreq_tui.service import Service
    from pyreq_tui.setup.estimate import Estimate
    from pyreq_tui.setup.model import Answers, Step
    from pyreq_tui.setup.survey import Survey


@dataclass(frozen=True, eq=False)
class Journey:
    """The answers so far, what is known of sizes, and the place."""

    survey: Survey
    answers: Answers = field(default_factory=dict)
    estimate: Estimate | None = None
    unestimated: Service | None = None
    """A service that could not be estimated: it is not tried again."""
    at: int = 0
    """How many questions lie behind."""

    @cached_property
    def course(self) -> Course:
        """Where the answers lead. Raises PyreqError."""
        return walk(self.survey, self.answers, self.estimate)

    @property
    def to_estimate(self) -> Service | None:
        """The service whose estimate the later questions need; ``None`` where it is known, or can't be."""
        course = self.course
        is_settled = course.is_estimated or course.to_estimate == self.unestimated
        return None if is_settled else course.to_estimate

    @property
    def awaited(self) -> Service | None:
        """The same, where the next question is one of those."""
        return self.to_estimate if self.at >= self.course.early else None

    @property
    def step(self) -> Step | None:
        """The question that stands; ``None`` at the end, and while an estimate is awaited."""
        if self.awaited is not None or self.at >= len(self.course.steps):
            return None
        return self.course.steps[self.at]

    @property
    def is_over(self) -> bool:
        """Whether every question lies behind."""
        return self.awaited is None and self.step is None

    def comes_to(self) -> tuple[Outcome, ...]:
        """What becomes of the artifacts with all that is chosen together; none where sizes are not known.

        Takes a moment. Raises PyreqError.
        """
        course = self.course
        if self.estimate is None or course.to_estimate is None or not course.is_estimated:
            return ()
        # Not what would be written: a new file's lines stand elsewhere with every option.
        return comes_to(course.to_estimate.with_overrides(course.decided.options), self.estimate)

    @property
    def chosen(self) -> frozenset[str]:
        """What is chosen at the question that stands."""
        return self.step.chosen(self.answers) if self.step else frozenset()

    def answered(self, chosen: frozenset[str]) -> Journey:
        """The question that stands was answered; it still stands."""
        return replace(self, answers={**self.answers, self.step.key: chosen}) if self.step else self

    def onward(self) -> Journey:
        """On to the next question."""
        return replace(self, at=self.at + 1) if self.step else self

    def skipped(self) -> Journey:
        """On, with things left as they are."""
        return self.answered(self.step.unchanged).onward() if self.step else self

    def back(self) -> Journey:
        """Back to the question before."""
        return replace(self, at=max(0, self.at - 1))

    def estimated(self, service: Service, estimate: Estimate | None) -> Journey:
        """The estimate of ``service`` is there, or could not be made."""
        unestimated = service if estimate is None else self.unestimated
        return replace(self, estimate=estimate or self.estimate, unestimated=unestimated)
