"""Does it load there? What the names of wheels and libraries say, before anything is downloaded."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from pyreq_tui.bundle import SERVICE_CODE, VENDOR, DeflatedBytes, WheelBytes
from pyreq_tui.errors import Finding, PyreqError, Where
from pyreq_tui.findings.shipping import all_entries
from pyreq_tui.locks import target_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from packaging.tags import Tag

    from pyreq_tui.build import Plan, PlannedArtifact
    from pyreq_tui.locks import Target
    from pyreq_tui.service import Function

_EXTENSION = re.compile(
    r"(?P<stem>.+)\.(?:cpython-(?P<python>\d+)-(?P<platform>[\w-]+)\.so|(?P<windows>[\w.-]+\.pyd|pyd)"
    r"|(?P<abi>abi3\.so))$"
)
"""An extension module, whose name tells for what it was built (PEP 3149)."""


def platform_findings(plan: Plan) -> Iterator[Finding]:
    """Wheels, and libraries among the user's own files, that no function they ship to can load."""
    functions = {function.name: function for function in plan.service.functions}
    for artifact in plan.artifacts:
        users = [functions[name] for name in artifact.functions]
        targets = {target: function for function in reversed(users) if (target := _target(function))}
        for target, function in targets.items():
            yield from _wheels(artifact, target, function)
        if artifact.target:
            yield from _own_files(artifact, artifact.target)


def _target(function: Function) -> Target | None:
    try:
        return target_for(function.runtime, function.architecture)
    except PyreqError:  # what is not known is said where the function is read
        return None


def _wheels(artifact: PlannedArtifact, target: Target, function: Function) -> Iterator[Finding]:
    supported = _supported(target)
    wrong: dict[str, str] = {}
    seen: set[int] = set()
    for entry in all_entries(artifact):
        source = entry[4]
        if id(source) in seen or not isinstance(source, WheelBytes):
            continue
        seen.add(id(source))
        tags = wheel_tags(source.path.name)
        if tags and not tags & supported:
            wrong[entry.owner] = ", ".join(sorted({f"{tag.interpreter}-{tag.platform}" for tag in tags})[:2])
    if wrong:
        named = [f"{owner} (built for {built})" for owner, built in sorted(wrong.items())]
        more = f" and {len(named) - 3} more" if len(named) > 3 else ""
        yield Finding(
            "error",
            "wrong-platform-wheel",
            f"{function.name} runs on {target}, where these in {artifact.filename} don't load: "
            f"{', '.join(named[:3])}{more}.",
            where=function.where,
            hint="Set package.individually: true for the function, or give all one runtime and architecture."
            if artifact.kind != "layer"
            else "Give the functions of a layer one runtime and architecture.",
            package=min(wrong),
        )


@lru_cache(maxsize=4096)
def wheel_tags(filename: str) -> frozenset[Tag]:
    """What a wheel was built for, from its name (PEP 427); empty where the name is none."""
    try:
        return parse_wheel_filename(filename)[3]
    except InvalidWheelFilename:
        return frozenset()


@lru_cache(maxsize=16)
def _supported(target: Target) -> frozenset[Tag]:
    return frozenset(target.tags())


def _own_files(artifact: PlannedArtifact, target: Target) -> Iterator[Finding]:
    """Extension modules that were copied from another machine; one that has a sibling which loads is fine."""
    modules: dict[str, list[tuple[str, bool]]] = {}
    sources: dict[str, Path] = {}
    for entry in all_entries(artifact):
        if not isinstance(entry.source, DeflatedBytes) or not entry.path.endswith((".so", ".pyd")):
            continue
        if entry.owner in (SERVICE_CODE, VENDOR) and (match := _EXTENSION.fullmatch(entry.path)):
            sources[entry.path] = entry.source.path
            modules.setdefault(match["stem"], []).append((entry.path, _loads(match, target)))
    wrong = sorted(
        path for found in modules.values() if not any(fits for _, fits in found) for path, _ in found
    )
    if wrong:
        more = f" and {len(wrong) - 3} more" if len(wrong) > 3 else ""
        yield Finding(
            "warning",
            "wrong-platform-file",
            f"{artifact.filename} holds {', '.join(wrong[:3])}{more}, which {target} does not load.",
            where=Where(sources[wrong[0]]),
            hint="Take it out with package.patterns and name the package in the requirements.",
        )


def _loads(match: re.Match[str], target: Target) -> bool:
    if match["abi"]:
        return True
    if match["windows"]:
        return False
    return (
        match["python"] == f"{target.python[0]}{target.python[1]}"
        and match["platform"] == f"{target.machine}-linux-gnu"
    )
