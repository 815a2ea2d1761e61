"""The functions of a service, each with what it inherits filled in."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyreq_tui.errors import Finding
from pyreq_tui.service.artifacts import function_filename, own_folder, shared_filename
from pyreq_tui.service.model import Function
from pyreq_tui.service.nodes import Mapping, Opaque, Sequence
from pyreq_tui.service.patterns import Patterns, read_patterns
from pyreq_tui.service.written import read_ephemeral_storage

if TYPE_CHECKING:
    from pyreq_tui.service.places import Place
    from pyreq_tui.service.reading import Reading

ARCHITECTURES = ("x86_64", "arm64")
"""What Lambda runs on."""


@dataclass(frozen=True)
class Inherited:
    """What a function takes from the provider and the service unless it says otherwise."""

    runtime: str | None
    architecture: str
    individually: bool
    artifact: str | None
    """A ready artifact for the whole service."""
    layers: tuple[str, ...]
    service: str
    stage: str


def read_functions(reading: Reading, inherited: Inherited) -> tuple[Function, ...]:
    """Every function, in order; from a map, a list of maps, or files of either."""
    places = _places(reading, reading.configuration.find("functions"), ("functions",))
    return tuple(_read(reading, path, place, inherited) for path, place in places.values())


def read_architecture(reading: Reading, place: Place | None, default: str) -> str:
    """``architecture`` below ``place``, or the default."""
    architecture = reading.text(place, "architecture")
    if architecture is None:
        return default
    if architecture not in ARCHITECTURES:
        found = reading.below(place, "architecture")
        message = f"Lambda has no architecture {architecture!r}; {default} is assumed."
        where = found.where if found else None
        reading.report(Finding("error", "unknown-architecture", message, where, "Write x86_64 or arm64."))
        return default
    return architecture


def read_layers(reading: Reading, place: Place | None) -> tuple[str, ...] | None:
    """The layers below ``place``: ARNs as they stand, ``Ref: Name`` as its name; ``None`` without any."""
    layers = reading.below(place, "layers")
    if layers is None:
        return None
    named = []
    for element in layers.elements():
        layer = reading.configuration.resolve(element)
        if isinstance(layer.node, Opaque):
            named.append(layer.node.expression)
        elif isinstance(layer.node, Mapping):
            inner = next(iter(layer.entries().values()), None)
            value = reading.configuration.resolve(inner).scalar if inner is not None else None
            named.append(value if isinstance(value, str) else layer.document.source(layer.node).strip())
        elif isinstance(layer.scalar, str):
            named.append(layer.scalar)
    return tuple(named)


def _places(
    reading: Reading, functions: Place | None, above: tuple[str, ...]
) -> dict[str, tuple[tuple[str, ...], Place]]:
    """Where each function stands, and the keys that lead there."""
    if functions is None:
        return {}
    if isinstance(functions.node, Opaque):
        reading.report_unknown(functions, "functions", "error")
    elif isinstance(functions.node, Mapping):
        return {name: ((*above, name), place) for name, place in functions.entries().items()}
    elif isinstance(functions.node, Sequence):
        found: dict[str, tuple[tuple[str, ...], Place]] = {}
        for index, element in enumerate(functions.elements()):
            found |= _places(reading, reading.below(element), (*above, str(index)))
        return found
    else:
        reading.report_type(functions, "functions", "a map or a list of maps")
    return {}


def _read(reading: Reading, path: tuple[str, ...], place: Place, inherited: Inherited) -> Function:
    name = path[-1]
    here = reading.configuration.resolve(place)
    if isinstance(here.node, Opaque):
        reading.report_unknown(here, f"functions.{name}", "error")
    elif not isinstance(here.node, Mapping):
        reading.report_type(here, f"functions.{name}", "a map")
    runtime_place = reading.below(here, "runtime")
    runtime = (
        reading.text(here, "runtime", what=f"functions.{name}.runtime")
        if runtime_place is not None
        else inherited.runtime
    )
    package = reading.below(here, "package")
    patterns = read_patterns(reading, package)
    own_individually = reading.truth(package, "individually")
    individually = own_individually or inherited.individually
    layers = read_layers(reading, here)
    module = _module(reading, here, individually=individually)
    filename = (
        function_filename(name, module, inherited.service, inherited.stage)
        if individually
        else shared_filename(inherited.service)
    )
    artifact = reading.text(package, "artifact", severity="warning")
    if artifact is None and not own_individually:
        artifact = inherited.artifact
    own = own_folder(artifact, filename) if artifact is not None else None
    reason = _reason(reading, here, package, runtime, artifact if own is None else None)
    function = Function(
        name=name,
        handler=None if reading.below(here, "image") is not None else reading.text(here, "handler"),
        runtime=runtime,
        architecture=read_architecture(reading, here, inherited.architecture),
        module=module,
        individually=individually,
        patterns=patterns.all,
        excluded=patterns.excluded,
        vendor=reading.text(here, "vendor"),
        layers=inherited.layers if layers is None else layers,
        packaged=reason is None,
        reason=reason,
        where=place.where if place.document is here.document else here.where,
        path=path,
        ephemeral_storage_bytes=read_ephemeral_storage(reading, here),
        artifact_folder=own,
    )
    if function.packaged:
        _check(reading, function, patterns)
    return function


def _reason(
    reading: Reading,
    function: Place,
    package: Place | None,
    runtime: str | None,
    artifact: str | None,
) -> str | None:
    """Why a function is not packaged here; ``artifact`` is a ready one that is not pyreq-tui's own."""
    if not isinstance(function.node, Mapping):
        return "its definition can't be read"
    if reading.below(function, "image") is not None:
        return "it runs from a container image"
    if reading.truth(package, "disable"):
        return "package.disable is set"
    if artifact is not None:
        return f"it ships a ready artifact, {artifact}"
    if runtime is None:
        return "its runtime is not known"
    if not runtime.startswith("python"):
        return f"its runtime is {runtime}"
    return None


def _module(reading: Reading, function: Place, *, individually: bool) -> str:
    text = reading.text(function, "module")
    if text is None:
        return "."
    module = posixpath.normpath(text.replace("\\", "/").strip() or ".")
    if not individually and module != ".":
        found = reading.below(function, "module")
        reading.report(
            Finding(
                "warning",
                "module-not-individual",
                f"module: {text} has no effect: the function shares the service's package.",
                found.where if found else None,
                "Set package.individually: true for the function or the service.",
            )
        )
        return "."
    return module


def _check(reading: Reading, function: Function, patterns: Patterns) -> None:
    if function.handler is None:
        message = f"The function {function.name} names no handler."
        reading.report(Finding("warning", "no-handler", message, function.where))
    if patterns.all and not function.individually:
        message = f"The package patterns of {function.name} have no effect: it shares the service's package."
        hint = "Set package.individually: true for the function or the service."
        reading.report(Finding("warning", "patterns-not-individual", message, function.where, hint))
