"""``pyreq-tui``: which command is meant, and the exit status it ends with."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from pyreq_tui import __version__
from pyreq_tui.cli.commands.cleaning import cache_commands, clean_cache_command, clean_command
from pyreq_tui.cli.commands.looking import (
    check_command,
    estimate_command,
    info_command,
    scan_command,
    why_command,
)
from pyreq_tui.cli.commands.opening import demo_command, init_command, open_command
from pyreq_tui.cli.commands.writing import build_command, config_command, install_command, layer_command
from pyreq_tui.errors import Cancelled, PyreqError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyreq_tui.opening import OpenWorkbench


class _PathOrCommand(click.Group):
    """A group whose first word may be a PATH: then the command is ``open``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put ``open`` in front of what is not a command."""
        if not args or (args[0] not in self.commands and args[0] not in ("--help", "--version", "-h")):
            args = ["open", *args]
        return super().parse_args(ctx, args)


@click.group(
    cls=_PathOrCommand,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="`pyreq-tui [PATH]` without a command opens the screens on the service in PATH.",
)
@click.version_option(__version__, prog_name="pyreq-tui")
def commands() -> None:
    """See what a Serverless Framework service would ship to AWS Lambda, make it fit, and build it."""


for each in (
    *(scan_command, estimate_command, check_command, why_command, info_command),
    *(build_command, install_command, config_command, layer_command),
    *(open_command, init_command, demo_command),
    *(clean_command, clean_cache_command, cache_commands),
):
    commands.add_command(each)


def main(opener: OpenWorkbench, arguments: Sequence[str] | None = None) -> int:
    """Run the command line; the exit status (0 done, 1 a check failed, 2 input, 3 build, 130 cancelled)."""
    from pyreq_tui.cli.messages import say, show_error

    try:
        status = commands.main(args=arguments, prog_name="pyreq-tui", standalone_mode=False, obj=opener)
    except click.ClickException as error:
        error.show()
        return 2
    except PyreqError as error:
        show_error(error)
        return error.exit_status
    except (Cancelled, KeyboardInterrupt, click.Abort):
        say("Cancelled: nothing half-written was left.")
        return Cancelled.exit_status
    except BrokenPipeError:
        # The reader has gone (`| head`): not an error. Python would complain again when it flushes at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    return status if isinstance(status, int) else 0
