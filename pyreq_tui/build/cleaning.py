"""Removes what build and install left for one service, wherever artifacts lie."""

from __future__ import annotations

import os
import shutil
import threading
from contextlib import suppress
from typing import TYPE_CHECKING

from pyreq_tui.build.claims import claim
from pyreq_tui.build.install import INSTALLED_NAMES, install_place
from pyreq_tui.build.materials import cache_folder
from pyreq_tui.build.outline import outline
from pyreq_tui.build.records import load_record, record_path
from pyreq_tui.build.workplace import sweep
from pyreq_tui.errors import BuildError
from pyreq_tui.service import ARTIFACT_FOLDERS, LAYER_FILENAME, sbom_filename

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyreq_tui.build.records import Record
    from pyreq_tui.service import Service


def clean(service: Service) -> tuple[Path, ...]:
    """Remove installed requirements, artifacts and the record of the last build; what was removed, sorted.

    An artifact is known by its name: one that the service gives now, or gave when it was last built. What
    else stands there stays. Raises BuildError where the disk refuses.
    """
    removed: list[Path] = []
    try:
        for output in (service.root / folder for folder in ARTIFACT_FOLDERS):
            record = record_path(service, cache_folder(service), output)
            if output.is_dir():
                removed += _clear(service, output, load_record(record))
            record.unlink(missing_ok=True)
    except OSError as error:
        raise BuildError(
            f"{error.filename or service.root} could not be removed: {error.strerror or error}.",
            hint="Check its permissions, and those of the folder it is in.",
        ) from error
    return tuple(sorted(removed))


def _clear(service: Service, output: Path, last: Record | None) -> list[Path]:
    removed = []
    with claim(service.config_file, threading.Event(), alone=True):
        removed += sweep(output)
        for path in sorted({*_requirements(service, output), *_artifacts(service, output, last)}):
            if os.path.lexists(path):
                _remove(path)
                removed.append(path)
        for folder in sorted({path.parent for path in removed}, reverse=True):
            _remove_empty(folder, output)
    return removed


def _requirements(service: Service, output: Path) -> Iterator[Path]:
    for module in {".", *(function.module for function in service.functions)}:
        place = output / install_place(module)
        if place.resolve().is_relative_to(output.resolve()):
            yield from (place / name for name in INSTALLED_NAMES)


def _artifacts(service: Service, output: Path, last: Record | None) -> Iterator[Path]:
    names = {LAYER_FILENAME, *(artifact.filename for artifact in outline(service))}
    names |= set(last.sha256) if last else set()
    plain = [name for name in names if name.endswith(".zip") and _is_plain(name)]
    yield from (output / name for name in plain)
    yield from (output / sbom_filename(name) for name in plain)


def _is_plain(name: str) -> bool:
    """Whether it names a file right there: the service's name may be anything."""
    return name.isprintable() and not {"/", "\\"} & set(name)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink()


def _remove_empty(folder: Path, output: Path) -> None:
    """Remove ``folder`` and what is above it, up to ``output``, as far as nothing is left in them."""
    with suppress(OSError):  # it holds more
        folder.rmdir()
        if folder != output:
            _remove_empty(folder.parent, output)
