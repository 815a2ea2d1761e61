"""``init``: guided first-time setup, ending in a diff."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from pyreq_tui.build import gather
from pyreq_tui.cli.messages import say
from pyreq_tui.cli.output import write_raw
from pyreq_tui.cli.questions import ask_all
from pyreq_tui.cli.work import working
from pyreq_tui.errors import PyreqError
from pyreq_tui.service import write_all
from pyreq_tui.setup import Journey, told, weigh

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyreq_tui.cli.arguments import Arguments
    from pyreq_tui.service import Edit, Service
    from pyreq_tui.setup import Estimate


def init(arguments: Arguments, *, takes_defaults: bool, in_lines: bool) -> None:
    """Print the diff that setup comes to; save it where that is asked for.

    ``takes_defaults`` saves what is recommended; ``in_lines`` asks line by line, and then once more.
    """
    if arguments.overrides or arguments.functions:
        raise click.UsageError("init takes neither --set nor --function: it asks, and `config` changes more.")
    journey = Journey(arguments.survey())
    journey = (
        ask_all(journey, partial(_estimate, arguments=arguments))
        if in_lines
        else _at_defaults(journey, arguments)
    )
    edits = journey.course.edits()
    for outcome in journey.comes_to():
        say(told(outcome))
    for edit in edits:
        write_raw(edit.diff())
    code, snippet = journey.survey.code, journey.course.snippet()
    if code is not None and snippet:
        write_raw(snippet)
        say(f"{code.name} is code, which pyreq-tui does not edit: paste this into it, then print it again.")
    if not edits and snippet:
        return
    if not edits:
        say(f"Nothing to change: {journey.survey.config_file.name} says so already.")
    elif takes_defaults or (in_lines and click.confirm("Save this?", default=True, err=True)):
        _save(edits)
    else:
        say("Not saved: `pyreq-tui init --yes` saves it; in a terminal, `pyreq-tui init` asks step by step.")


def _at_defaults(journey: Journey, arguments: Arguments) -> Journey:
    """Every step at what it recommends, in the light of an estimate where there can be one."""
    wanted = journey.course.to_estimate
    return journey.estimated(wanted, _estimate(wanted, arguments)) if wanted else journey


def _save(edits: Sequence[Edit]) -> None:
    write_all(edits)
    for edit in edits:
        say(f"Saved {edit.path}.")
    say("Next: `pyreq-tui` shows what ships; `pyreq-tui build` builds it.")


def _estimate(service: Service, arguments: Arguments) -> Estimate | None:
    """What the service would weigh; where that can't be known, the reason is said."""
    with working(arguments) as (report, cancel):
        try:
            return weigh(service, gather(service, report=report, cancel=cancel, offline=arguments.offline))
        except PyreqError as error:
            say(f"Sizes are not known, so nothing is proposed about them: {error.message}")
            return None
