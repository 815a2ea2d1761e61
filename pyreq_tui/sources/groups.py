"""Which dependency groups and extras a project has, for those who choose among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.sources.poetry_project import group_names
from pyreq_tui.sources.pyproject import read_toml, table

if TYPE_CHECKING:
    from pyreq_tui.sources.model import Source


def groups_of(source: Source) -> tuple[str, ...]:
    """The dependency groups that the manifest of ``source`` names, where that is Poetry's or uv's.

    Raises PyreqError for a manifest that can't be read.
    """
    if source.manifest is None:
        return ()
    if source.kind == "poetry":
        return tuple(sorted(group_names(read_toml(source.manifest))))
    if source.kind != "uv":
        return ()
    data = read_toml(source.manifest)
    development = ("dev",) if "dev-dependencies" in table(data, "tool", "uv") else ()
    return tuple(sorted({*table(data, "dependency-groups"), *development}))


def extras_of(source: Source) -> tuple[str, ...]:
    """The extras of a project of uv's. Raises PyreqError for a manifest that can't be read."""
    if source.manifest is None or source.kind != "uv":
        return ()
    return tuple(sorted(table(read_toml(source.manifest), "project", "optional-dependencies")))
