"""What ships, by name: each package with its version, its wheel's hash, its licence and what it needs."""

from __future__ import annotations

import zipfile
from dataclasses import dataclass
from email.parser import HeaderParser
from typing import TYPE_CHECKING

from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from pyreq_tui.bundle import SERVICE_CODE, VENDOR, ZIP_HELPER
from pyreq_tui.findings.shipping import UNREADABLE, shipped_wheels
from pyreq_tui.processes import clean_line

if TYPE_CHECKING:
    from pathlib import Path

    from pyreq_tui.build import Artifact, Materials

LARGEST_METADATA_BYTES = 8 * 2**20
_LONGEST_LICENCE = 200
"""Characters: a longer ``License`` is the licence itself, not its name."""
_OWN = frozenset({SERVICE_CODE, VENDOR, ZIP_HELPER})
_CLASSIFIER = "License :: "


@dataclass(frozen=True)
class Component:
    """One package of an artifact."""

    name: str
    version: str
    """Empty where nobody knows."""
    wheel: str | None
    """The wheel's file name; ``None`` for what came installed."""
    sha256: str | None
    """The wheel's."""
    licences: tuple[str, ...]
    """An SPDX expression where the package has one (PEP 639); else what it calls its licences."""
    summary: str
    needs: tuple[str, ...]
    """Other packages of the artifact."""


def inventory(artifact: Artifact, materials: Materials) -> tuple[Component, ...]:
    """The packages in a built artifact, sorted by name; the user's own files are not among them."""
    planned = artifact.planned
    wheels = {wheel.owner: path for path, wheel in shipped_wheels(planned).items()}
    hashes = {
        wheel.filename: wheel.sha256
        for known in materials.requirements.values()
        for wheel in known.wheels.values()
    }
    module = next((each.module for each in materials.outlines if each.filename == planned.filename), None)
    graphs = [known.graph for unit, known in materials.requirements.items() if unit.module == module]
    names = {package.name: package.version for package in planned.packages if package.name not in _OWN}
    return tuple(
        _component(name, names[name], wheels.get(name), hashes, needs)
        for name in sorted(names)
        for needs in [
            tuple(sorted({other for graph in graphs if graph for other in graph.needs(name)} & set(names)))
        ]
    )


def _component(
    name: str, version: str, wheel: Path | None, hashes: dict[str, str | None], needs: tuple[str, ...]
) -> Component:
    headers = _headers(wheel) if wheel is not None else {}
    return Component(
        name=name,
        version=version or _version(wheel),
        wheel=wheel.name if wheel is not None else None,
        sha256=hashes.get(wheel.name) if wheel is not None else None,
        licences=tuple(headers.get("License-Expression", [])[:1] or _licences(headers)),
        summary=next(iter(headers.get("Summary", [])), ""),
        needs=needs,
    )


def _version(wheel: Path | None) -> str:
    try:
        return str(parse_wheel_filename(wheel.name)[1]) if wheel is not None else ""
    except InvalidWheelFilename:
        return ""


def _headers(wheel: Path) -> dict[str, list[str]]:
    """METADATA of a wheel in the store, each value on one line and inert; nothing where it can't be read."""
    own = canonicalize_name(wheel.name.partition("-")[0])
    try:
        with zipfile.ZipFile(wheel) as archive:
            for info in archive.infolist():
                folder, _, file = info.filename.partition("/")
                is_own = canonicalize_name(folder.partition("-")[0]) == own
                if folder.endswith(".dist-info") and file == "METADATA" and is_own:
                    if info.file_size > LARGEST_METADATA_BYTES:
                        return {}
                    text = archive.read(info).decode("utf-8", "replace")
                    break
            else:
                return {}
    except UNREADABLE:
        return {}
    message = HeaderParser().parsestr(text)
    found: dict[str, list[str]] = {}
    for key, value in message.items():
        found.setdefault(key, []).append(clean_line(" ".join(str(value).split())))
    return found


def _licences(headers: dict[str, list[str]]) -> list[str]:
    """From before PEP 639: the classifiers, or else a short ``License``."""
    classified = [
        value.removeprefix(_CLASSIFIER).rpartition(" :: ")[2]
        for value in headers.get("Classifier", [])
        if value.startswith(_CLASSIFIER)
    ]
    named = [value for value in headers.get("License", []) if 0 < len(value) <= _LONGEST_LICENCE]
    return [
        value for value in dict.fromkeys((*named, *classified)) if value not in {"OSI Approved", "UNKNOWN"}
    ]
