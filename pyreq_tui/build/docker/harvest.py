"""What comes out of a container, as wheels: those it was given, where it left them as they were."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pyreq_tui.build.docker.filled import CONTAINER
from pyreq_tui.build.docker.places import EXTRA, PACKAGES
from pyreq_tui.bundle import CodeFile, code_entries, lay_out
from pyreq_tui.errors import BuildError
from pyreq_tui.locks import Pin
from pyreq_tui.wheels import adopt_wheel, installed_distributions, pack_distribution

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pyreq_tui.build.docker.order import Order
    from pyreq_tui.bundle import Entry
    from pyreq_tui.locks import WheelFile
    from pyreq_tui.wheels import Contents, InstalledDistribution, Store


def harvest(
    output: Path, order: Order, known: Mapping[str, Contents], store: Store, cache: Path
) -> tuple[dict[str, WheelFile], tuple[Entry, ...]]:
    """The wheel of each package, and the files that belong to none, of what lies in ``output``.

    A package whose files are those of the wheel it was installed from ships as that wheel: the same bytes as
    without Docker. What was built, or changed, is packed into a wheel of its own. Raises BuildError.
    """
    folder = output / PACKAGES.rpartition("/")[2]
    distributions, unowned = installed_distributions(folder)
    by_name = {each.name: each for each in distributions}
    wheels: dict[str, WheelFile] = {}
    pins = order.pins or tuple(Pin(each.name, each.version) for each in distributions if order.deferred)
    for pin in pins:
        installed = by_name.pop(pin.name, None)
        if installed is None:
            raise BuildError(f"The container was to install {pin.name}, and did not.", where=order.where)
        if pin.wheel is not None and _is_as_given(installed, known.get(pin.name)):
            wheels[pin.name] = pin.wheel
        else:
            packed = pack_distribution(installed, output / "packed")
            # Where it comes from is remembered with the image: it is not what this machine would build.
            wheels[pin.name] = adopt_wheel(
                packed, replace(pin, unbuilt=None), order.target, store, order.settings
            )
    loose = [(name, folder / name) for name in unowned]
    loose += [(name, each.folder / name) for each in by_name.values() for name in each.files]
    loose += _files_below(output / EXTRA.rpartition("/")[2])
    return wheels, code_entries([_file(*each) for each in dict(loose).items()], cache / "deflated", CONTAINER)


def _is_as_given(installed: InstalledDistribution, contents: Contents | None) -> bool:
    """Whether every file installed is the wheel's; what an installer leaves out is still the wheel's."""
    if contents is None:
        return False
    given = {
        entry.path: (entry.size_bytes, entry.crc)
        for entry in lay_out(contents, installed.name, installed.folder)
    }
    return all(given.get(path) == checksum for path, checksum in installed.checksums().items())


def _files_below(folder: Path) -> list[tuple[str, Path]]:
    return [
        (path.relative_to(folder).as_posix(), path) for path in sorted(folder.rglob("*")) if path.is_file()
    ]


def _file(path: str, source: Path) -> CodeFile:
    state = source.stat()
    return CodeFile(path, source, state.st_size, is_executable=bool(state.st_mode & 0o100))
