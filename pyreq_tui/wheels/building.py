"""Builds wheels of what has none: sdists, git revisions, folders; and remembers them."""

from __future__ import annotations

import hashlib
import os
import platform
import sys
import time
from dataclasses import asdict
from typing import TYPE_CHECKING

from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from pyreq_tui import processes
from pyreq_tui.errors import BuildError
from pyreq_tui.locks import USUAL, Settings, find_interpreter, find_pip, network_of
from pyreq_tui.redact import redact
from pyreq_tui.wheels.builders import Order, builder_inputs
from pyreq_tui.wheels.local import local_path, read_local
from pyreq_tui.wheels.made import kept_as, made_wheel, remember_made
from pyreq_tui.wheels.origins import bring_archive, bring_folder, bring_revision, fingerprint
from pyreq_tui.wheels.parallel import Stop
from pyreq_tui.wheels.store import publish

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pyreq_tui.locks import Network, Pin, Target, Unbuilt, WheelFile
    from pyreq_tui.processes import Cancel
    from pyreq_tui.wheels.store import Store

_USUAL_SETTINGS = Settings()
_FORMAT = 2
"""Of the records of what was built; a new one makes the old ones unknown."""
_DOCKER_HINT = "Set dockerizePip: true (or non-linux) to build it in Lambda's own image."
_EARLIEST_ZIP_DATE = "315532800"
"""1980-01-01 as SOURCE_DATE_EPOCH, so that backends write the same wheel every time."""


def build_wheel(
    pin: Pin,
    target: Target,
    store: Store,
    settings: Settings,
    *,
    offline: bool,
    cancel: Cancel,
    on_line: Callable[[str], None],
) -> WheelFile:
    """Build ``pin`` for ``target`` on this machine, keep the wheel in ``store``, and say where it is.

    ``settings`` say with which interpreter, where the build finds what it requires, what its backend is told.

    Raises BuildError where it can't be had or built, or where the wheel would not load on ``target``.
    """
    unbuilt = pin.unbuilt
    if unbuilt is None:
        raise ValueError(f"{pin.name} has a wheel")
    known = built_wheel(pin, target, store, settings)
    if known is not None:
        return known
    state = fingerprint(unbuilt)
    with store.workshop() as workshop:
        network = network_of([settings])
        source = bring(unbuilt, workshop, network=network, offline=offline, cancel=cancel, on_line=on_line)
        if settings.pip_build:
            python: str | None = find_pip(target, settings.python_bin, cancel=cancel).executable
        else:
            python = find_interpreter(target.python, settings.python_bin, cancel=cancel)
        if python is None:
            on_line(f"There is no Python {_dotted(target)} here: building {pin.name} with {sys.executable}.")
        output = workshop / "wheel"
        python = python or sys.executable
        order = Order(pin.name, source, output, python, settings, store.uv_cache, offline=offline)
        try:
            order.carry_out(_environment(pin, unbuilt), on_line=on_line, cancel=cancel)
        except processes.ProcessError as error:
            raise BuildError(
                f"{_named(pin)} could not be built: {error.message}",
                hint=f"It may need a compiler or headers that this machine lacks. {_DOCKER_HINT}",
            ) from error
        wheels = sorted(output.glob("*.whl"))
        if len(wheels) != 1:
            raise BuildError(f"Building {_named(pin)} gave {len(wheels)} wheels where one was expected.")
        return _adopt(wheels[0], pin, target, store, settings, state)


def built_wheel(pin: Pin, target: Target, store: Store, settings: Settings) -> WheelFile | None:
    """The wheel built of ``pin`` earlier, where what it was built of, and how, is still the same."""
    if pin.unbuilt is None or settings.is_anew:
        return None
    state = fingerprint(pin.unbuilt)
    if state is None:
        return None
    return made_wheel(_inputs(pin, pin.unbuilt, target, settings, state), store)


def adopt_wheel(
    path: Path, pin: Pin, target: Target, store: Store, settings: Settings = _USUAL_SETTINGS
) -> WheelFile:
    """Take a wheel that was built of ``pin`` elsewhere, in Docker say, into ``store`` and remember it.

    Raises BuildError where it is another package's, or would not load on ``target``.
    """
    return _adopt(path, pin, target, store, settings, fingerprint(pin.unbuilt) if pin.unbuilt else None)


