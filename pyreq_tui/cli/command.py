"""The commands, their arguments and their exit status. Each does its work in a module of its own."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Protocol

import click

from pyreq_tui import __version__
from pyreq_tui.cli.arguments import Arguments, common
from pyreq_tui.errors import Cancelled, PyreqError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path


class OpenWorkbench(Protocol):
    """Opens the screens; given from outside, for neither front end knows the other."""

    def __call__(
        self,
        path: Path,
        *,
        config: str | None,
        stage: str | None,
        params: Mapping[str, str],
        overrides: Mapping[str, object],
        offline: bool,
        functions: tuple[str, ...] = (),
        notice: str | None = None,
        sets_up: bool = False,
    ) -> int:
        """Run until the user leaves; the exit status."""


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


json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")
output_option = click.option(
    "-o", "--output", type=click.Path(file_okay=False), help="Where the artifacts go (default: .serverless)."
)


def _has_terminal() -> bool:
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def open_workbench(arguments: Arguments, notice: str | None = None, *, sets_up: bool = False) -> None:
    """Hand the terminal to the screens, and leave with their status; ``sets_up`` begins with guided setup."""
    opener: OpenWorkbench = click.get_current_context().find_root().obj
    status = opener(
        arguments.path,
        config=arguments.config,
        stage=arguments.stage,
        params=arguments.params,
        overrides=arguments.overrides,
        offline=arguments.offline,
        functions=arguments.functions,
        notice=notice,
        sets_up=sets_up,
    )
    raise SystemExit(status)


@commands.command("open", hidden=True)
@common
def open_command(arguments: Arguments) -> None:
    """Open the screens on the service in PATH; without a terminal, print what scan prints."""
    if _has_terminal():
        open_workbench(arguments)
    from pyreq_tui.cli.scan import scan

    scan(arguments, as_json=False)


@commands.command("scan")
@common
@json_option
def scan_command(arguments: Arguments, *, as_json: bool) -> None:
    """Show what is there: functions, modules, sources, options, problems."""
    from pyreq_tui.cli.scan import scan

    scan(arguments, as_json=as_json)


@commands.command("estimate")
@common
@json_option
@click.option(
    "--compare",
    metavar="WHAT",
    help="Show what grew since the last build, or against a stage or branch: last, stage:NAME, branch:NAME.",
)
def estimate_command(arguments: Arguments, *, as_json: bool, compare: str | None) -> None:
    """Show what a build would write, downloading nothing but the directories of wheels."""
    from pyreq_tui.cli.estimate import estimate

    estimate(arguments, as_json=as_json, compare=compare)


@commands.command("build")
@common
@json_option
@output_option
@click.option(
    "--sbom",
    is_flag=False,
    flag_value="",
    metavar="[PLACE]",
    help="Write what ships as CycloneDX too: beside each artifact, or to PLACE, a folder or a file for one.",
)
def build_command(arguments: Arguments, *, as_json: bool, output: str | None, sbom: str | None) -> None:
    """Write the artifacts."""
    from pyreq_tui.cli.build import build

    build(arguments, as_json=as_json, output=output, sbom=sbom)


@commands.command("install")
@common
def install_command(arguments: Arguments) -> None:
    """Unpack the requirements alone into .serverless/requirements, for other tools."""
    from pyreq_tui.cli.install import install

    install(arguments)


@commands.command("check")
@common
@json_option
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json", "github", "sarif", "junit")),
    help="For people, scripts, GitHub's annotations, code scanning, or a CI's list of tests.",
)
@click.option(
    "--max-unzipped", metavar="SIZE", help="Budget for each artifact in place of the service's: 200MB."
)
@click.option(
    "--max-zipped", metavar="SIZE", help="Budget for each artifact in place of the service's: 50MB."
)
@click.option(
    "--imports",
    is_flag=True,
    help="Import each handler from its artifact, which is built first where it is not: this runs your code.",
)
@click.option("--fix", "fixes", is_flag=True, help="Show the diff that mends what can be mended.")
@click.option("--write", is_flag=True, help="With --fix: save it.")
def check_command(
    arguments: Arguments,
    *,
    as_json: bool,
    form: str | None,
    max_unzipped: str | None,
    max_zipped: str | None,
    imports: bool,
    fixes: bool,
    write: bool,
) -> None:
    """Exit 1 when a limit or a budget is exceeded, or another error stands."""
    from pyreq_tui.cli.check import Asked, check

    if as_json and form not in (None, "json"):
        raise click.UsageError(f"--json and --format {form} exclude each other.")
    asked = Asked(
        form=form or ("json" if as_json else "text"),
        max_unzipped=max_unzipped,
        max_zipped=max_zipped,
        imports=imports,
        fixes=fixes,
        write=write,
    )
    check(arguments, asked)


@commands.command("why")
@click.argument("package")
@common
@json_option
def why_command(arguments: Arguments, *, package: str, as_json: bool) -> None:
    """Show every dependency path from a requirement to PACKAGE, with what it costs."""
    from pyreq_tui.cli.why import why

    why(arguments, package, as_json=as_json)


@commands.command("config")
@common
@click.option("--unset", multiple=True, metavar="KEY", help="Take this option out.")
@click.option(
    "--use-artifacts/--no-use-artifacts",
    default=None,
    help="Have the Framework deploy what pyreq-tui builds, or have it package itself again.",
)
@click.option(
    "--use-layer/--no-use-layer",
    default=None,
    help="Turn layer on, and have every function that can name it, or take that back.",
)
@click.option("--write", is_flag=True, help="Save it.")
def config_command(
    arguments: Arguments,
    *,
    unset: tuple[str, ...],
    use_artifacts: bool | None,
    use_layer: bool | None,
    write: bool,
) -> None:
    """Show the diff that --set and --unset would save to serverless.yml; --write saves it."""
    from pyreq_tui.cli.config import config

    config(arguments, unset=unset, use_artifacts=use_artifacts, use_layer=use_layer, write=write)


@commands.command("layer")
@common
def layer_command(arguments: Arguments) -> None:
    """Print the definition of the layer that layer: true builds, as YAML to paste."""
    from pyreq_tui.cli.layer import layer

    layer(arguments)


@commands.command("init")
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


@commands.command("clean")
@common
def clean_command(arguments: Arguments) -> None:
    """Remove what build and install left in .serverless: requirements, artifacts, the last build's record."""
    from pyreq_tui.cli.caches import clean

    clean(arguments)


