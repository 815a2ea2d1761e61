"""What a function finds when it starts: the files of its artifact, and of the layers built here."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pyreq_tui.bundle import NestedBytes, WheelBytes

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from pyreq_tui.build import Plan, PlannedArtifact
    from pyreq_tui.bundle import Entry
    from pyreq_tui.service import Function, Service

LAYER_PREFIX = "python/"
"""Where Lambda looks for packages in a layer."""
UNREADABLE = (OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError)
"""What reading a wheel raises that is gone from the store, or damaged; the build says so."""


class ShippedWheel(NamedTuple):
    """What an artifact takes of one wheel."""

    owner: str
    """The package's normalised name."""
    files: set[str]
    """As paths from where packages lie."""


@dataclass(frozen=True, eq=False)
class Shipment:
    """One function and what it runs from."""

    function: Function
    artifact: PlannedArtifact
    files: Mapping[str, Entry]
    """By the path as ``import`` sees it: what can be imported at once."""
    nested: tuple[Entry, ...]
    """What ``zip: true`` keeps in the nested zip until somebody unpacks it."""
    has_foreign_layers: bool
    """Whether layers not built here may bring more."""


def shipments(plan: Plan) -> Iterator[Shipment]:
    """Every function that the Plan ships."""
    functions = {function.name: function for function in plan.service.functions}
    layers = [artifact for artifact in plan.artifacts if artifact.kind == "layer"]
    for artifact in plan.artifacts:
        if artifact.kind == "layer":
            continue
        own = {entry.path: entry for entry in artifact.bundle.entries}
        nested = nested_entries(artifact)
        for name in artifact.functions:
            used = [layer for layer in layers if name in layer.functions]
            brought = {
                entry.path.removeprefix(LAYER_PREFIX): entry
                for layer in used
                for entry in layer.bundle.entries
            }
            yield Shipment(
                function=functions[name],
                artifact=artifact,
                files={**brought, **own} if brought else own,
                nested=nested,
                has_foreign_layers=len(functions[name].layers) > len(used),
            )


def artifact_path(artifact: PlannedArtifact, service: Service) -> tuple[str, ...]:
    """Where serverless.yml says how ``artifact`` is packaged: at its only function, or at the top."""
    own = [function for function in service.functions if function.name in artifact.functions]
    return own[0].path if artifact.kind == "function" and own else ()


def nested_entries(artifact: PlannedArtifact) -> tuple[Entry, ...]:
    """The files of the zip inside the zip; none without ``zip: true``."""
    return tuple(
        inner
        for entry in artifact.bundle.entries
        if isinstance(entry.source, NestedBytes)
        for inner in entry.source.entries
    )


def all_entries(artifact: PlannedArtifact) -> tuple[Entry, ...]:
    """Every file, those of the nested zip in its place."""
    return (
        *(entry for entry in artifact.bundle.entries if not isinstance(entry.source, NestedBytes)),
        *nested_entries(artifact),
    )


def shipped_wheels(artifact: PlannedArtifact) -> dict[Path, ShippedWheel]:
    """By path in the store: every wheel that something of ships, those of the nested zip too."""
    wheels: dict[Path, ShippedWheel] = {}
    for entry in all_entries(artifact):
        if isinstance(entry.source, WheelBytes):
            shipped = wheels.setdefault(entry.source.path, ShippedWheel(entry.owner, set()))
            shipped.files.add(entry.path.removeprefix(artifact.prefix))
    return wheels


def source_file(base: str, files: Mapping[str, Entry]) -> Entry | None:
    """The Python file of the module at ``base``, a path without suffix; ``None`` for none."""
    return files.get(f"{base}/__init__.py") or files.get(f"{base}.py")


def module_file(base: str, files: Mapping[str, Entry]) -> Entry | None:
    """The file that ``import`` takes for the module at ``base``, which may be compiled; ``None`` for none."""
    if source := source_file(base, files):
        return source
    for path in (f"{base}.so", f"{base}.abi3.so", f"{base}.pyc"):
        if path in files:
            return files[path]
    prefix = f"{base}.cpython-"
    return next((entry for path, entry in files.items() if path.startswith(prefix)), None)
