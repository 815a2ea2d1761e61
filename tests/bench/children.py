"""Times child processes and their memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from pathlib import Path


@dataclass(frozen=True)
class Run:
    """How one child fared."""

    seconds: float
    peak_bytes: int
    """The largest resident set of the child or of any process it waited for."""
    output: str


def pyreq(*arguments: str | Path) -> list[str | Path]:
    """The command line of this checkout."""
    return [sys.executable, "-m", "pyreq_tui", *arguments]


def run(
    command: Sequence[str | Path],
    *,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    statuses: Collection[int] = (0,),
) -> Run:
    """Run a child to its end; raises RuntimeError with what it said where it ends with another status."""
    started = time.perf_counter()
    child = subprocess.Popen(
        [str(part) for part in command],
        env={**_environment(), **(env or {})},
        cwd=cwd,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert child.stdout is not None
    with child.stdout:
        output = child.stdout.read()
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode not in statuses:
        raise RuntimeError(f"{' '.join(map(str, command))} failed:\n{output}")
    return Run(seconds, usage.ru_maxrss * 1024, output)


def _environment() -> dict[str, str]:
    """Ours, with bytecode kept as on a user's machine: else every child would compile its modules anew."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def best_of(times: int, make: Callable[[], Run]) -> Run:
    """The fastest of several runs: what the machine can do when nothing else disturbs it."""
    return min((make() for _ in range(times)), key=lambda run: run.seconds)
