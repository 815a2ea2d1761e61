"""The shared libraries a managed runtime brings."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyreq_tui.locks import Target

_AMAZON_LINUX_2023_GLIBC = (2, 34)


def runtime_libraries(target: Target) -> frozenset[str]:
    """What the loader finds on ``target`` without anything bundled, by soname."""
    data = _data()
    system = "amazon_linux_2023" if target.glibc >= _AMAZON_LINUX_2023_GLIBC else "amazon_linux_2"
    major, minor = target.python
    python = {f"libpython{major}.{minor}.so.1.0", f"libpython{major}.{minor}.so", f"libpython{major}.so"}
    return data["every"] | data[system] | python


@cache
def _data() -> dict[str, frozenset[str]]:
    text = (files("pyreq_tui.findings") / "runtime_libraries.toml").read_text("utf-8")
    return {name: frozenset(sonames) for name, sonames in tomllib.loads(text).items()}
