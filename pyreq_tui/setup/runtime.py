"""Which runtime a folder's Python code wants."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from pyreq_tui.aws import facts
from pyreq_tui.errors import PyreqError
from pyreq_tui.sources import requires_python

if TYPE_CHECKING:
    from pathlib import Path

_PINNED = re.compile(r"(?:cpython-|python-?)?(3\.\d+)(?:\.\d+)?")


class Proposal(NamedTuple):
    """A runtime, and why."""

    runtime: str
    reason: str


def current_runtimes() -> tuple[str, ...]:
    """The runtimes that AWS has not deprecated as of our facts, newest first."""
    known = facts()
    current = [name for name, runtime in known.runtimes.items() if runtime.deprecated > known.as_of]
    return tuple(sorted(current, key=_minor, reverse=True))


def propose_runtime(folder: Path) -> Proposal:
    """What ``.python-version`` pins, else the newest that ``requires-python`` allows, else the newest.

    A pyproject.toml that can't be read is passed over, and the reason says so.
    """
    current = current_runtimes()
    pinned = _pinned(folder / ".python-version")
    if pinned in current:
        return Proposal(pinned, ".python-version names it")
    aside = f" (.python-version names {pinned}, which AWS does not take any more)" if pinned else ""
    try:
        wanted = requires_python(folder)
    except PyreqError as error:
        return Proposal(current[0], f"the newest that Lambda has{aside} ({error.message.rstrip('.')})")
    if wanted is not None:
        allowed = [runtime for runtime in current if _allows(wanted, runtime)]
        if allowed:
            return Proposal(allowed[0], f"the newest that requires-python ({wanted}) allows{aside}")
    return Proposal(current[0], f"the newest that Lambda has{aside}")


def _pinned(file: Path) -> str:
    """``python3.12`` for ``3.12.1`` on the first line; empty where nothing is named."""
    try:
        lines = file.read_text("utf-8").split()
    except (OSError, ValueError):
        return ""
    match = _PINNED.fullmatch(lines[0]) if lines else None
    return f"python{match[1]}" if match else ""


def _allows(wanted: str, runtime: str) -> bool:
    try:
        return SpecifierSet(wanted).contains(f"3.{_minor(runtime)}.{facts().runtimes[runtime].patch}")
    except InvalidSpecifier:
        return True


def _minor(runtime: str) -> int:
    return int(runtime.rpartition(".")[2])
