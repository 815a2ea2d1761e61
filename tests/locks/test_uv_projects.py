"""From a uv project to pins: detected, exported and selected."""

from __future__ import annotations

import sys
from threading import Event
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import PyreqError
from pyreq_tui.locks import Unbuilt, resolve, settings_for, target_for
from pyreq_tui.processes import run, uv_environment, uv_executable
from pyreq_tui.sources import read_source
from tests.making import make_wheel
from tests.sources.projects import found, service, write

if TYPE_CHECKING:
    from pathlib import Path

    from pyreq_tui.locks import Lock

PROJECT = """
    [project]
    name = "service"
    version = "1"
    requires-python = ">=3.11"
    dependencies = ["alpha", "lib", "win ; sys_platform == 'win32'"]
    [tool.uv]
    no-index = true
    find-links = ["wheels"]
    [tool.uv.sources]
    lib = { path = "lib", editable = true }
"""
LIB = """
    [project]
    name = "lib"
    version = "1"
    [build-system]
    requires = ["hatchling"]
    build-backend = "hatchling.build"
"""


def lock_for(root: Path, runtime: str) -> Lock:
    options = service(root).options
    source = read_source(found(root), options)
    return resolve(
        source,
        target_for(runtime, "x86_64"),
        options,
        settings_for(source, options),
        cache=None,
        offline=True,
        cancel=Event(),
        on_line=str,
    )


def test_a_uv_project_from_its_lock_to_its_pins(tmp_path: Path) -> None:
    sizes: dict[str, int] = {}
    for tag in ("cp312-cp312-manylinux_2_28_x86_64", "cp311-cp311-manylinux_2_28_x86_64"):
        wheel = make_wheel(tmp_path / "wheels", "alpha", tag=tag)
        sizes[tag] = wheel.stat().st_size
    make_wheel(tmp_path / "wheels", "win")
    write(tmp_path, {"pyproject.toml": PROJECT, "lib/pyproject.toml": LIB})
    command = [uv_executable(), "lock", "--offline", "--python", sys.executable, "--no-python-downloads"]
    run(command, cwd=tmp_path, env=uv_environment() | {"UV_CACHE_DIR": str(tmp_path / "cache")})
    lock = lock_for(tmp_path, "python3.12")
    pins = {pin.name: pin for pin in lock.pins}
    assert set(pins) == {"alpha", "lib"}
    assert pins["lib"].unbuilt == Unbuilt("directory", str(tmp_path / "lib"))
    assert pins["alpha"].wheel is not None
    assert pins["alpha"].wheel.filename == "alpha-1.0-cp312-cp312-manylinux_2_28_x86_64.whl"
    assert pins["alpha"].wheel.size_bytes == sizes["cp312-cp312-manylinux_2_28_x86_64"]
    assert lock.dropped == ("win",)
    with pytest.raises(PyreqError, match=r"alpha 1\.0 has no wheel that loads on python3\.11"):
        lock_for(tmp_path, "python3.11")
    with pytest.raises(PyreqError, match=r">=3\.11, not for python3\.10") as caught:
        lock_for(tmp_path, "python3.10")
    assert caught.value.where is not None
    assert caught.value.where.file == tmp_path / "uv.lock"
