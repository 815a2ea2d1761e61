"""``config``: the diff that would be saved to serverless.yml."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from pyreq_tui.cli.messages import say
from pyreq_tui.cli.output import write_raw
from pyreq_tui.errors import OptionChange
from pyreq_tui.service import edit_options

if TYPE_CHECKING:
    from pyreq_tui.cli.arguments import Arguments


def config(arguments: Arguments, *, unset: tuple[str, ...], write: bool) -> None:
    """Print the diff; save it where asked."""
    changes = [OptionChange(key, value) for key, value in arguments.overrides.items()]
    changes += [OptionChange(key, is_unset=True) for key in unset]
    if not changes:
        raise click.UsageError("config needs --set KEY=VALUE or --unset KEY.")
    arguments.load()  # a wrong key or value is told before anything is shown
    edit = edit_options(replace(arguments, overrides={}).load(), changes)
    write_raw(edit.diff())
    if not edit.changed:
        say("Nothing changes: serverless.yml says so already.")
    elif write:
        edit.write()
        say(f"Saved {edit.path}.")
    else:
        say("Not saved: add --write.")
