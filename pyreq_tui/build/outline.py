"""Which artifacts a service has, before anything is known of their contents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyreq_tui.service import (
    LAYER_FILENAME,
    LAYER_KEY,
    LAYER_REFERENCE,
    function_filename,
    layer_platform,
    platform_of,
    shared_filename,
)

if TYPE_CHECKING:
    from pyreq_tui.build.model import ArtifactKind
    from pyreq_tui.service import Function, Service


@dataclass(frozen=True)
class ArtifactOutline:
    """One artifact's name, functions and inputs."""

    name: str
    filename: str
    kind: ArtifactKind
    functions: tuple[str, ...]
    runtime: str | None
    architecture: str
    module: str | None
    """Whose requirements belong in it (``.`` is the service's root); ``None`` for none."""
    patterns: tuple[str, ...]
    """The service's, then the function's own."""
    vendors: tuple[str, ...]
    """Vendor folders copied over the requirements, in order."""
    own_patterns: tuple[str, ...] = ()
    """The function's own."""
    names_layer: bool = False
    """Whether its functions name the layer built here."""


def outline(service: Service, functions: tuple[str, ...] = ()) -> tuple[ArtifactOutline, ...]:
    """The artifacts of ``service``, in the order of its functions; the shared one first, the layer last.

    Functions not packaged individually share one artifact; one individual function has one of its own.
    ``functions`` limits the outline to the artifacts those functions run from.
    Raises PyreqError for a function that does not exist.
    """
    service.check_functions(functions)
    packaged = [function for function in service.functions if function.packaged]
    shared = [function for function in packaged if not function.individually]
    artifacts = []
    if shared:
        artifacts.append(_shared(service, shared))
    artifacts += [_individual(service, function) for function in packaged if function.individually]
    if functions:
        artifacts = [artifact for artifact in artifacts if set(artifact.functions) & set(functions)]
    if functions and not artifacts:
        return ()
    return (*artifacts, *_layers(service, artifacts))


def _shared(service: Service, functions: list[Function]) -> ArtifactOutline:
    vendors = [service.options.vendor, *(function.vendor for function in functions)]
    runtime, architecture = platform_of(service, functions)
    return ArtifactOutline(
        name=service.name,
        filename=shared_filename(service.name),
        kind="service",
        functions=tuple(function.name for function in functions),
        runtime=runtime,
        architecture=architecture,
        module=".",
        patterns=service.patterns,
        vendors=tuple(dict.fromkeys(vendor for vendor in vendors if vendor)),
        names_layer=any(LAYER_REFERENCE in function.layers for function in functions),
    )


def _individual(service: Service, function: Function) -> ArtifactOutline:
    vendor = function.vendor or service.options.vendor
    return ArtifactOutline(
        name=function.name,
        filename=function_filename(function.name, function.module, service.name, service.stage),
        kind="function",
        functions=(function.name,),
        runtime=function.runtime,
        architecture=function.architecture,
        module=function.module,
        patterns=service.patterns_of(function),
        vendors=(vendor,) if vendor else (),
        own_patterns=function.patterns,
        names_layer=LAYER_REFERENCE in function.layers,
    )


def _layers(service: Service, artifacts: list[ArtifactOutline]) -> tuple[ArtifactOutline, ...]:
    """The layer that ``layer`` would build: the root's requirements, for the runtime its functions have.

    It is outlined even where the option is not set, if the root's requirements are needed anyway: then its
    contents are known when someone flips it. With the option it is there even where no function is.
    """
    if not (service.options.layer or any(artifact.module == "." for artifact in artifacts)):
        return ()
    runtime, architecture = layer_platform(service)
    if runtime is None:
        return ()
    users = tuple(name for artifact in artifacts if artifact.names_layer for name in artifact.functions)
    return (
        ArtifactOutline(
            name=LAYER_KEY,
            filename=LAYER_FILENAME,
            kind="layer",
            functions=users,
            runtime=runtime,
            architecture=architecture,
            module=".",
            patterns=(),
            vendors=(service.options.vendor,) if service.options.vendor else (),
        ),
    )
