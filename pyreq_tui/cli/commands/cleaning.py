"""The commands for what is kept between builds."""

from __future__ import annotations

import click

from pyreq_tui.cli.arguments import Arguments, common, json_option


@click.command("clean")
@common
def clean_command(arguments: Arguments) -> None:
    """Remove what build and install left in .serverless: requirements, artifacts, the last build's record."""
    from pyreq_tui.cli.caches import clean

    clean(arguments)


@click.command("clean-cache")
@common
def clean_cache_command(arguments: Arguments) -> None:
    """Empty all caches: the user's, or those at the cacheLocation of the service in PATH."""
    from pyreq_tui.cli.caches import clean_cache

    clean_cache(arguments)


@click.group("cache")
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
