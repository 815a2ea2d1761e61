"""``config``: the diff that would be saved to serverless.yml."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from pyreq_tui.cli.messages import say
from pyreq_tui.cli.output import write_raw
from pyreq_tui.errors import OptionChange
from pyreq_tui.service import HANDOVER_FOLDER, edit_options, hand_over, take_back, write_all

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyreq_tui.cli.arguments import Arguments
    from pyreq_tui.service import Edit


def config(arguments: Arguments, *, unset: tuple[str, ...], use_artifacts: bool | None, write: bool) -> None:
    """Print the diff; save it where asked."""
    if use_artifacts is not None:
        if unset or arguments.overrides:
            raise click.UsageError("--use-artifacts goes without --set and --unset: do one after the other.")
        service = arguments.load()
        _save(hand_over(service) if use_artifacts else take_back(service), write=write)
        if use_artifacts:
            say(
                "From then on: `pyreq-tui build`, then `serverless deploy`. "
                f"The artifacts lie in {HANDOVER_FOLDER}/, which belongs in .gitignore."
            )
        return
    changes = [OptionChange(key, value) for key, value in arguments.overrides.items()]
    changes += [OptionChange(key, is_unset=True) for key in unset]
    if not changes:
        raise click.UsageError("config needs --set KEY=VALUE, --unset KEY or --use-artifacts.")
    arguments.load()  # a wrong key or value is told before anything is shown
    _save((edit_options(replace(arguments, overrides={}).load(), changes),), write=write)


def _save(edits: Sequence[Edit], *, write: bool) -> None:
    changed = [edit for edit in edits if edit.changed]
    for edit in changed:
        write_raw(edit.diff())
    if not changed:
        say("Nothing changes: serverless.yml says so already.")
    elif write:
        write_all(changed)
        for edit in changed:
            say(f"Saved {edit.path}.")
    else:
        say("Not saved: add --write.")
