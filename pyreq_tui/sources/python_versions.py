"""Which versions of Python a project says it runs on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.sources.pyproject import read_toml, table

if TYPE_CHECKING:
    from pathlib import Path


def requires_python(folder: Path) -> str | None:
    """``project.requires-python`` of a folder's pyproject.toml; ``None`` where it says nothing.

    Raises PyreqError for a file that can't be read.
    """
    manifest = folder / "pyproject.toml"
    wanted = table(read_toml(manifest), "project").get("requires-python") if manifest.is_file() else None
    return wanted if isinstance(wanted, str) else None
