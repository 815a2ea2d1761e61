"""A real terminal for the screens: on tmux, so that it can be typed into and read."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tests.index_server import IndexServer
from tests.making import make_wheel
from tests.projects import make_project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.projects import Project

PATIENCE_SECONDS = 120
"""A first run downloads the demo's wheels."""


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


def opening(service: Path, home: Path) -> str:
    """The command line that opens the screens, with settings and caches of its own where that is cheap."""
    return (
        f"env -u COLUMNS -u LINES XDG_CONFIG_HOME={home / 'config'} PIP_CONFIG_FILE=/dev/null "
        f"{sys.executable} -m pyreq_tui {service}; echo left with $?"
    )


@contextmanager
def stuck_build(terminal: Terminal, folder: Path) -> Iterator[Project]:
    """The screens on a build that has stopped half-way through a wheel: its index says no word more."""
    project = make_project(folder / "project")
    served = folder / "served"
    make_wheel(served, "endless", files={"endless/data.bin": os.urandom(4 * 2**20)})
    with IndexServer(served) as index:
        project.write({"requirements.txt": f"--index-url {index.url}\nendless\n"})
        terminal.enter(f"export XDG_CACHE_HOME={folder / 'cache'} UV_CACHE_DIR={folder / 'uv'}")
        terminal.enter(opening(project.root, folder))
        terminal.wait_for("exact")
        index.hang = threading.Event()
        terminal.type("b")
        assert index.hanging.wait(PATIENCE_SECONDS)
        terminal.wait_for("endless", "fetch")
        yield project
