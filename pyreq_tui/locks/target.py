"""What a function runs on: its Python, its glibc, and so the wheels that load there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Literal

from packaging.tags import compatible_tags, cpython_tags

from pyreq_tui.aws import facts
from pyreq_tui.errors import PyreqError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from packaging.tags import Tag

Architecture = Literal["x86_64", "arm64"]

_MACHINES = {"x86_64": "x86_64", "arm64": "aarch64"}
_LEGACY = {(2, 17): "manylinux2014", (2, 12): "manylinux2010", (2, 5): "manylinux1"}
"""Names from before PEP 600, by the glibc they mean."""
_OLDEST_GLIBC = {"x86_64": (2, 5), "aarch64": (2, 17)}
"""The oldest glibc that manylinux policies know on a machine."""
_RUNTIME = re.compile(r"python:?(?P<major>\d)(?:\.?(?P<minor>\d+))?")


@dataclass(frozen=True)
class Target:
    """Runtime and architecture, and what follows from them."""

    runtime: str
    """As serverless.yml names it."""
    architecture: Architecture
    python: tuple[int, int]
    glibc: tuple[int, int]
    """The newest symbols the runtime's system offers."""
    note: str | None = None
    """What was assumed, where the runtime is not one of AWS's."""

    def __str__(self) -> str:
        return f"{self.runtime} on {self.architecture}"

    @property
    def machine(self) -> str:
        """What ``platform.machine()`` says there, and wheels are named by: ``x86_64`` or ``aarch64``."""
        return _MACHINES[self.architecture]

    @property
    def python_full_version(self) -> str:
        """``3.12.9``: a release the runtime has certainly reached."""
        minor = f"{self.python[0]}.{self.python[1]}"
        known = facts().runtimes.get(f"python{minor}")
        return f"{minor}.{known.patch if known else 0}"

    def tags(self) -> tuple[Tag, ...]:
        """Tags of the wheels that load there, most specific first (PEP 425, PEP 600)."""
        return _tags(self.python, self.machine, self.glibc)

    def environment(self) -> dict[str, str]:
        """What markers are evaluated in (PEP 508). The kernel's release and version are not known."""
        return {
            "implementation_name": "cpython",
            "implementation_version": self.python_full_version,
            "os_name": "posix",
            "platform_machine": self.machine,
            "platform_python_implementation": "CPython",
            "platform_release": "",
            "platform_system": "Linux",
            "platform_version": "",
            "python_full_version": self.python_full_version,
            "python_version": f"{self.python[0]}.{self.python[1]}",
            "sys_platform": "linux",
        }


def target_for(runtime: str | None, architecture: str) -> Target:
    """The Target of a runtime, named as AWS (``python3.12``), Google (``python312``) or OpenWhisk do.

    Raises PyreqError for what is no Python, and for an unknown architecture.
    """
    if runtime is None:
        raise PyreqError(
            "No runtime is set.", hint="Set provider.runtime in serverless.yml, e.g. python3.13."
        )
    match = _RUNTIME.fullmatch(runtime.strip().lower())
    if match is None:
        raise PyreqError(f"{runtime} is not a Python runtime.", hint="Set runtime: python3.13, for example.")
    known = {version: fact for name, fact in facts().runtimes.items() if (version := _version(name))}
    newest = max(known)
    if match["minor"] is None:
        python = max((version for version in known if version[0] == int(match["major"])), default=newest)
        note = f"{runtime} names no minor version: taken for Python {python[0]}.{python[1]}."
    else:
        python = int(match["major"]), int(match["minor"])
        note = None
    if python in known:
        glibc = known[python].glibc
    elif python > newest:
        glibc = known[newest].glibc
        note = (
            f"{runtime} is newer than what is known here: taken to run on what {known[newest].name} runs on."
        )
    else:
        glibc = min(fact.glibc for fact in known.values())
        note = f"{runtime} is not known here: taken to run on the oldest system that is."
    return Target(runtime, _architecture(architecture), python, glibc, note)


def _version(runtime: str) -> tuple[int, int] | None:
    match = _RUNTIME.fullmatch(runtime)
    return (int(match["major"]), int(match["minor"])) if match and match["minor"] else None


def _architecture(name: str) -> Architecture:
    if name == "x86_64":
        return "x86_64"
    if name == "arm64":
        return "arm64"
    raise PyreqError(f"{name} is not an architecture of Lambda.", hint="Write architecture: x86_64 or arm64.")


@cache
def _tags(python: tuple[int, int], machine: str, glibc: tuple[int, int]) -> tuple[Tag, ...]:
    platforms = tuple(_platforms(machine, glibc))
    interpreter = f"cp{python[0]}{python[1]}"
    # Python 2.7 on Linux has wide characters; up to 3.7 the ABI had pymalloc's letter.
    suffix = "mu" if python < (3, 0) else "m" if python < (3, 8) else ""
    return (
        *cpython_tags(python, [interpreter + suffix], platforms),
        *compatible_tags(python, interpreter, platforms),
    )


def _platforms(machine: str, glibc: tuple[int, int]) -> Iterator[str]:
    """manylinux from the Target's glibc down, then the plain name that a build on Linux gives its wheels."""
    for minor in range(glibc[1], _OLDEST_GLIBC[machine][1] - 1, -1):
        yield f"manylinux_2_{minor}_{machine}"
        if legacy := _LEGACY.get((2, minor)):
            yield f"{legacy}_{machine}"
    yield f"linux_{machine}"
