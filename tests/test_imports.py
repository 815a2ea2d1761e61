"""Who may import what: checked in a fresh interpreter, for a contract on paper does not see lazy imports."""

from __future__ import annotations

import pkgutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pyreq_tui

if TYPE_CHECKING:
    from pathlib import Path

STATIONS = ("service", "sources", "locks", "wheels", "bundle", "build", "findings", "setup")
SCREEN_LIBRARIES = ("textual", "rich", "click")


def modules_of(station: str) -> list[str]:
    """Every module of a station, the package itself first."""
    package = f"pyreq_tui.{station}"
    path = next(iter(pyreq_tui.__path__))
    return [package, *(module.name for module in pkgutil.walk_packages([f"{path}/{station}"], f"{package}."))]


def told_by(program: str) -> str:
    """What a program prints in a fresh interpreter."""
    command = [sys.executable, "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


def loaded_after(statement: str) -> set[str]:
    """The modules a fresh interpreter holds after ``statement``."""
    return set(told_by(f"{statement}\nimport sys\nprint(*sys.modules)").splitlines()[-1].split())


def test_a_station_loads_only_what_stands_left_of_it() -> None:
    """One interpreter goes from left to right: what a station should not have loaded is there too early."""
    told = "import sys; print(*sys.modules)"
    by_station = ["; ".join(f"import {module}" for module in modules_of(name)) for name in STATIONS]
    loaded = told_by("\n".join(f"{imports}\n{told}" for imports in by_station)).splitlines()

    for number, (station, modules) in enumerate(zip(STATIONS, loaded, strict=True)):
        names = set(modules.split())
        ours = {name.split(".")[1] for name in names if name.startswith("pyreq_tui.")}
        assert station in ours
        assert not ours & {*STATIONS[number + 1 :], "cli", "tui"}, station
        assert not names & set(SCREEN_LIBRARIES), station


def test_the_command_line_loads_no_screens() -> None:
    loaded = loaded_after("; ".join(f"import {module}" for module in modules_of("cli")))

    assert "textual" not in loaded
    assert not [name for name in loaded if name.startswith("pyreq_tui.tui.")]


def test_the_version_is_told_without_loading_the_engine() -> None:
    loaded = loaded_after(
        "import sys\nsys.argv = ['pyreq-tui', '--version']\n"
        "from pyreq_tui.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit as done:\n    assert not done.code, done.code"
    )

    assert not {"textual", "rich", "requests", "docker", "pyreq_tui.build"} & loaded


def test_the_screens_load_no_command_line() -> None:
    loaded = loaded_after("; ".join(f"import {module}" for module in modules_of("tui")))

    assert "click" not in loaded
    assert not [name for name in loaded if name.startswith("pyreq_tui.cli")]


FIRST_SCREENS = {
    "pyreq_tui.tui.screens.bug",
    "pyreq_tui.tui.screens.computing",
    "pyreq_tui.tui.screens.dialog",
    "pyreq_tui.tui.screens.estimating",
    "pyreq_tui.tui.screens.exploring",
    "pyreq_tui.tui.screens.failure",
    "pyreq_tui.tui.screens.saving",
    "pyreq_tui.tui.screens.showing",
    "pyreq_tui.tui.screens.workbench",
}
"""The workbench, and the dialogs that tell what went wrong."""


def test_the_first_paint_waits_for_no_other_screen_and_for_nothing_that_works() -> None:
    loaded = loaded_after("import pyreq_tui.tui.app")

    assert {name for name in loaded if name.startswith("pyreq_tui.tui.screens.")} == FIRST_SCREENS
    assert {name for name in loaded if name.startswith("pyreq_tui.build.")} == {"pyreq_tui.build.events"}
    assert not loaded & {f"pyreq_tui.{station}" for station in ("locks", "wheels", "findings", "setup")}
    assert not loaded & {"yaml", "requests", "docker"}


def test_scanning_loads_only_what_reads_the_service_and_finds_its_sources(tmp_path: Path) -> None:
    (tmp_path / "serverless.yml").write_text(
        "service: shop\nprovider: {name: aws, runtime: python3.12}\nfunctions: {web: {handler: app.main}}\n"
    )
    (tmp_path / "requirements.txt").write_text("six\n")
    loaded = loaded_after(
        f"import sys\nsys.argv = ['pyreq-tui', 'scan', {str(tmp_path)!r}]\n"
        "from pyreq_tui.__main__ import main\n"
        "try:\n    main()\nexcept SystemExit as done:\n    assert not done.code, done.code"
    )

    assert "pyreq_tui.sources.detect" in loaded
    assert not loaded & {f"pyreq_tui.{station}" for station in STATIONS[2:]}
    assert not loaded & {"requests", "docker", "concurrent.futures"}


SELDOM_NEEDED = {
    "docker",
    "requests",
    "pyreq_tui.build.docker.dockerfile",
    "pyreq_tui.build.docker.engine",
    "pyreq_tui.build.fit",
    "pyreq_tui.findings.imports",
    "pyreq_tui.locks.fresh",
    "pyreq_tui.locks.search",
    "pyreq_tui.locks.select",
    "pyreq_tui.service.editing",
    "pyreq_tui.setup",
    "pyreq_tui.sources.poetry_lock",
    "pyreq_tui.sources.uv_lock",
    "pyreq_tui.wheels.building",
    "pyreq_tui.wheels.web",
}
"""What most builds do without: all is locked, fetched and made, and on this machine."""


def test_no_command_begins_with_what_is_seldom_needed() -> None:
    assert not loaded_after("from pyreq_tui.cli import estimate, check, build") & SELDOM_NEEDED
