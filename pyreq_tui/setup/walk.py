"""From a survey and answers to the questions that stand, and to the files that would change."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pyreq_tui.errors import ItemChange, OptionChange, ValueChange
from pyreq_tui.findings import COMMUNITY_PLUGIN
from pyreq_tui.service import (
    OPTIONS_PATH,
    PACKAGE_JSON,
    Edit,
    edit_file,
    edit_values,
    render_code,
    with_unpacking,
    without_package,
    written_options,
)
from pyreq_tui.setup import folder_questions, option_questions, other_questions
from pyreq_tui.setup.decided import Decided

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyreq_tui.service import ConfigurationChange, Service
    from pyreq_tui.setup.estimate import Estimate
    from pyreq_tui.setup.model import Answers, Step
    from pyreq_tui.setup.survey import Survey


_DOCKER = ("custom", "pyreq", "docker")


class _Question(NamedTuple):
    """Asks, where there is something to ask; takes what was chosen."""

    ask: Callable[[Decided, Estimate | None], Step | None]
    take: Callable[[Decided, frozenset[str], Estimate | None], Decided]


_BEFORE_ESTIMATE = (
    _Question(folder_questions.ask_runtime, folder_questions.take_runtime),
    _Question(folder_questions.ask_functions, folder_questions.take_functions),
    _Question(folder_questions.ask_zips, folder_questions.take_zips),
    _Question(option_questions.ask_support, option_questions.take_support),
    _Question(option_questions.ask_source, option_questions.take_source),
    _Question(option_questions.ask_installer, option_questions.take_installer),
)
_AFTER_ESTIMATE = (
    _Question(option_questions.ask_docker, option_questions.take_docker),
    _Question(option_questions.ask_size, option_questions.take_size),
    _Question(other_questions.ask_unpack, other_questions.take_unpack),
    _Question(other_questions.ask_plugin, other_questions.take_plugin),
)


class Course(NamedTuple):
    """Where the answers lead."""

    steps: tuple[Step, ...]
    """The questions that stand."""
    early: int
    """How many of them come first, before an estimate is needed."""
    decided: Decided
    to_estimate: Service | None
    """The service whose estimate the later questions need; ``None`` where there is nothing to estimate."""
    is_estimated: bool
    """Whether the estimate given is of that service."""

    def edits(self) -> tuple[Edit, ...]:
        """The files that would change; none where everything is so already. Raises PyreqError."""
        return _edits(self.decided)

    def snippet(self) -> str:
        """What to paste into a service that is described in code; else empty. Raises PyreqError."""
        survey = self.decided.survey
        if survey.code is None or survey.service is None:
            return ""
        changes = _changes(self.decided, survey.service)
        options = [change for change in changes if isinstance(change, OptionChange)]
        return render_code(written_options(survey.service, options)) if changes else ""


def walk(survey: Survey, answers: Answers, estimate: Estimate | None = None) -> Course:
    """Ask everything that stands, each question in the light of the answers before it. Raises PyreqError.

    Questions about sizes and compiled packages are asked once there is an estimate for the answers before
    them; an older one is not used.
    """
    is_docker_auto = survey.service is not None and survey.service.docker == "auto"
    decided = Decided(
        survey, survey.runtime.runtime, has_support=survey.is_python, is_docker_auto=is_docker_auto
    )
    steps: list[Step] = []
    decided = _ask(_BEFORE_ESTIMATE, decided, answers, None, steps)
    early = len(steps)
    wanted = decided.service if decided.has_support else None
    known = estimate if wanted and estimate and estimate.materials.answers(wanted) else None
    decided = _ask(_AFTER_ESTIMATE, decided, answers, known, steps)
    return Course(tuple(steps), early, decided, wanted, known is not None)


def _ask(
    questions: tuple[_Question, ...],
    decided: Decided,
    answers: Answers,
    estimate: Estimate | None,
    steps: list[Step],
) -> Decided:
    for question in questions:
        step = question.ask(decided, estimate)
        if step is not None:
            steps.append(step)
            decided = question.take(decided, step.chosen(answers), estimate)
    return decided


def _edits(decided: Decided) -> tuple[Edit, ...]:
    survey, service = decided.survey, decided.service
    edits: list[Edit] = []
    if survey.service is None:
        edits.append(Edit(survey.config_file, None, decided.text, survey.folder))
    elif survey.code is None:
        edits += edit_values(survey.service, _changes(decided, survey.service))
    if decided.removes_plugin and COMMUNITY_PLUGIN in survey.packages:
        edits.append(
            edit_file(
                service, survey.folder / PACKAGE_JSON, [lambda text: without_package(text, COMMUNITY_PLUGIN)]
            )
        )
    edits += [edit_file(service, file, [with_unpacking]) for file in decided.handler_files]
    return tuple(edit for edit in edits if edit.changed)


def _changes(decided: Decided, service: Service) -> list[ConfigurationChange]:
    changes: list[ConfigurationChange] = []
    if decided.has_support and not service.enabled:
        is_off = service.has_block
        changes.append(OptionChange("enabled", value=True) if is_off else ValueChange(OPTIONS_PATH, {}))
    changes += [OptionChange(key, value) for key, value in decided.options.items()]
    if decided.is_docker_auto != (service.docker == "auto"):
        changes.append(ValueChange(_DOCKER, "auto", is_unset=not decided.is_docker_auto))
    if decided.removes_plugin and COMMUNITY_PLUGIN in service.plugins:
        changes.append(ItemChange(service.plugins_path, COMMUNITY_PLUGIN, is_removed=True))
    return changes
