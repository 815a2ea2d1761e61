"""Is each handler there? Its file in what ships, its attribute in the file."""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from pyreq_tui.bundle import SERVICE_CODE
from pyreq_tui.errors import Finding, ValueChange
from pyreq_tui.findings.bringing import let_in
from pyreq_tui.findings.shipping import module_file, shipments
from pyreq_tui.findings.source_code import source_code

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyreq_tui.build import Plan
    from pyreq_tui.bundle import Entry
    from pyreq_tui.errors import Change
    from pyreq_tui.findings.shipping import Shipment
    from pyreq_tui.service import Service

_BROUGHT_BY_PLUGINS = {"wsgi_handler": "serverless-wsgi", "wsgi": "serverless-wsgi"}
"""Handlers that a plugin of the Framework writes while it packages."""


def handler_findings(plan: Plan) -> Iterator[Finding]:
    """Handlers that Lambda would not find; silent where layers or plugins may bring what is missing here."""
    for shipment in shipments(plan):
        handler = shipment.function.handler
        if handler is not None and plan.service.provider == "aws":
            yield from _judge(handler, shipment, plan.service)


def handler_file(shipment: Shipment) -> Entry | None:
    """The file that Lambda would import for the function's handler (``path/to/file.attribute``)."""
    base = _base((shipment.function.handler or "").rpartition(".")[0])
    return module_file(base, shipment.files) if base else None


def _base(module: str) -> str:
    """The path without suffix: Lambda reads slashes and dots alike."""
    return module.removeprefix("./").replace(".", "/").strip("/")


def _judge(handler: str, shipment: Shipment, service: Service) -> Iterator[Finding]:
    function, artifact = shipment.function, shipment.artifact
    module, dot, attribute = handler.rpartition(".")
    if not dot or not module or not attribute.isidentifier():
        yield Finding(
            "error",
            "handler-malformed",
            f"The handler of {function.name}, {handler}, does not name a file and a function in it.",
            where=function.where,
            hint="Write it as path/to/file.function.",
        )
        return
    entry = handler_file(shipment)
    if entry is None:
        plugin = _BROUGHT_BY_PLUGINS.get(module)
        if not shipment.has_foreign_layers and not (plugin and plugin in service.plugins):
            yield _missing_file(module, shipment, service)
        return
    code = source_code(entry) if entry.owner == SERVICE_CODE and entry.path.endswith(".py") else None
    if code is not None and not code.is_open and attribute not in code.names:
        near = get_close_matches(attribute, sorted(code.names), n=1)
        yield Finding(
            "error",
            "handler-attribute-missing",
            f"{entry.path} in {artifact.filename} defines no {attribute}, "
            f"which the handler of {function.name} names.",
            where=function.where,
            hint=f"Did you mean {near[0]}?" if near else "Define it there, or name the function that is.",
            fix=(ValueChange((*function.path, "handler"), f"{module}.{near[0]}"),) if near else (),
        )


def _missing_file(module: str, shipment: Shipment, service: Service) -> Finding:
    function, artifact = shipment.function, shipment.artifact
    file = f"{_base(module)}.py"
    fix: tuple[Change, ...] = ()
    if (service.root / function.module / file).is_file():
        message = f"{file}, the handler of {function.name}, is there, but is left out of {artifact.filename}."
        pattern = (PurePosixPath(function.module) / file).as_posix()
        hint, change = let_in(pattern, shipment, service)
        fix = (change,)
    else:
        folder = "the service's folder" if function.module == "." else f"{function.module}/, its module"
        message = f"{artifact.filename} holds no {file}, which the handler of {function.name} names."
        hint = f"Correct the handler: its path counts from {folder}."
    return Finding("error", "handler-file-missing", message, where=function.where, hint=hint, fix=fix)
