"""The commands that show what is there and what would ship, and write nothing unless told to."""

from __future__ import annotations

import click

from pyreq_tui.cli.arguments import Arguments, common, json_option


@click.command("scan")
@common
@json_option
def scan_command(arguments: Arguments, *, as_json: bool) -> None:
    """Show what is there: functions, modules, sources, options, problems."""
    from pyreq_tui.cli.scan import scan

    scan(arguments, as_json=as_json)


@click.command("estimate")
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


@click.command("check")
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


@click.command("why")
@click.argument("package")
@common
@json_option
def why_command(arguments: Arguments, *, package: str, as_json: bool) -> None:
    """Show every dependency path from a requirement to PACKAGE, with what it costs."""
    from pyreq_tui.cli.why import why

    why(arguments, package, as_json=as_json)


@click.command("info")
@json_option
def info_command(*, as_json: bool) -> None:
    """Show versions, terminal, folders and interpreters, for a bug report; nothing secret."""
    from pyreq_tui.cli.info import info

    info(as_json=as_json)
