"""What lies in a module's folder and looks like requirements, though nothing there speaks for the module."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.errors import PyreqError
from pyreq_tui.sizes import count
from pyreq_tui.sources.pyproject import read_toml, table, texts

if TYPE_CHECKING:
    from pathlib import Path

    from pyreq_tui.service import Options


def overlooked(folder: Path, options: Options) -> str | None:
    """What is likely meant to speak for the module in ``folder``, and what that takes."""
    for name, key, is_used in (
        ("uv.lock", "useUv", options.use_uv),
        ("poetry.lock", "usePoetry", options.use_poetry),
        ("Pipfile", "usePipenv", options.use_pipenv),
    ):
        if not is_used and (folder / name).is_file():
            return f"There is a {name}, but {key} is false."
    if asked := _dependencies(folder / "pyproject.toml"):
        packages = count(asked, "package")
        return f"pyproject.toml asks for {packages}, but there is no lock: run uv lock, and keep uv.lock."
    if (folder / "Pipfile.lock").is_file():
        return "There is a Pipfile.lock, but not the Pipfile that it belongs to."
    others = sorted(path.name for path in folder.glob("*requirements*.txt") if path.is_file())
    return f"There is {others[0]}: name it with fileName." if others else None


def _dependencies(manifest: Path) -> int:
    """How many packages a project asks for (PEP 621)."""
    try:
        return len(texts(table(read_toml(manifest), "project").get("dependencies")))
    except PyreqError:
        return 0  # it is not there, or is no project
