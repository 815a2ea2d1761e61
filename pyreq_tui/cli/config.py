"""``config``: the diff that would be saved to serverless.yml."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from pyreq_tui.cli.messages import say
from pyreq_tui.cli.output import write_raw
from pyreq_tui.errors import OptionChange
from pyreq_tui.service import HANDOVER_FOLDER, edit_options, hand_over, take_back, use_layer, write_all

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyreq_tui.cli.arguments import Arguments
    from pyreq_tui.service import Edit


def config(
    arguments: Arguments, *, unset: tuple[str, ...], use_artifacts: bool | None, use_layer: bool, write: bool
) -> None:
    """Print the diff; save it where asked."""
    asked = [bool(unset or arguments.overrides), use_artifacts is not None, use_layer]
    if sum(asked) != 1:
        raise click.UsageError(
            "config needs --set KEY=VALUE and --unset KEY, or --use-artifacts, or --use-layer: "
            "one after the other."
        )
    if use_artifacts is not None:
        _use_artifacts(arguments, is_used=use_artifacts, write=write)
    elif use_layer:
        _use_layer(arguments, write=write)
    else:
        _change_options(arguments, unset, write=write)


def _use_artifacts(arguments: Arguments, *, is_used: bool, write: bool) -> None:
    service = arguments.load()
    _save(hand_over(service) if is_used else take_back(service), write=write)
    if is_used:
        say(
            "From then on: `pyreq-tui build`, then `serverless deploy`. "
            f"The artifacts lie in {HANDOVER_FOLDER}/, which belongs in .gitignore."
        )


def _use_layer(arguments: Arguments, *, write: bool) -> None:
    service = arguments.load()
    service.check_functions(arguments.functions)
    _save(use_layer(service, arguments.functions), write=write)


def _change_options(arguments: Arguments, unset: tuple[str, ...], *, write: bool) -> None:
    changes = [OptionChange(key, value) for key, value in arguments.overrides.items()]
    changes += [OptionChange(key, is_unset=True) for key in unset]
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
