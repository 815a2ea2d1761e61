"""Does anything use it? Packages that no file of the user's own mentions: a hint, not a verdict."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from pyreq_tui.bundle import SERVICE_CODE, VENDOR, DeflatedBytes
from pyreq_tui.errors import Finding, Where
from pyreq_tui.findings.shipping import all_entries
from pyreq_tui.findings.source_code import MAX_SOURCE_BYTES, read_user_file
from pyreq_tui.sizes import format_size

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyreq_tui.build import Plan, PlannedArtifact
    from pyreq_tui.bundle import Entry

_OWN = (SERVICE_CODE, VENDOR)
_TELLING = (".py", ".json", ".toml", ".yml", ".yaml", ".ini", ".cfg")
"""Files that may name a package: code, and what frameworks are configured with."""
_LISTING = re.compile(
    r"(^|/)(pyproject\.toml|pylock(\.[^/]+)?\.toml|serverless\.[^/]+|setup\.(py|cfg)|package\.json)$"
)
"""Files that only say what to install or to deploy."""
_WORD = re.compile(rb"[A-Za-z_][A-Za-z0-9_]*")
_NAMES_SHOWN = 4


def unused_findings(plan: Plan) -> Iterator[Finding]:
    """For each artifact, the packages asked for whose import name stands in none of the user's files.

    Whatever a mentioned package needs counts as used, and every word of every file counts as a mention, so
    that imports by name, settings and comments are all believed.
    """
    functions = {function.name: function for function in plan.service.functions}
    code = {artifact.filename: _code(artifact) for artifact in plan.artifacts}
    for artifact in plan.artifacts:
        own = [other for other in plan.artifacts if not set(other.functions).isdisjoint(artifact.functions)]
        entries = [entry for other in own for entry in code[other.filename]]
        users = [functions[name] for name in artifact.functions]
        graph = plan.graphs.get("." if artifact.kind == "layer" or not users else users[0].module)
        if graph is None or not any(entry.path.endswith(".py") for entry in entries):
            continue
        handlers = " ".join(function.handler or "" for function in users)
        words = frozenset().union(_WORD.findall(handlers.encode()), *map(_words, entries))
        names = _modules(artifact)
        asked = names.keys() & set(graph.direct)
        mentioned = {name for name in asked if not words.isdisjoint(names[name])}
        idle = sorted(asked - graph.reachable(mentioned))
        if idle:
            yield _finding(idle, artifact, set(graph.without(idle)), Where(plan.service.config_file))


def _code(artifact: PlannedArtifact) -> list[Entry]:
    """The user's own files in ``artifact`` whose bytes are at hand."""
    return [
        entry
        for entry in artifact.bundle.entries
        if entry.owner in _OWN and isinstance(entry.source, DeflatedBytes)
    ]


def _finding(idle: list[str], artifact: PlannedArtifact, leaving: set[str], where: Where) -> Finding:
    saved = sum(package.unzipped_bytes for package in artifact.packages if package.name in leaving)
    named = ", ".join(idle[:_NAMES_SHOWN]) + (", …" if len(idle) > _NAMES_SHOWN else "")
    need = "it needs" if len(idle) == 1 else "they need"
    return Finding(
        "info",
        "package-not-mentioned",
        f"No file of yours in {artifact.filename} mentions {named}: "
        f"with what only {need}, {format_size(saved)} unzipped.",
        where=where,
        hint="If nothing loads it by another way, take it out of the requirements.",
        package=idle[0],
    )


def _modules(artifact: PlannedArtifact) -> dict[str, set[bytes]]:
    """By package: what code may call it, its own name and every module at the top of what it ships."""
    modules: dict[str, set[bytes]] = {}
    for entry in all_entries(artifact):
        if entry.owner not in _OWN:
            top = entry.path.removeprefix(artifact.prefix).partition("/")[0].partition(".")[0]
            own = modules.setdefault(entry.owner, {entry.owner.replace("-", "_").encode()})
            own.add(top.encode())
    return modules


@lru_cache(maxsize=4096)
def _words(entry: Entry) -> frozenset[bytes]:
    """Every word in one file. Remembered: an Entry names its content by hash."""
    is_telling = entry.path.endswith(_TELLING) and not _LISTING.search(entry.path)
    if not is_telling or entry.size_bytes > MAX_SOURCE_BYTES:
        return frozenset()
    return frozenset(_WORD.findall(read_user_file(entry) or b""))
