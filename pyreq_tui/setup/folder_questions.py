"""What a folder without serverless.yml raises: the runtime, the functions, and how many zips."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pyreq_tui.aws import facts
from pyreq_tui.setup.decided import module_of
from pyreq_tui.setup.handlers import name_functions
from pyreq_tui.setup.model import Choice, Step
from pyreq_tui.setup.runtime import current_runtimes
from pyreq_tui.setup.wording import listed

if TYPE_CHECKING:
    from pyreq_tui.setup.decided import Decided
    from pyreq_tui.setup.estimate import Estimate


def ask_runtime(decided: Decided, _estimate: Estimate | None) -> Step | None:
    """Which Python the functions run on."""
    survey = decided.survey
    if survey.service is not None:
        return None
    proposed = survey.runtime
    known = facts().runtimes
    return Step(
        "runtime",
        "Runtime",
        "There is no serverless.yml here: a small one will be written. "
        f"{proposed.runtime} is {proposed.reason}.",
        tuple(
            Choice(name, f"runtime: {name}", f"AWS keeps it until {known[name].deprecated:%B %Y}")
            for name in current_runtimes()
        ),
        recommended=frozenset({proposed.runtime}),
        unchanged=frozenset({proposed.runtime}),
    )


def take_runtime(decided: Decided, chosen: frozenset[str], _estimate: Estimate | None) -> Decided:
    """Its runtime."""
    return replace(decided, runtime=next(iter(chosen)))


def ask_functions(decided: Decided, _estimate: Estimate | None) -> Step | None:
    """Which of the handlers become functions."""
    survey = decided.survey
    named = name_functions(survey.python.handlers)
    if survey.service is not None or not named:
        return None
    takes = "function takes" if len(named) == 1 else "functions take"
    return Step(
        "functions",
        "Functions",
        f"{len(named)} {takes} (event, context), as Lambda calls them. Each may become one of the service.",
        tuple(
            Choice(name, name, f"handler: {handler.path}  ({handler.file}:{handler.line})")
            for name, handler in named.items()
        ),
        recommended=frozenset(named),
        unchanged=frozenset(named),
        takes_several=True,
    )


def take_functions(decided: Decided, chosen: frozenset[str], _estimate: Estimate | None) -> Decided:
    """Its functions."""
    named = name_functions(decided.survey.python.handlers)
    return replace(decided, handlers={name: each for name, each in named.items() if name in chosen})


def ask_zips(decided: Decided, _estimate: Estimate | None) -> Step | None:
    """One zip for all functions, or one each: asked where folders have requirements of their own."""
    if decided.survey.service is not None:
        return None
    found = {module_of(decided.survey.folder, handler) for handler in decided.handlers.values()}
    modules = sorted(f"{module}/" for module in found if module is not None)
    if not modules:
        return None
    have = "has" if len(modules) == 1 else "have"
    return Step(
        "zips",
        "Zips",
        f"{listed(modules)} {have} requirements of {'its' if have == 'has' else 'their'} own.",
        (
            Choice("own", "package.individually: true", "each function ships only what it needs"),
            Choice(
                "shared", "one zip for all", "only the requirements at the root ship, with every function"
            ),
        ),
        recommended=frozenset({"own"}),
        unchanged=frozenset({"own"}),
    )


def take_zips(decided: Decided, chosen: frozenset[str], _estimate: Estimate | None) -> Decided:
    """Whether it packages individually."""
    return replace(decided, is_individual="own" in chosen)
