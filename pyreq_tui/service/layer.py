"""The layer that ``layer`` builds: what it is built for, how serverless.yml declares it, who uses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.errors import ItemChange, OptionChange, PyreqError, ValueChange, Where
from pyreq_tui.service.artifacts import BUILD_FOLDER, HANDOVER_FOLDER, LAYER_FILENAME, LAYER_KEY
from pyreq_tui.service.configuration import Configuration
from pyreq_tui.service.rendering import render_map
from pyreq_tui.service.specs import LayerOptions, plain_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyreq_tui.service.edit import Edit
    from pyreq_tui.service.editing import ConfigurationChange
    from pyreq_tui.service.model import Function, Service

LAYER_REFERENCE = "PythonRequirementsLambdaLayer"
"""The logical id that the Framework gives the layer, and under which functions name it."""
STAGE_VARIABLE = "${sls:stage}"
"""So that one file serves every stage; the Framework knows it since its version 3."""
_USE = {"Ref": LAYER_REFERENCE}


def platform_of(service: Service, functions: Sequence[Function]) -> tuple[str | None, str]:
    """What one artifact of several functions is built for: the provider's platform if one of them runs there.

    A provider may name a runtime, another language's even, that none of the functions packaged here has.
    """
    own = (service.runtime, service.architecture)
    platforms = [(function.runtime, function.architecture) for function in functions]
    return own if own in platforms or not platforms else platforms[0]


def layer_platform(service: Service) -> tuple[str | None, str]:
    """The runtime and architecture the layer is built for; no runtime where nothing names one of Python.

    Those of the functions that could use it; without any, the first that the layer says it is for.
    """
    packaged = [function for function in service.functions if function.packaged]
    if packaged:
        return platform_of(service, [each for each in packaged if not each.individually] or packaged)
    told = service.options.layer or LayerOptions()
    runtimes = (*told.compatible_runtimes, service.runtime or "")
    runtime = next((name for name in runtimes if name.startswith("python")), None)
    return runtime, next(iter(told.compatible_architectures), service.architecture)


def layer_definition(service: Service, folder: str) -> dict[str, object]:
    """The entry under ``layers``, as the Framework's Python support makes it, for a zip in ``folder``."""
    told = plain_value(service.options.layer)
    runtime, _ = layer_platform(service)
    return {
        "name": f"{service.name}-{STAGE_VARIABLE}-python-requirements",
        **({"compatibleRuntimes": [runtime]} if runtime else {}),
        **(told if isinstance(told, dict) else {}),
        "package": {"artifact": f"{folder}/{LAYER_FILENAME}"},
    }


def render_layer(service: Service, functions: Sequence[str] = ()) -> str:
    """The layer's definition, and the reference in each function that can use it, as YAML to paste."""
    folder = HANDOVER_FOLDER if service.is_handed_over else BUILD_FOLDER
    pasted: dict[str, object] = {"layers": {LAYER_KEY: layer_definition(service, folder)}}
    if users := _users(service, functions):
        pasted["functions"] = {function.name: {"layers": [_USE]} for function in users}
    return render_map(pasted)


def use_layer(service: Service, functions: Sequence[str] = ()) -> tuple[Edit, ...]:
    """The edits that turn ``layer`` on and have ``functions`` (default: all that can) name it.

    Where the artifacts are handed over, the layer's definition is among them; else the Framework makes its
    own. Raises PyreqError where no function can use it, and where a change can't be written.
    """
    from pyreq_tui.service.editing import edit_values  # here, for a build asks for the names alone

    users = _users(service, functions)
    if not users and not service.options.layer:
        raise PyreqError(
            "No function can use the layer: it holds the requirements of the service's own folder.",
            where=Where(service.config_file),
            hint="Functions with a module, images and other languages ship what is theirs.",
        )
    changes: list[ConfigurationChange] = []
    if not service.options.layer:
        changes.append(OptionChange("layer", value=True))
    if service.is_handed_over:
        changes.append(ValueChange(("layers", LAYER_KEY), layer_definition(service, HANDOVER_FOLDER)))
    return edit_values(service, [*changes, *_references(service, users)])


def _users(service: Service, functions: Sequence[str]) -> tuple[Function, ...]:
    """The functions that the layer serves."""
    return tuple(
        function
        for function in service.functions
        if function.packaged and function.module == "." and (not functions or function.name in functions)
    )


def _references(service: Service, users: Sequence[Function]) -> Iterator[ItemChange]:
    """One reference in each list of layers that counts for a function which does not name the layer yet.

    A function's own list takes the place of the provider's.
    """
    configuration = Configuration(service.config_file, service.inputs)
    for function in users:
        if LAYER_REFERENCE in function.layers:
            continue
        own = (*function.path, "layers")
        inherited = ("provider", "layers")
        inherits = configuration.find(*own) is None and configuration.find(*inherited) is not None
        yield ItemChange(inherited if inherits else own, _USE)
