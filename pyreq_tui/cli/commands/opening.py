"""The commands that open the screens, where there is a terminal."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from pyreq_tui.cli.arguments import Arguments, common, json_option

if TYPE_CHECKING:
    from pyreq_tui.opening import OpenWorkbench


def _has_terminal() -> bool:
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def open_workbench(arguments: Arguments, notice: str | None = None, *, sets_up: bool = False) -> None:
    """Hand the terminal to the screens, and leave with their status; ``sets_up`` begins with guided setup."""
    opener: OpenWorkbench = click.get_current_context().find_root().obj
    raise SystemExit(opener(arguments.opening, notice=notice, sets_up=sets_up))


@click.command("open", hidden=True)
@common
def open_command(arguments: Arguments) -> None:
    """Open the screens on the service in PATH; without a terminal, print what scan prints."""
    if _has_terminal():
        open_workbench(arguments)
    from pyreq_tui.cli.scan import scan

    scan(arguments, as_json=False)


@click.command("init")
@common
@click.option("--yes", is_flag=True, help="Take everything that is recommended, and save it.")
@click.option("--plain", is_flag=True, help="Ask in plain lines, without screens.")
def init_command(arguments: Arguments, *, yes: bool, plain: bool) -> None:
    """Guided first-time setup: writes or completes serverless.yml; shows the diff before it saves."""
    has_terminal = _has_terminal()
    in_lines = has_terminal and (plain or os.environ.get("TERM", "dumb") == "dumb")
    if has_terminal and not (yes or in_lines):
        arguments.survey()  # what can't be read is told before any screen opens
        open_workbench(arguments, sets_up=True)
    from pyreq_tui.cli.init import init

    init(arguments, takes_defaults=yes, in_lines=in_lines and not yes)


@click.command("demo")
@click.argument("folder", required=False, type=click.Path(file_okay=False))
@click.option("--build", "builds", is_flag=True, help="Build it and print the breakdown, even on a terminal.")
@json_option
def demo_command(folder: str | None, *, builds: bool, as_json: bool) -> None:
    """Copy the demo service to FOLDER (default: a temporary one) and open the screens on it."""
    from pyreq_tui.cli.demo import demo

    demo(
        folder, builds=builds or as_json or not _has_terminal(), as_json=as_json, open_screens=open_workbench
    )
