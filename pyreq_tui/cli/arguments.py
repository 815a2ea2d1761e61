"""What every command takes, and the Service it names."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from pyreq_tui.errors import PyreqError, Where
from pyreq_tui.opening import Opening

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyreq_tui.service import Service
    from pyreq_tui.setup import Survey

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document.")


@dataclass(frozen=True)
class Arguments:
    """The common options of a command."""

    path: Path
    config: str | None
    stage: str | None
    params: dict[str, str]
    overrides: dict[str, object]
    functions: tuple[str, ...]
    quiet: bool
    verbose: bool
    offline: bool
    color: bool
    docker: Literal["auto"] | None = None
    """``--docker``; ``None`` leaves it to the file."""

    def load(self) -> Service:
        """The Service at ``path``, with ``--set`` and ``--docker`` applied."""
        from pyreq_tui.service import load_service

        service = load_service(
            self.path,
            config=self.config,
            stage=self.stage,
            params=self.params,
            overrides=self.overrides,
        )
        return service.with_docker(self.docker) if self.docker else service

    def survey(self) -> Survey:
        """What setup has to know of the folder at ``path``."""
        from pyreq_tui.setup import survey

        return survey(self.path, config=self.config, stage=self.stage, params=self.params)

    @property
    def opening(self) -> Opening:
        """What the screens are told of it."""
        return Opening(
            path=self.path,
            config=self.config,
            stage=self.stage,
            params=self.params,
            overrides=self.overrides,
            offline=self.offline,
            functions=self.functions,
        )

    def load_active(self) -> Service:
        """As ``load``, but only where Python support is on, or ``--set`` asks for a build all the same.

        Raises PyreqError where it is off.
        """
        service = self.load()
        if not service.enabled:
            raise PyreqError(
                f"Python support is not active: {service.reason}",
                where=Where(service.config_file),
                hint="Turn it on with `pyreq-tui init`, or try one run with `--set slim=false`.",
            )
        return service


def _pair(text: str, option: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise click.UsageError(f"{option} takes KEY=VALUE, not {text!r}.")
    return key.strip(), value


def _yaml_pair(text: str) -> tuple[str, object]:
    """``slim=true`` -> ``("slim", True)``: the value is YAML, as it would stand in serverless.yml."""
    from pyreq_tui.service import read_value_text

    key, value = _pair(text, "--set")
    try:
        return key, read_value_text(value)
    except PyreqError as error:
        raise click.UsageError(f"--set {key}: {value!r} is not a value: {error.message}") from error


def common(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that all of them take, handed over as one Arguments."""

    @click.argument("path", type=click.Path(path_type=Path), default=".")
    @click.option("--config", metavar="FILE", help="Another name than serverless.yml.")
    @click.option("--stage", help="The stage to read the configuration for.")
    @click.option("--param", "params", multiple=True, metavar="KEY=VALUE", help="A value for ${param:KEY}.")
    @click.option(
        "--set",
        "overrides",
        multiple=True,
        metavar="KEY=VALUE",
        help="An option for this run; VALUE is YAML.",
    )
    @click.option(
        "--docker", type=click.Choice(["auto"]), help="A container for packages without a wheel only."
    )
    @click.option("--function", "functions", multiple=True, metavar="NAME", help="Only this function.")
    @click.option("--quiet", is_flag=True, help="Say nothing but errors on stderr.")
    @click.option("--verbose", is_flag=True, help="Show what the tools print.")
    @click.option("--offline", is_flag=True, help="Use what is cached, ask no index.")
    @click.option("--no-color", is_flag=True, help="No colours (NO_COLOR does the same).")
    @functools.wraps(command)
    def with_arguments(
        path: Path,
        config: str | None,
        stage: str | None,
        params: tuple[str, ...],
        overrides: tuple[str, ...],
        docker: Literal["auto"] | None,
        functions: tuple[str, ...],
        *,
        no_color: bool,
        quiet: bool,
        verbose: bool,
        offline: bool,
        **own: object,
    ) -> None:
        arguments = Arguments(
            path=path,
            config=config,
            stage=stage,
            params=dict(_pair(item, "--param") for item in params),
            overrides=dict(_yaml_pair(item) for item in overrides),
            functions=functions,
            quiet=quiet,
            verbose=verbose,
            offline=offline,
            color=not no_color,
            docker=docker,
        )
        command(arguments, **own)

    return with_arguments
