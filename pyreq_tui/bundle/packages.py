"""What each package costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyreq_tui.bundle.entry import Entry, NestedBytes
from pyreq_tui.bundle.memo import remembered
from pyreq_tui.bundle.zipformat import entries_size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from pyreq_tui.bundle.model import Bundle


@dataclass(frozen=True)
class PackageSize:
    """One package of a Bundle, with what it weighs.

    ``zipped_bytes`` counts the zip's own records about its files, so that all packages together are the zip
    but for the record at its end (and, with ``zip: true``, the frame of the nested zip).
    """

    name: str
    """Normalised, or SERVICE_CODE, VENDOR, ZIP_HELPER."""
    version: str
    """Empty where there is none, as for the user's own code."""
    unzipped_bytes: int
    zipped_bytes: int
    files: int
    required_by: tuple[str, ...] = ()


def package_sizes(
    bundle: Bundle,
    versions: Mapping[str, str],
    required_by: Callable[[str], tuple[str, ...]],
) -> tuple[PackageSize, ...]:
    """What ships, largest unzipped first; a nested zip counts as what is in it."""
    return tuple(
        PackageSize(name, versions.get(name, ""), unzipped, zipped, files, required_by(name))
        for name, unzipped, zipped, files in _weigh(bundle)
    )


@remembered(size=64)
def _weigh(bundle: Bundle) -> tuple[tuple[str, int, int, int], ...]:
    weighed = [
        (owner, sum([entry[1] for entry in entries]), entries_size(entries), len(entries))
        for owner, entries in by_owner(bundle).items()
    ]
    return tuple(sorted(weighed, key=lambda package: (-package[1], package[0])))


@remembered(size=8)
def by_owner(bundle: Bundle) -> dict[str, tuple[Entry, ...]]:
    """Entries by package; those of a nested zip stand for it."""
    owned: dict[str, list[Entry]] = {}
    for entry in _flat(bundle.entries):
        try:
            owned[entry[3]].append(entry)
        except KeyError:
            owned[entry[3]] = [entry]
    return {owner: tuple(entries) for owner, entries in owned.items()}


def _flat(entries: Iterable[Entry]) -> Iterator[Entry]:
    for entry in entries:
        if isinstance(entry[4], NestedBytes):
            yield from entry[4].entries
        else:
            yield entry
