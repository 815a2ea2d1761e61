"""The user's own files and vendor folders, as Entries for each artifact."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.bundle import (
    SERVICE_CODE,
    VENDOR,
    Bundle,
    CodeFile,
    Entry,
    code_entries,
    compose,
    default_excludes,
    development_only,
    list_files,
    move_to_root,
    named_outside,
    select,
)
from pyreq_tui.errors import PyreqError, Where

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pyreq_tui.build.outline import ArtifactOutline
    from pyreq_tui.bundle import Listing
    from pyreq_tui.service import Service


def read_code(
    service: Service, outlines: Sequence[ArtifactOutline], cache: Path
) -> tuple[dict[str, Bundle], Listing]:
    """What ``package.patterns`` choose for each artifact, by its filename, and what they chose from.

    A module's files are moved to the root.

    One walk over the service's folder serves all artifacts, and each file is read and deflated once.
    """
    listing = list_files(
        service.root, tuple(pattern for artifact in outlines for pattern in artifact.patterns)
    )
    chosen = {
        artifact.filename: chosen_files(service, artifact, listing.files)
        for artifact in outlines
        if artifact.kind != "layer"
    }
    entries = _entries({file.path: file for files in chosen.values() for file in files}, cache, SERVICE_CODE)
    code = {}
    for artifact in outlines:
        if artifact.kind == "layer":
            continue
        files = chosen[artifact.filename]
        bundle = compose(tuple(entries[file.path] for file in files))
        if artifact.module not in (None, "."):
            module = str(artifact.module)
            bundle = move_to_root(bundle, module, named_outside(files, artifact.own_patterns, module))
        code[artifact.filename] = bundle
    return code, listing


def chosen_files(
    service: Service, artifact: ArtifactOutline, files: tuple[CodeFile, ...]
) -> tuple[CodeFile, ...]:
    """What ``package.patterns`` choose of ``files`` for an artifact."""
    excludes = default_excludes(service.config_file.name, service.layer_paths, service.uses_dotenv)
    return select(files, artifact.patterns, excludes, development_only(files))


def read_vendored(
    service: Service, outlines: Sequence[ArtifactOutline], cache: Path
) -> dict[str, tuple[Entry, ...]]:
    """The files of every vendor folder, by the folder as the service names it.

    Raises PyreqError for a folder that is not there.
    """
    vendored = {}
    for vendor in {vendor for artifact in outlines for vendor in artifact.vendors}:
        folder = (service.root / vendor).resolve()
        if not folder.is_dir():
            raise PyreqError(
                f"The vendor folder {vendor} does not exist.",
                where=service.options.where("vendor") or Where(service.config_file),
                hint="Create it, or take the vendor option out.",
            )
        files = {file.path: file for file in list_files(folder).files}
        vendored[vendor] = tuple(_entries(files, cache, VENDOR).values())
    return vendored


def _entries(files: Mapping[str, CodeFile], cache: Path, owner: str) -> dict[str, Entry]:
    return dict(zip(files, code_entries(tuple(files.values()), cache / "deflated", owner), strict=True))
