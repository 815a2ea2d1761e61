"""What an import says about its function."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyreq_tui.bundle import SERVICE_CODE, DeflatedBytes
from pyreq_tui.errors import Finding, Where
from pyreq_tui.findings.imports.missing import explain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyreq_tui.build import Materials
    from pyreq_tui.findings.imports.run import Imported
    from pyreq_tui.findings.shipping import Shipment
    from pyreq_tui.service import Service


@dataclass(frozen=True)
class HandlerImport:
    """One function's handler, and what came of importing it."""

    function: str
    handler: str
    artifact: str
    imported: Imported


def judge(
    done: HandlerImport, shipment: Shipment, service: Service, materials: Materials
) -> Iterator[Finding]:
    """A handler that is not there, a module that is missing, anything else that ended the import."""
    imported, function = done.imported, shipment.function
    failure = imported.failure
    if failure is None:
        for name in imported.missing:
            yield Finding(
                "error",
                "import-lacks-handler",
                f"{function.name} imports, but has no {name}, which its handler {done.handler} names.",
                where=function.where,
                hint="Define it there, or name the function that is.",
            )
        return
    where = _place(failure.frames, shipment) or function.where
    if failure.missing is not None and failure.type == "ModuleNotFoundError":
        absence = explain(failure.missing, shipment, service, materials)
        has_more = shipment.has_foreign_layers
        yield Finding(
            "warning" if has_more else "error",
            "import-missing-module",
            f"{function.name} can't be imported from {done.artifact}: {failure.missing} is not there: "
            f"{absence.reason}{'; a layer from elsewhere may bring it' if has_more else ''}.",
            where=where,
            hint=absence.hint,
            package=absence.package,
            fix=() if has_more else absence.fix,
        )
        return
    excuse = _excuse(imported)
    yield Finding(
        "error" if failure.is_import and excuse is None else "warning",
        "import-failed",
        f"{function.name} can't be imported from {done.artifact}: {failure.type}: {failure.message}"
        f"{f' ({excuse})' if excuse else ''}.",
        where=where,
        hint=None if excuse is None else "Put off to the first invocation what an import need not do.",
    )


def _excuse(imported: Imported) -> str | None:
    """What an import misses here and would have under Lambda."""
    if imported.asked:
        return f"it asked for the network, {imported.asked[0]}, which is closed here"
    if imported.stood_in:
        return f"{', '.join(imported.stood_in)} of the runtime was only stood in for"
    return None


def _place(frames: Sequence[tuple[str, int]], shipment: Shipment) -> Where | None:
    """The innermost line of the user's own code that led to a failure."""
    for path, line in reversed(frames):
        entry = shipment.files.get(path)
        if entry is not None and entry.owner == SERVICE_CODE and isinstance(entry.source, DeflatedBytes):
            return Where(entry.source.path, line)
    return None
