"""Which of the user's own files does importing a handler load? Found by reading, never by running."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pyreq_tui.bundle import SERVICE_CODE, VENDOR
from pyreq_tui.findings.shipping import source_file
from pyreq_tui.findings.source_code import source_code

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyreq_tui.bundle import Entry
    from pyreq_tui.findings.shipping import Shipment
    from pyreq_tui.findings.source_code import Import, SourceCode

_MOST_FILES = 500
"""Local modules followed from one handler."""


class Reached(NamedTuple):
    """A file that is loaded, and what it says."""

    entry: Entry
    code: SourceCode


def reached_from(handler: Entry, shipment: Shipment, *, surely: bool = False) -> list[Reached]:
    """The handler's file and every local one it imports, directly or not; none where one can't be read.

    ``surely`` leaves out what is imported in functions, branches and ``try`` only.
    """
    reached: dict[str, Reached] = {}
    waiting = [handler]
    while waiting and len(reached) < _MOST_FILES:
        entry = waiting.pop()
        if entry.path in reached or not entry.path.endswith(".py"):
            continue
        code = source_code(entry)
        if code is None:
            return []
        reached[entry.path] = Reached(entry, code)
        for imported in code.sure_imports if surely else code.imports:
            waiting += _local_files(imported, entry, shipment)
    return list(reached.values())


def _local_files(imported: Import, importer: Entry, shipment: Shipment) -> Iterator[Entry]:
    """The user's own files that an import loads: packages on the way, the module, submodules by name."""
    folder = importer.path.split("/")[:-1]
    if imported.level > len(folder) + 1:
        return
    base = folder[: len(folder) - imported.level + 1] if imported.level else []
    parts = [*base, *filter(None, imported.module.split("."))]
    loaded = [parts[:end] for end in range(1, len(parts) + 1)] + [[*parts, name] for name in imported.names]
    for path in loaded:
        entry = source_file("/".join(path), shipment.files) if path else None
        if entry is not None and entry.owner in (SERVICE_CODE, VENDOR):
            yield entry