def bring(
    unbuilt: Unbuilt,
    workshop: Path,
    *,
    network: Network = USUAL,
    offline: bool,
    cancel: Cancel,
    on_line: Callable[[str], None],
) -> Path:
    """Have what is to be built in ``workshop``; the archive's or the folder's path there.

    Raises BuildError where it can't be had, PyreqError where it is named wrongly, and Cancelled.
    """
    if unbuilt.kind == "vcs":
        return bring_revision(unbuilt, workshop, offline=offline, cancel=cancel, on_line=on_line)
    if unbuilt.kind == "directory":
        return bring_folder(unbuilt, workshop, cancel=cancel)
    if offline and local_path(unbuilt.url) is None:
        raise BuildError(
            f"Offline, and {redact(unbuilt.url)} must be downloaded.", hint="Run once without --offline."
        )
    from pyreq_tui.wheels.web import Web  # here, for requests need not be imported where nothing is fetched

    stop = Stop(cancel)
    with Web(network, connections=1, cancel=stop, pause=time.sleep) as web:
        return bring_archive(unbuilt, workshop, web=web, cancel=stop)


def _environment(pin: Pin, unbuilt: Unbuilt) -> dict[str, str]:
    """What a build backend finds in its environment besides ours: its wheel is to be the same every time."""
    env = {"SOURCE_DATE_EPOCH": os.environ.get("SOURCE_DATE_EPOCH", _EARLIEST_ZIP_DATE)}
    if unbuilt.kind == "directory" and pin.version:
        # A folder below its repository's root is built without it; the resolver has seen the version there.
        name = pin.name.replace("-", "_").upper()
        env[f"SETUPTOOLS_SCM_PRETEND_VERSION_FOR_{name}"] = pin.version
    return env


def _adopt(
    path: Path, pin: Pin, target: Target, store: Store, settings: Settings, state: str | None
) -> WheelFile:
    _check_loadable(path.name, pin, target)
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    wheel = kept_as(store, path.name, sha256, path.stat().st_size)
    contents = read_local(wheel, path)
    with store.workshop() as workshop:
        if not store.has(wheel):
            copy = workshop / "wheel"
            copy.write_bytes(path.read_bytes())
            publish(copy, store.wheel_path(wheel))
        store.put_contents(wheel, contents)
    if pin.unbuilt is not None and state is not None:
        remember_made(_inputs(pin, pin.unbuilt, target, settings, state), wheel, store)
    return wheel


def _check_loadable(filename: str, pin: Pin, target: Target) -> None:
    try:
        name, _, _, tags = parse_wheel_filename(filename)
    except InvalidWheelFilename as error:
        raise BuildError(f"Building {_named(pin)} gave {filename!r}, which names no wheel.") from error
    if name != canonicalize_name(pin.name):
        raise BuildError(
            f"What was to be {pin.name} built as {name}.", hint="Correct the name in the requirement."
        )
    if tags.isdisjoint(target.tags()):
        wheel_tags = ", ".join(sorted(map(str, tags)))
        raise BuildError(
            f"{_named(pin)} was built as {wheel_tags}, which {target.runtime} on {target.architecture}"
            f" can't load: {_why(wheel_tags, target)}.",
            hint=_DOCKER_HINT,
        )


def _why(tags: str, target: Target) -> str:
    """Why a wheel of these tags, built here, does not load on ``target``."""
    if sys.platform != "linux":
        return f"this machine runs {platform.system()}, Lambda Linux"
    if not tags.endswith(("aarch64", "arm64") if target.architecture == "arm64" else (target.architecture,)):
        return f"this machine is {platform.machine()}"
    if f"cp{target.python[0]}{target.python[1]}-" not in tags:
        return f"there is no Python {_dotted(target)} on this machine to build with"
    return "its platform is another one"


def _inputs(pin: Pin, unbuilt: Unbuilt, target: Target, settings: Settings, state: str) -> dict[str, object]:
    """Everything a wheel is made of, readable: the key of its record."""
    return {
        "format": _FORMAT,
        **asdict(unbuilt),
        "url": redact(unbuilt.url),
        "state": state,
        "python": _dotted(target),
        "architecture": target.architecture,
        **builder_inputs(pin.name, settings),
    }


def _dotted(target: Target) -> str:
    return f"{target.python[0]}.{target.python[1]}"


def _named(pin: Pin) -> str:
    return f"{pin.name} {pin.version}" if pin.version else pin.name
