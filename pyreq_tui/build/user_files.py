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
    unmatched_patterns,
)
from pyreq_tui.errors import Finding, PyreqError, Where

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
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


def pattern_problems(
    service: Service, outlines: Sequence[ArtifactOutline], files: tuple[CodeFile, ...]
) -> tuple[Finding, ...]:
    """Patterns that were to bring files in, and match none: a folder's name without ``/**``, or a slip.

    What leaves files out may well find none: many services carry such lists from elsewhere.
    """
    places = {function.name: function.where for function in service.functions}
    asked = dict.fromkeys(_bringing(service.patterns), Where(service.config_file))
    for artifact in outlines:
        if artifact.own_patterns:
            asked |= dict.fromkeys(_bringing(artifact.own_patterns), places[artifact.functions[0]])
    folders = {folder for file in files for folder in _folders(file.path)} if asked else set()
    return tuple(
        _unmatched(pattern, asked[pattern], is_folder=_plain(pattern) in folders)
        for pattern in unmatched_patterns(files, tuple(asked))
    )


def _bringing(patterns: Sequence[str]) -> list[str]:
    return [pattern for pattern in patterns if not pattern.startswith("!")]


def _unmatched(pattern: str, where: Where, *, is_folder: bool) -> Finding:
    if is_folder:
        message = f"The pattern {pattern} names a folder, and so no file: nothing of it ships."
        return Finding("warning", "pattern-matches-nothing", message, where, f"Write {_plain(pattern)}/**")
    message = f"The pattern {pattern} of package matches no file."
    hint = "Take it out, or correct it: patterns count from the folder of serverless.yml."
    return Finding("info", "pattern-matches-nothing", message, where, hint)


def _plain(pattern: str) -> str:
    return pattern.removeprefix("./").rstrip("/")


def _folders(path: str) -> Iterator[str]:
    while path := path.rpartition("/")[0]:
        yield path


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
