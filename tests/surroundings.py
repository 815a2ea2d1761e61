"""What pip and uv find around them in tests: none of a machine's own settings, and a Python that uv knows."""

from __future__ import annotations

import atexit
import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path
from tempfile import mkdtemp
from typing import TYPE_CHECKING

from pyreq_tui.processes import uv_executable

if TYPE_CHECKING:
    import pytest


def forget_installers(monkeypatch: pytest.MonkeyPatch, *, kept: str = "") -> None:
    """Take pip's and uv's variables out of the environment, but for ``kept``, and hide pip's files."""
    for name in list(os.environ):
        if name.startswith(("PIP_", "UV_")) and name != kept:
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)


def acquaint(uv_cache: Path) -> None:
    """Put into a new cache of uv's what it knows of this Python: to ask takes longer than a resolution."""
    for known in _acquainted().glob("interpreter-*"):
        shutil.copytree(known, uv_cache / known.name, dirs_exist_ok=True)


@cache
def _acquainted() -> Path:
    folder = Path(mkdtemp(prefix="pyreq-tests-"))
    atexit.register(shutil.rmtree, folder)
    find = [uv_executable(), "python", "find", "--no-project", "--no-config", "--cache-dir", str(folder)]
    subprocess.run([*find, sys.executable], check=True, capture_output=True, timeout=60)
    return folder
