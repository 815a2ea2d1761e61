"""A Lock made anew: the resolver is asked, and its answer checked."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from packaging.markers import Marker
from packaging.utils import canonicalize_name

from pyreq_tui.errors import PyreqError, Where
from pyreq_tui.locks.compile import Answer, Problem
from pyreq_tui.locks.explain import explain
from pyreq_tui.locks.model import Lock
from pyreq_tui.locks.pip_resolver import ask_pip
from pyreq_tui.locks.search import Search
from pyreq_tui.processes import ProcessError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from pyreq_tui.locks.model import Pin
    from pyreq_tui.locks.pip_resolver import Pip
    from pyreq_tui.locks.settings import Settings
    from pyreq_tui.locks.target import Target
    from pyreq_tui.processes import Cancel
    from pyreq_tui.service import Options
    from pyreq_tui.sources import Requirement, Requirements


def fresh_lock(
    source: Requirements,
    target: Target,
    options: Options,
    settings: Settings,
    pip: Pip | None,
    *,
    offline: bool,
    cache: Path | None,
    cancel: Cancel,
    on_line: Callable[[str], None],
) -> Lock:
    """The pins of everything that ``source`` asks for, as uv answers, or ``pip`` where that has to.

    Raises as ``resolve`` does.
    """
    _check_environment(source, target)
    asked = tuple(requirement for requirement in source.requirements if _applies(requirement, target))
    problem = Problem(
        requirements=asked,
        constraints=source.constraints,
        target=target,
        settings=settings,
        folder=source.source.folder,
        root=source.source.root,
        offline=offline,
        cache=cache / "uv" if cache is not None else None,
        secrets=source.secrets,
    )

    def answer_to(wanted: tuple[Requirement, ...]) -> Answer:
        if pip is not None:
            return ask_pip(replace(problem, requirements=wanted), pip, cancel=cancel, on_line=on_line)
        if not wanted:
            return Answer(())
        return Search(replace(problem, requirements=wanted), cancel, on_line).answer()

    omitted = {_name(item) for item in options.no_deploy}
    tool = "pip" if pip else "uv"
    try:
        answer = answer_to(asked)
    except ProcessError as error:
        # What does not ship need not exist: private packages that only the runtime has, for example.
        kept = tuple(requirement for requirement in asked if requirement.name not in omitted)
        if len(kept) == len(asked):
            raise explain(error, asked, target, tool=tool) from error
        asked = kept
        try:
            answer = answer_to(kept)
        except ProcessError as second:
            raise explain(second, kept, target, tool=tool) from second
    is_hashed = not source.is_complete and any(requirement.hashes for requirement in source.requirements)
    if pip is None and (settings.require_hashes or is_hashed):
        _check_hashes(answer.pins, asked, omitted)
    return Lock(
        target=target,
        pins=answer.pins,
        direct=answer.direct or _direct(asked, answer.pins),
        dropped=tuple(line.text for line in source.requirements if not _applies(line, target)),
        held_back=answer.held_back,
    )


def _check_environment(source: Requirements, target: Target) -> None:
    if source.environment is not None and not Marker(source.environment).evaluate(target.environment()):
        lockfile = source.source.lockfile
        raise PyreqError(
            f"The lock is for {source.environment}, not for {target.runtime}.",
            hint="Widen the Python versions of the project and lock again, or change the runtime.",
            where=Where(lockfile) if lockfile else None,
        )


def _applies(requirement: Requirement, target: Target) -> bool:
    return requirement.marker is None or Marker(requirement.marker).evaluate(
        {**target.environment(), "extra": ""}
    )


def _name(item: str) -> str:
    """The normalised name in a ``noDeploy`` item, which may carry extras, versions or a marker."""
    return canonicalize_name(re.split(r"[\s\[<>=!~;@]", item.strip(), maxsplit=1)[0])


def _check_hashes(pins: Sequence[Pin], asked: Sequence[Requirement], omitted: set[str]) -> None:
    """As pip: once one requirement has a hash, everything that is installed must."""
    hashed = {requirement.name for requirement in asked if requirement.hashes}
    missing = [pin for pin in pins if pin.name not in hashed | omitted]
    if missing:
        lines = "\n".join(
            f"    {pin.name}=={pin.version}" if pin.version else f"    {pin.name}" for pin in missing
        )
        raise PyreqError(
            f"Some requirements have hashes, so all must; these have none:\n{lines}",
            hint="Pin them with hashes as well (pip-compile --generate-hashes), or take all hashes away.",
            where=next((requirement.where for requirement in asked if not requirement.hashes), None),
        )


def _direct(asked: Sequence[Requirement], pins: Sequence[Pin]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What was asked for by name, with the extras of all its lines."""
    extras: dict[str, set[str]] = {}
    for requirement in asked:
        name = requirement.name or next((pin.name for pin in pins if _is_from(pin, requirement)), None)
        if name is not None:
            extras.setdefault(name, set()).update(requirement.extras)
    return tuple((name, tuple(sorted(extras[name]))) for name in sorted(extras))


def _is_from(pin: Pin, requirement: Requirement) -> bool:
    """Whether a requirement without a name led to this pin."""
    url = (requirement.url or "").partition("#")[0]
    if pin.wheel is not None:
        return pin.wheel.url == url
    if pin.unbuilt is None:
        return False
    if pin.unbuilt.kind == "vcs":
        return url.partition("+")[2].startswith(pin.unbuilt.url)
    return pin.unbuilt.url in (url, str(requirement.path))
