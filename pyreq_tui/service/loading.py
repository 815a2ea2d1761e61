"""From a serverless.yml to a Service."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from pyreq_tui.errors import PyreqError, Where
from pyreq_tui.service.artifacts import LAYER_FILENAME, LAYER_KEY, own_folder
from pyreq_tui.service.configuration import Configuration, Inputs
from pyreq_tui.service.functions import Inherited, read_architecture, read_functions, read_layers
from pyreq_tui.service.model import Service
from pyreq_tui.service.nodes import Mapping, Opaque
from pyreq_tui.service.option_block import read_options
from pyreq_tui.service.own_block import read_own_block
from pyreq_tui.service.patterns import read_patterns
from pyreq_tui.service.reading import Reading
from pyreq_tui.service.written import read_framework_version, read_keys

if TYPE_CHECKING:
    from collections.abc import Mapping as MappingOf

CONFIG_NAMES = ("serverless.yml", "serverless.yaml", "serverless.json")
"""The names tried in a folder, in this order."""
CODE_NAMES = ("serverless.ts", "serverless.js", "serverless.mjs", "serverless.cjs")
"""Those that the Framework runs, and pyreq-tui does not."""


def load_service(
    path: Path,
    *,
    config: str | None = None,
    stage: str | None = None,
    params: MappingOf[str, str] | None = None,
    overrides: MappingOf[str, object] | None = None,
    environ: MappingOf[str, str] | None = None,
    texts: MappingOf[Path, str] | None = None,
) -> Service:
    """The service in ``path``, a folder or a configuration file; ``config`` is another file in that folder.

    ``stage`` and ``params`` stand for ``--stage`` and ``--param``; ``overrides`` change options for this run;
    ``environ`` answers ``${env:…}`` (default: the process's); ``texts`` stand for files as they would be, by
    absolute path. Raises PyreqError with file and line for what can't be read; what reads but looks wrong is
    among ``problems``.
    """
    file = path if texts and path in texts else _find_config(path, config)
    inputs = Inputs(stage, dict(params or {}), dict(os.environ if environ is None else environ))
    configuration = Configuration(file, inputs, texts)
    service = _read_service(Reading(configuration))
    return service.with_overrides(overrides or {})


def _find_config(path: Path, config: str | None) -> Path:
    path = path.expanduser().absolute()
    if path.is_dir():
        names = (config,) if config else CONFIG_NAMES
        found = next((path / name for name in names if (path / name).is_file()), None)
        if found is None and config is None:
            found = next((path / name for name in CODE_NAMES if (path / name).is_file()), None)
        if found is None:
            raise PyreqError(
                f"There is no {' or '.join(names)} here.",
                where=Where(path),
                hint="Name the folder of a Serverless Framework service, or another file with --config; "
                "`pyreq-tui init` makes this folder one.",
            )
        path = found
    elif not path.exists():
        raise PyreqError("There is no such file or folder.", where=Where(path))
    if path.suffix in {".js", ".cjs", ".mjs", ".ts"}:
        raise PyreqError(
            f"{path.name} is code, which pyreq-tui does not run.",
            where=Where(path),
            hint="Run `serverless print --format yaml > serverless.resolved.yml` "
            "and name that file with --config serverless.resolved.yml.",
        )
    return Path(os.path.normpath(path))


def _read_service(reading: Reading) -> Service:
    configuration = reading.configuration
    root = configuration.root
    if not isinstance(root.node, Mapping):
        raise PyreqError(
            f"{configuration.path.name} is empty or not a map.",
            where=root.where,
            hint="A service needs at least `service` and `provider`.",
        )
    name = _name(reading)
    provider = configuration.find("provider")
    if provider is None:
        raise PyreqError(
            f"{configuration.path.name} names no provider.",
            where=root.where,
            hint="Add one: provider: {name: aws, runtime: python3.13}",
        )
    is_short = not isinstance(provider.node, Mapping)
    runtime = None if is_short else reading.text(provider, "runtime", what="provider.runtime")
    architecture = "x86_64" if is_short else read_architecture(reading, provider, "x86_64")
    package = configuration.find("package")
    patterns = read_patterns(reading, package)
    individually = reading.truth(package, "individually")
    artifact = reading.text(package, "artifact", severity="warning")
    layers = None if is_short else read_layers(reading, provider)
    stage = _stage(reading)
    functions = read_functions(
        reading, Inherited(runtime, architecture, individually, artifact, layers or (), name, stage)
    )
    block = read_options(reading)
    plugins_path = _plugins_path(reading)
    own = read_own_block(reading, functions)
    layer_folder = _layer_folder(reading)
    is_handed_over = any(function.packaged and function.artifact_folder for function in functions)
    is_handed_over = is_handed_over or layer_folder is not None
    return Service(
        name=name,
        root=configuration.path.parent,
        config_file=configuration.path,
        provider=reading.text(provider, *(() if is_short else ("name",)), what="provider") or "aws",
        runtime=runtime,
        architecture=architecture,
        stage=stage,
        enabled=block.reason is None or is_handed_over,
        reason=None if is_handed_over else block.reason,
        options=block.options,
        functions=functions,
        patterns=patterns.all,
        excluded=patterns.excluded,
        individually=individually,
        layer_paths=_layer_paths(reading),
        layer_folder=layer_folder,
        uses_dotenv=reading.truth(root, "useDotenv"),
        plugins=reading.texts(configuration.root, *plugins_path),
        plugins_path=plugins_path,
        has_block=block.is_present,
        framework_version=read_framework_version(reading),
        keys=read_keys(reading, functions),
        docker=own.docker,
        budgets=own.budgets,
        problems=tuple(reading.problems) + block.options.conflicts(is_docker_auto=own.docker == "auto"),
        inputs=configuration.inputs,
    )


def _name(reading: Reading) -> str:
    """``service``, or ``service.name``; the folder's name where a variable hides it."""
    configuration = reading.configuration
    place = configuration.find("service")
    if place is None:
        raise PyreqError(
            f"{configuration.path.name} names no service.",
            where=configuration.root.where,
            hint="Add the line `service: a-name` at its top, or name the right file with --config.",
        )
    keys = ("name",) if isinstance(place.node, Mapping) else ()
    return reading.text(place, *keys, what="service", severity="warning") or configuration.path.parent.name


def _stage(reading: Reading) -> str:
    configuration = reading.configuration
    if configuration.inputs.stage is None:
        stage = configuration.find("provider", "stage")
        if stage is not None and isinstance(stage.node, Opaque):
            reading.report_unknown(stage, "provider.stage", "warning")
    return configuration.stage()


def _layer_folder(reading: Reading) -> str | None:
    """The folder where the service's own layer of requirements names pyreq-tui's artifact."""
    layer = reading.configuration.find("layers", LAYER_KEY, "package")
    artifact = reading.text(layer, "artifact", severity="warning")
    return own_folder(artifact, LAYER_FILENAME) if artifact is not None else None


def _layer_paths(reading: Reading) -> tuple[str, ...]:
    layers = reading.configuration.find("layers")
    if layers is None or not isinstance(layers.node, Mapping):
        return ()
    paths = (
        reading.text(reading.configuration.resolve(layer), "path") for layer in layers.entries().values()
    )
    return tuple(path for path in paths if path is not None)


def _plugins_path(reading: Reading) -> tuple[str, ...]:
    """A list, or a map with one, beside where plugins of the service's own lie."""
    plugins = reading.configuration.find("plugins")
    is_map = plugins is not None and isinstance(plugins.node, Mapping)
    return ("plugins", "modules") if is_map else ("plugins",)
