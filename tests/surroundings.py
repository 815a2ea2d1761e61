"""What a machine's own settings would do to tests that run pip and uv."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pytest


def forget_installers(monkeypatch: pytest.MonkeyPatch, *, kept: str = "") -> None:
    """Take pip's and uv's variables out of the environment, but for ``kept``, and hide pip's files."""
    for name in list(os.environ):
        if name.startswith(("PIP_", "UV_")) and name != kept:
            monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
