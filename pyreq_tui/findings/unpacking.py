"""With ``zip: true``: are the requirements unpacked, is there room for them, and what does that cost?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.aws import facts
from pyreq_tui.bundle import SERVICE_CODE, VENDOR, DeflatedBytes
from pyreq_tui.errors import FileChange, Finding, OptionChange, ValueChange, Where
from pyreq_tui.findings.handlers import handler_file
from pyreq_tui.findings.reached import reached_from
from pyreq_tui.findings.shipping import shipments
from pyreq_tui.service import UNPACK_MODULE, with_unpacking
from pyreq_tui.sizes import format_size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyreq_tui.build import Plan
    from pyreq_tui.bundle import Entry
    from pyreq_tui.errors import Change
    from pyreq_tui.findings.shipping import Shipment

_LARGEST_TMP_BYTES = 10_240 * 2**20
"""What ``ephemeralStorageSize`` may ask for at most (AWS Lambda developer guide, "Lambda quotas")."""


def unpacking_findings(plan: Plan) -> Iterator[Finding]:
    """What ``zip: true`` asks of the functions, and what it takes from them."""
    if not plan.service.options.zip:
        return
    largest: Shipment | None = None
    for shipment in shipments(plan):
        if not shipment.nested:
            continue
        yield from _helper(shipment)
        yield from _room(shipment)
        if largest is None or _unpacked_bytes(shipment) > _unpacked_bytes(largest):
            largest = shipment
    if largest is not None:
        yield _cost(plan, largest)


def _unpacked_bytes(shipment: Shipment) -> int:
    return sum(entry.size_bytes for entry in shipment.nested)


def _helper(shipment: Shipment) -> Iterator[Finding]:
    """A function that imports what is in the nested zip, while nothing it imports unpacks that."""
    handler = handler_file(shipment)
    if handler is None or handler.owner not in (SERVICE_CODE, VENDOR):
        return
    reached = reached_from(handler, shipment)
    if not reached or any(code.unpacks for _, code in reached):
        return
    provided = _provided(shipment.nested)
    imported = {
        provided[top]
        for _, code in reached
        for name in code.imports
        if not name.level and (top := name.module.partition(".")[0]) in provided
    }
    if imported:
        first = min(imported)
        others = f" and {len(imported) - 1} more" if len(imported) > 1 else ""
        yield Finding(
            "error",
            "zip-not-unpacked",
            f"{shipment.function.name} imports {first}{others} from the zip inside "
            f"{shipment.artifact.filename}, but nothing it imports unpacks that.",
            where=Where(handler.source.path)
            if isinstance(handler.source, DeflatedBytes)
            else shipment.function.where,
            hint="Put `import unzip_requirements` at the top of the handler, before the packages; "
            "in try/except ImportError, so that it runs without the zip too.",
            package=first,
            fix=_unpack(handler),
        )


def _unpack(handler: Entry) -> tuple[Change, ...]:
    if not isinstance(handler.source, DeflatedBytes):
        return ()
    return (FileChange(handler.source.path, f"put `import {UNPACK_MODULE}` at the top", with_unpacking),)


def _provided(nested: tuple[Entry, ...]) -> dict[str, str]:
    """By the name that ``import`` takes: the package that the nested zip holds and the runtime has not."""
    hidden = facts().runtime_modules
    found = {entry.path.partition("/")[0].partition(".")[0]: entry.owner for entry in nested}
    return {top: owner for top, owner in found.items() if top.isidentifier() and top not in hidden}


def _room(shipment: Shipment) -> Iterator[Finding]:
    function, room = shipment.function, shipment.function.ephemeral_storage_bytes
    needed = _unpacked_bytes(shipment)
    if room is not None and needed > room:
        yield Finding(
            "error",
            "zip-over-tmp",
            f"The requirements of {function.name} unpack to {format_size(needed)}, "
            f"over the {format_size(room)} of /tmp.",
            where=function.where,
            hint=f"Set ephemeralStorageSize: {_megabytes(needed)} for the function, or slim: true.",
            fix=(ValueChange((*function.path, "ephemeralStorageSize"), _megabytes(needed)),)
            if needed < _LARGEST_TMP_BYTES
            else (),
        )


def _megabytes(needed_bytes: int) -> int:
    """A round number above what is needed, for something else may write to /tmp too."""
    return (needed_bytes // 2**29 + 1) * 512


def _cost(plan: Plan, largest: Shipment) -> Finding:
    """AWS bills the init phase of managed runtimes since 2025-08-01."""
    unpacked = _unpacked_bytes(largest)
    code = sum(entry.size_bytes for entry in largest.artifact.bundle.entries if entry.owner == SERVICE_CODE)
    fits = unpacked + code + largest.artifact.layer_bytes <= facts().limits.unzipped_bytes
    return Finding(
        "info",
        "zip-init-cost",
        f"zip: true unpacks {format_size(unpacked)} at each cold start of {largest.function.name}, "
        "and init time is billed.",
        where=plan.service.options.where("zip") or Where(plan.service.config_file),
        hint="It would fit without: take zip out." if fits else None,
        fix=(OptionChange("zip", is_unset=True),) if fits else (),
    )
