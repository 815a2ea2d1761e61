"""What goes into a container: wheels and sources that were brought here, and how the installer is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyreq_tui.build.docker.indexes import build_options, index_environment, index_files
from pyreq_tui.build.docker.installer import is_cloned_inside
from pyreq_tui.build.docker.places import SOURCES
from pyreq_tui.locks import network_of
from pyreq_tui.wheels import bring, fetch, project_files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from pyreq_tui.build.docker.order import Order
    from pyreq_tui.build.steps import Steps
    from pyreq_tui.locks import Pin, Unbuilt
    from pyreq_tui.wheels import Store


@dataclass(frozen=True)
class Supplies:
    """Files by their path in the container, lines of a requirements file, the installer's variables."""

    files: Mapping[str, Path]
    requirements: tuple[str, ...]
    environment: Mapping[str, str]


def bring_supplies(
    order: Order, store: Store, workshop: Path, steps: Steps, on_line: Callable[[str], None]
) -> Supplies:
    """Have everything here that the container needs: it may have no way to an index, and no credentials.

    Only what is cloned with the key or agent of ``dockerSsh`` is for the container itself to get.
    Raises BuildError and Cancelled.
    """
    network = network_of([order.settings])
    fetch(
        [pin.wheel for pin in order.pins if pin.wheel and not store.has(pin.wheel)],
        store,
        network=network,
        offline=steps.offline,
        cancel=steps.cancel,
        on_bytes=lambda *_: None,
        on_line=on_line,
    )
    files: dict[str, Path] = {}
    requirements: list[str] = []
    environment: dict[str, str] = {}
    if order.deferred:
        requirements += order.deferred.requirements
    if order.deferred or any(pin.unbuilt for pin in order.pins) or order.settings.installer == "uv":
        files |= index_files(order.settings)
        environment |= index_environment(order.settings)
    for pin in order.pins:
        if pin.wheel is not None:
            files[f"{SOURCES}/{pin.wheel.filename}"] = store.wheel_path(pin.wheel)
            requirements.append(f"{SOURCES}/{pin.wheel.filename}")
        elif pin.unbuilt is not None and is_cloned_inside(order, pin.unbuilt):
            requirements.append(_direct_reference(pin, pin.unbuilt) + build_options(pin, order.settings))
        elif pin.unbuilt is not None:
            folder = workshop / pin.name
            folder.mkdir()
            source = bring(
                pin.unbuilt,
                folder,
                network=network,
                offline=steps.offline,
                cancel=steps.cancel,
                on_line=on_line,
            )
            files |= _files_of(pin.name, source)
            path = f"{pin.name}/{source.name}" if source.is_file() else pin.name
            requirements.append(f"{SOURCES}/{path}{build_options(pin, order.settings)}")
            if pin.version and pin.unbuilt.kind != "sdist":
                # A copy without its repository can't tell its version; the resolver has seen it there.
                name = pin.name.replace("-", "_").upper()
                environment[f"SETUPTOOLS_SCM_PRETEND_VERSION_FOR_{name}"] = pin.version
    return Supplies(files, tuple(requirements), environment)


def _files_of(name: str, source: Path) -> dict[str, Path]:
    if source.is_file():
        return {f"{SOURCES}/{name}/{source.name}": source}
    return {f"{SOURCES}/{name}/{path}": file for path, file in project_files(source)}


def _direct_reference(pin: Pin, unbuilt: Unbuilt) -> str:
    """As pip and uv both read it (PEP 508); ``git@host:path`` is no URL, ``ssh://git@host/path`` is."""
    url = unbuilt.url.removeprefix("git+")
    if "://" not in url:
        host, _, path = url.partition(":")
        url = f"ssh://{host}/{path}"
    revision = f"@{unbuilt.revision}" if unbuilt.revision else ""
    fragment = f"#subdirectory={unbuilt.subdirectory}" if unbuilt.subdirectory else ""
    return f"{pin.name} @ git+{url}{revision}{fragment}"
