"""The service's package.json: what it requires, and its text without one package."""

from __future__ import annotations

import json
from pathlib import Path

from pyreq_tui.errors import PyreqError, Where
from pyreq_tui.service.document import parse_document
from pyreq_tui.service.flow_splices import remove_from_flow
from pyreq_tui.service.nodes import Mapping
from pyreq_tui.service.splices import apply

PACKAGE_JSON = "package.json"
_GROUPS = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")


def required_packages(file: Path) -> dict[str, str]:
    """Name and version of every package; nothing where there is no such file, or where it is no JSON."""
    try:
        data = json.loads(file.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        return {}
    groups = [data.get(group) for group in _GROUPS] if isinstance(data, dict) else []
    return {
        name: version
        for group in groups
        if isinstance(group, dict)
        for name, version in group.items()
        if isinstance(version, str)
    }


def without_package(text: str, name: str) -> str:
    """``text`` of a package.json that requires ``name`` no more; the rest of it stays as it is formatted.

    Raises PyreqError where that can't be done without changing something else.
    """
    document = parse_document(Path(PACKAGE_JSON), text)
    root = document.root
    splices = []
    for group in _GROUPS:
        pair = root.by_name.get(group) if isinstance(root, Mapping) else None
        held = pair.value if pair else None
        if isinstance(held, Mapping) and name in held.by_name:
            splices += remove_from_flow(document, held, held.by_name[name])
    after = apply(text, splices)
    expected = json.loads(text.removeprefix("\ufeff"))
    for group in _GROUPS:
        if isinstance(expected.get(group), dict):
            expected[group].pop(name, None)
    if json.loads(after.removeprefix("\ufeff")) != expected:
        raise PyreqError(
            f"{name} can't be taken out of {PACKAGE_JSON} without changing something else.",
            where=Where(Path(PACKAGE_JSON)),
            hint="Take it out by hand.",
        )
    return after
