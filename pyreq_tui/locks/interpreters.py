"""Finds a Python to build with or to run pip on."""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from pyreq_tui import processes
from pyreq_tui.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyreq_tui.processes import Cancel

_SAY_VERSION = "import sys; print(*sys.version_info[:2])"
_UNDOTTED = re.compile(r"python(\d)(\d+)")
"""``python39``: as Google names its runtimes."""


def interpreter_named(python_bin: str, root: Path) -> str | None:
    """``pythonBin`` as a command: a path counts from the service's ``root``; ``None`` for nothing."""
    if not python_bin:
        return None
    path = Path(python_bin).expanduser()
    return str(root / path) if len(path.parts) > 1 else python_bin


def find_interpreter(python: tuple[int, int], python_bin: str | None, *, cancel: Cancel) -> str | None:
    """An interpreter of this version, ``python_bin`` where it is one; ``None`` where none is installed."""
    if sys.version_info[:2] == python and not python_bin:
        return sys.executable
    return next(
        (found for found in interpreters(python, python_bin, cancel=cancel) if _is(python, found, cancel)),
        None,
    )


def interpreters(python: tuple[int, int], python_bin: str | None, *, cancel: Cancel) -> Iterator[str]:
    """What may be an interpreter of this version: ``python_bin``, this one, what uv and pyenv know of."""
    if python_bin:
        yield python_bin
        if match := _UNDOTTED.fullmatch(python_bin):
            yield f"python{match[1]}.{match[2]}"
    if sys.version_info[:2] == python:
        yield sys.executable
    wanted = f"{python[0]}.{python[1]}"
    find = [processes.uv_executable(), "python", "find", "--no-python-downloads", "--no-project", wanted]
    with suppress(BuildError):  # none there, or a pyenv shim of a version that is not switched on
        yield processes.run(find, cancel=cancel).strip()
    versions = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    yield from map(str, sorted(versions.glob(f"{wanted}*/bin/python"), reverse=True))


def _is(python: tuple[int, int], executable: str, cancel: Cancel) -> bool:
    try:
        answer = processes.run([executable, "-I", "-c", _SAY_VERSION], cancel=cancel)
    except BuildError:
        return False
    return answer.split() == [str(part) for part in python]
