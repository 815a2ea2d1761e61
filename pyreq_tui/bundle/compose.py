"""The steps that make one Bundle of others. Pure; each remembers its last results."""

from __future__ import annotations

from binascii import crc32
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from packaging.utils import canonicalize_name

from pyreq_tui.bundle.entry import ZIP_HELPER, Entry, LiteralBytes, NestedBytes
from pyreq_tui.bundle.memo import remembered
from pyreq_tui.bundle.model import Bundle
from pyreq_tui.errors import PyreqError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

NESTED_NAME = ".requirements.zip"
"""The zip inside the zip, where the Framework's own helper looks for it too."""
HELPER_NAME = "unzip_requirements.py"
"""What a handler imports so that the nested zip is unpacked."""


@remembered(size=128)
def compose(*layers: Sequence[Entry]) -> Bundle:
    """One Bundle of several layers of Entries; where two have the same path, the later layer's stands.

    Raises PyreqError where one layer has a file and another a folder of the same name.
    """
    by_path = {entry[0]: entry for layer in layers for entry in layer}
    # Strings compare by code point, which for UTF-8 is the order of the bytes.
    bundle = Bundle(tuple([by_path[path] for path in sorted(by_path)]))
    _refuse_file_in_place_of_folder(by_path)
    return bundle


def _refuse_file_in_place_of_folder(by_path: dict[str, Entry]) -> None:
    clashes = folders(by_path) & by_path.keys()
    if clashes:
        path = min(clashes)
        inside = next(entry for entry in by_path.values() if entry.path.startswith(f"{path}/"))
        file = by_path[path]
        raise PyreqError(
            f"{path} is a file of {file.owner}, but a folder of {inside.owner}: they can't ship together.",
            hint="Leave one of them out with noDeploy, slimPatterns or package.patterns.",
        )


def folders(paths: Iterable[str]) -> set[str]:
    """Every folder that ``paths`` imply."""
    found: set[str] = set()
    for folder in {path.rpartition("/")[0] for path in paths}:
        while folder and folder not in found:
            found.add(folder)
            folder = folder.rpartition("/")[0]  # noqa: PLW2901 - climbs
    return found


@remembered(size=128)
def omit(bundle: Bundle, names: Collection[str]) -> Bundle:
    """The Bundle without the packages called ``names``, however those are spelt (PEP 503)."""
    omitted = {canonicalize_name(name) for name in names}
    if not omitted:
        return bundle
    return Bundle(tuple([entry for entry in bundle.entries if entry[3] not in omitted]))


@remembered(size=16)
def relocate(bundle: Bundle, prefix: str) -> Bundle:
    """The Bundle under a folder: ``python/`` for a layer, ``package/`` for Scaleway."""
    if not prefix:
        return bundle
    return Bundle(tuple([_moved(entry, prefix + entry[0]) for entry in bundle.entries]))


@remembered(size=64)
def move_to_root(bundle: Bundle, folder: str, keep: Collection[str] = ()) -> Bundle:
    """What lies under a module's ``folder``, moved to the root, and beside it the paths in ``keep``, unmoved.

    A function with a ``module`` runs from that folder. Where a kept path and a moved one meet, the module's
    own file stands.
    """
    if folder in ("", "."):
        return bundle
    prefix = folder.removesuffix("/") + "/"
    kept = [entry for entry in bundle.entries if entry[0] in keep and not entry[0].startswith(prefix)]
    moved = [
        _moved(entry, entry[0][len(prefix) :]) for entry in bundle.entries if entry[0].startswith(prefix)
    ]
    return compose(kept, moved)


@remembered(size=64)
def nest(requirements: Bundle) -> tuple[Entry, ...]:
    """What ``zip: true`` ships for the requirements: one stored zip, and the module that unpacks it."""
    size_bytes = requirements.zipped_bytes
    helper = helper_text()
    return (
        Entry(NESTED_NAME, size_bytes, size_bytes, ZIP_HELPER, NestedBytes(requirements.entries), method=0),
        Entry(
            HELPER_NAME,
            len(helper),
            len(helper),
            ZIP_HELPER,
            LiteralBytes(helper),
            crc=crc32(helper),
            method=0,
        ),
    )


@cache
def helper_text() -> bytes:
    """The source of ``unzip_requirements.py`` as it ships."""
    return (files("pyreq_tui.bundle") / "data" / HELPER_NAME).read_bytes()


def _moved(entry: Entry, path: str) -> Entry:
    # As Entry._make does it, without the call: a toggle moves ten thousand.
    return tuple.__new__(Entry, (path, *entry[1:]))
