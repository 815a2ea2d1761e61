"""The commands that write artifacts, requirements and options."""

from __future__ import annotations

import click

from pyreq_tui.cli.arguments import Arguments, common, json_option


@click.command("build")
@common
@json_option
@click.option(
    "-o", "--output", type=click.Path(file_okay=False), help="Where the artifacts go (default: .serverless)."
)
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


@click.command("install")
@common
def install_command(arguments: Arguments) -> None:
    """Unpack the requirements alone into .serverless/requirements, for other tools."""
    from pyreq_tui.cli.install import install

    install(arguments)


@click.command("config")
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


@click.command("layer")
@common
def layer_command(arguments: Arguments) -> None:
    """Print the definition of the layer that layer: true builds, as YAML to paste."""
    from pyreq_tui.cli.layer import layer

    layer(arguments)
