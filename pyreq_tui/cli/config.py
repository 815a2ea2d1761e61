"""``config``: the diff that would be saved to serverless.yml."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from pyreq_tui.cli.messages import say
from pyreq_tui.cli.output import write_raw
from pyreq_tui.errors import OptionChange, PyreqError, Where
from pyreq_tui.service import (
    HANDOVER_FOLDER,
    Options,
    code_file,
    edit_options,
    hand_over,
    leave_layer,
    render_code,
    take_back,
    use_layer,
    write_all,
    written_options,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pyreq_tui.cli.arguments import Arguments
    from pyreq_tui.service import Edit


def config(
    arguments: Arguments,
    *,
    unset: tuple[str, ...],
    use_artifacts: bool | None,
    use_layer: bool | None,
    write: bool,
) -> None:
    """Print the diff; save it where asked."""
    asked = [bool(unset or arguments.overrides), use_artifacts is not None, use_layer is not None]
    if sum(asked) != 1:
        raise click.UsageError(
            "config needs --set KEY=VALUE and --unset KEY, or --use-artifacts, or --use-layer: "
            "one after the other."
        )
    if use_artifacts is not None:
        _use_artifacts(arguments, is_used=use_artifacts, write=write)
    elif use_layer is not None:
        _use_layer(arguments, is_used=use_layer, write=write)
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


def _use_layer(arguments: Arguments, *, is_used: bool, write: bool) -> None:
    if arguments.functions and not is_used:
        raise click.UsageError("--no-use-layer takes all of it back: leave out --function.")
    service = arguments.load()
    service.check_functions(arguments.functions)
    _save(use_layer(service, arguments.functions) if is_used else leave_layer(service), write=write)


def _change_options(arguments: Arguments, unset: tuple[str, ...], *, write: bool) -> None:
    changes = [OptionChange(key, value) for key, value in arguments.overrides.items()]
    changes += [OptionChange(key, is_unset=True) for key in unset]
    code = code_file(arguments.path) if arguments.path.is_dir() else None
    if code is not None:
        _show_code(arguments, changes, code, write=write)
        return
    service = replace(arguments, overrides={}).load()
    service.with_overrides(arguments.overrides)  # a wrong key or value is told before anything is shown
    _save((edit_options(service, changes),), write=write)


def _show_code(arguments: Arguments, changes: Sequence[OptionChange], code: Path, *, write: bool) -> None:
    """Print what to paste: the whole block where --config names what was printed from the code."""
    if arguments.config:
        options = written_options(replace(arguments, overrides={}).load(), changes)
    else:
        given = Options().override(arguments.overrides)
        options = {key: given.value(key) for key in arguments.overrides}
    write_raw(render_code(options))
    if write:
        raise PyreqError(
            f"{code.name} is code, which pyreq-tui does not edit.",
            where=Where(code),
            hint="Paste what is printed above into it.",
        )
    say(f"{code.name} is code, which pyreq-tui does not edit: paste this into it.")


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
