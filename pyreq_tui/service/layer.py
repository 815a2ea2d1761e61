"""The layer that ``layer`` builds: what it is built for, how serverless.yml declares it, who can use it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.service.artifacts import BUILD_FOLDER, HANDOVER_FOLDER, LAYER_FILENAME, LAYER_KEY
from pyreq_tui.service.rendering import render_map
from pyreq_tui.service.specs import LayerOptions, plain_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyreq_tui.service.model import Function, Service

LAYER_REFERENCE = "PythonRequirementsLambdaLayer"
"""The logical id that the Framework gives the layer, and under which functions name it."""
STAGE_VARIABLE = "${sls:stage}"
"""So that one file serves every stage; the Framework knows it since its version 3."""
REFERENCE = {"Ref": LAYER_REFERENCE}
"""What a function has among its layers to use it."""


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
    if users := layer_users(service, functions):
        pasted["functions"] = {function.name: {"layers": [REFERENCE]} for function in users}
    return render_map(pasted)


def layer_users(service: Service, functions: Sequence[str]) -> tuple[Function, ...]:
    """The functions that the layer can serve; of ``functions`` only, where some are named."""
    return tuple(
        function
        for function in service.functions
        if function.packaged and function.module == "." and (not functions or function.name in functions)
    )
