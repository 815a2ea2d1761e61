"""The whole way in a real terminal: open the demo, make it fit, save, build, quit; then look at the files."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.index_server import IndexServer
from tests.making import make_wheel
from tests.projects import make_project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.slow,
    pytest.mark.index,
    pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not there"),
]

PATIENCE_SECONDS = 120
"""A first run downloads the demo's wheels."""
CANCEL_SECONDS = 1.0
LIMIT_BYTES = 250 * 2**20


class Terminal:
    """A terminal of its own, on a tmux server of its own."""

    def __init__(self, folder: Path, columns: int, rows: int) -> None:
        self._tmux = ["tmux", "-S", str(folder / "tmux"), "-f", os.devnull]
        self._run("new-session", "-d", "-x", str(columns), "-y", str(rows), "-c", str(folder), "sh")

    def _run(self, *arguments: str) -> str:
        return subprocess.run([*self._tmux, *arguments], capture_output=True, text=True, check=True).stdout

    def type(self, *keys: str) -> None:
        """Press keys, by tmux's names."""
        self._run("send-keys", *keys)

    def enter(self, command: str) -> None:
        """Run a command line."""
        self._run("send-keys", "-l", command)
        self.type("Enter")

    @property
    def screen(self) -> str:
        """What can be read now."""
        return self._run("capture-pane", "-p")

    def wait_for(self, *texts: str) -> str:
        """Look until one of ``texts`` is there, and return it."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            shown = self.screen
            for text in texts:
                if text in shown:
                    return text
            time.sleep(0.05)
        raise AssertionError(f"{texts} never came:\n{self.screen}")

    def close(self) -> None:
        """Stop the server and what runs in it."""
        subprocess.run([*self._tmux, "kill-server"], check=False, capture_output=True)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    terminal = Terminal(tmp_path, 120, 36)
    yield terminal
    terminal.close()


@pytest.fixture
def service(tmp_path: Path) -> Path:
    with as_file(files("pyreq_tui") / "demo") as demo:
        return shutil.copytree(demo, tmp_path / "shop-service", ignore=shutil.ignore_patterns("__pycache__"))


def opening(service: Path, home: Path) -> str:
    """The command line that opens the screens, with settings and caches of its own where that is cheap."""
    return (
        f"env -u COLUMNS -u LINES XDG_CONFIG_HOME={home / 'config'} PIP_CONFIG_FILE=/dev/null "
        f"{sys.executable} -m pyreq_tui {service}; echo left with $?"
    )


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


def test_a_build_is_cancelled_by_key_in_under_a_second(terminal: Terminal, tmp_path: Path) -> None:
    """While an index says no word more, half-way through a wheel."""
    project = make_project(tmp_path / "project")
    served = tmp_path / "served"
    make_wheel(served, "endless", files={"endless/data.bin": os.urandom(4 * 2**20)})
    with IndexServer(served) as index:
        project.write({"requirements.txt": f"--index-url {index.url}\nendless\n"})
        terminal.enter(f"export XDG_CACHE_HOME={tmp_path / 'cache'} UV_CACHE_DIR={tmp_path / 'uv'}")
        terminal.enter(opening(project.root, tmp_path))
        terminal.wait_for("exact")
        index.hang = threading.Event()
        terminal.type("b")
        assert index.hanging.wait(PATIENCE_SECONDS)
        terminal.wait_for("endless", "fetch")
        pressed = time.monotonic()
        terminal.type("Escape")
        terminal.wait_for("Cancelled.")
        # What a person waits, tmux's part of it included.
        assert time.monotonic() - pressed < CANCEL_SECONDS
        assert "Nothing half-written is left" in terminal.screen
        index.hang.set()
        terminal.type("Escape")
        terminal.wait_for("as saved")
        leave(terminal)
    assert not list(project.root.glob(".serverless/*"))
