"""Lambda's limits and runtimes, read from ``aws.toml`` (which says as of when)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date


@dataclass(frozen=True)
class Runtime:
    """A managed Python runtime: the newest glibc symbols its system offers, and when AWS deprecates it."""

    name: str
    glibc: tuple[int, int]
    patch: int
    """A patch release it has certainly passed: runtimes are kept up to date, so zero would be wrong."""
    deprecated: date


@dataclass(frozen=True)
class Limits:
    """Lambda's quotas, in bytes where not a count."""

    unzipped_bytes: int
    direct_upload_zipped_bytes: int
    layers_per_function: int
    tmp_bytes: int


@dataclass(frozen=True)
class Facts:
    """Everything in ``aws.toml``."""

    as_of: date
    limits: Limits
    runtimes: Mapping[str, Runtime]
    runtime_packages: frozenset[str]
    runtime_modules: frozenset[str]
    """The names under which they are imported."""


@cache
def facts() -> Facts:
    """The facts, read once."""
    import tomllib  # here, with what reads it: the first paint needs no facts
    from importlib.resources import files

    data = tomllib.loads((files("pyreq_tui") / "aws.toml").read_text("utf-8"))
    return Facts(
        as_of=data["as_of"],
        limits=Limits(**data["limits"]),
        runtimes={
            name: Runtime(name, (fact["glibc"][0], fact["glibc"][1]), fact["patch"], fact["deprecated"])
            for name, fact in data["runtimes"].items()
        },
        runtime_packages=frozenset(data["runtime_packages"]),
        runtime_modules=frozenset(data["runtime_modules"]),
    )
