"""The whole way in a real terminal: open the demo, make it fit, save, build, quit; then look at the files."""

from __future__ import annotations

import shutil
import zipfile
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.tui.terminal import Terminal, opening, stuck_build

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.slow,
    pytest.mark.index,
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not there"),
]

LIMIT_BYTES = 250 * 2**20


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path, 120, 36)
    yield terminal
    terminal.close()


@pytest.fixture
def service(tmp_path: Path) -> Path:
    with as_file(files("pyreq_tui") / "demo") as demo:
        return shutil.copytree(demo, tmp_path / "shop-service", ignore=shutil.ignore_patterns("__pycache__"))


def leave(terminal: Terminal) -> None:
    """Quit, and see that it ended well."""
    terminal.type("q")
    assert terminal.wait_for(*(f"left with {status}" for status in range(4))) == "left with 0"


def test_over_the_limit_to_built_in_a_real_terminal(
    terminal: Terminal, service: Path, tmp_path: Path
) -> None:
    before = (service / "serverless.yml").read_text("utf-8").splitlines()
    terminal.enter(opening(service, tmp_path))
    terminal.wait_for("MB over")
    terminal.wait_for("exact")

    terminal.type("f")
    terminal.wait_for("Safest first")
    terminal.type("Enter")
    terminal.wait_for("MB left")
    terminal.type("s")
    terminal.wait_for("Save  enter")
    terminal.type("Enter")
    terminal.wait_for("as saved")
    terminal.type("b")
    assert terminal.wait_for("Built in", "✗ failed") == "Built in"
    terminal.type("Escape")
    terminal.wait_for("as saved")
    leave(terminal)

    saved = (service / "serverless.yml").read_text("utf-8")
    options = yaml.safe_load(saved)["custom"]["pythonRequirements"]
    assert options["layer"] is True
    assert set(options) - {"layer"}, "what makes it fit is in the file"
    assert [line for line in before if line not in saved.splitlines()] == [], (
        "nothing that stood there is gone"
    )
    with zipfile.ZipFile(service / ".serverless" / "report-shop-dev-report.zip") as archive:
        assert archive.testzip() is None
        assert 0 < sum(entry.file_size for entry in archive.infolist()) <= LIMIT_BYTES
        assert {"handler.py", "pandas/__init__.py"} <= set(archive.namelist())


def test_a_build_is_cancelled_by_key_and_waits_for_nothing(terminal: Terminal, tmp_path: Path) -> None:
    """How soon is measured by the benchmark, which no busy machine makes fail."""
    with stuck_build(terminal, tmp_path) as project:
        terminal.type("Escape")
        terminal.wait_for("Cancelled.")
        # The index is as silent as before: nothing but the key can have ended it.
        assert "Nothing half-written is left" in terminal.screen
        terminal.type("Escape")
        terminal.wait_for("as saved")
        leave(terminal)
        assert not list(project.root.glob(".serverless/*"))
