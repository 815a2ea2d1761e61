"""The environment variables of a function, as far as they can be known without a deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.errors import PyreqError
from pyreq_tui.service.configuration import Configuration
from pyreq_tui.service.nodes import Scalar
from pyreq_tui.service.scalars import javascript_text

if TYPE_CHECKING:
    from pyreq_tui.service.model import Function, Service


def environment_of(service: Service, function: Function) -> dict[str, str | None]:
    """The provider's ``environment`` and the function's own over it; ``None`` for what only AWS knows.

    The file is read anew, for nothing else asks for these values, and they may be secrets.
    """
    found: dict[str, str | None] = {}
    try:
        configuration = Configuration(service.config_file, service.inputs)
        for path in (("provider",), function.path):
            place = configuration.find(*path, "environment")
            for name, value in place.entries().items() if place is not None else ():
                node = configuration.resolve(value).node
                found[name] = javascript_text(node.value) if isinstance(node, Scalar) else None
    except PyreqError:  # it changed since the service was read, or leads in circles: a deployment says so
        return found
    return found