@commands.command("clean-cache")
@common
def clean_cache_command(arguments: Arguments) -> None:
    """Empty all caches: the user's, or those at the cacheLocation of the service in PATH."""
    from pyreq_tui.cli.caches import clean_cache

    clean_cache(arguments)


@commands.group("cache")
def cache_commands() -> None:
    """See, thin out and check what is kept between builds."""


@cache_commands.command("list")
@common
@json_option
def list_cache_command(arguments: Arguments, *, as_json: bool) -> None:
    """Show what is kept, kind by kind."""
    from pyreq_tui.cli.caches import list_cache

    list_cache(arguments, as_json=as_json)


@cache_commands.command("prune")
@common
@click.option(
    "--days",
    type=click.IntRange(min=0),
    default=30,
    show_default=True,
    help="Remove what no build used for so long.",
)
def prune_cache_command(arguments: Arguments, *, days: int) -> None:
    """Remove what no build used for some time, and all but the last staticCacheMaxVersions builds."""
    from pyreq_tui.cli.caches import prune_cache

    prune_cache(arguments, days=days)


@cache_commands.command("verify")
@common
def verify_cache_command(arguments: Arguments) -> None:
    """Read everything again and remove what is damaged; exit 1 where something was."""
    from pyreq_tui.cli.caches import verify_cache

    verify_cache(arguments)


@commands.command("info")
@json_option
def info_command(*, as_json: bool) -> None:
    """Show versions, terminal, folders and interpreters, for a bug report; nothing secret."""
    from pyreq_tui.cli.info import info

    info(as_json=as_json)


@commands.command("demo")
@click.argument("folder", required=False, type=click.Path(file_okay=False))
@click.option("--build", "builds", is_flag=True, help="Build it and print the breakdown, even on a terminal.")
@json_option
def demo_command(folder: str | None, *, builds: bool, as_json: bool) -> None:
    """Copy the demo service to FOLDER (default: a temporary one) and open the screens on it."""
    from pyreq_tui.cli.demo import demo

    demo(
        folder, builds=builds or as_json or not _has_terminal(), as_json=as_json, open_screens=open_workbench
    )


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
