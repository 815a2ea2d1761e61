"""Where an import runs: in a process of this machine, or in a container."""

from __future__ import annotations

import json
import shutil
import tempfile
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from pyreq_tui import processes
from pyreq_tui.bundle import HELPER_NAME
from pyreq_tui.errors import BuildError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from pyreq_tui.build import Container
    from pyreq_tui.findings.imports.sandbox import Sandbox
    from pyreq_tui.processes import Cancel

_CHILD = Path(__file__).with_name("child.py")
_THERE = "/pyreq"
"""The sandbox's place in a container."""
_LIBRARIES = "/var/lang/lib:/lib64:/usr/lib64"
"""Where AWS's images keep what their Python needs."""
_FLAGS = ("-I", "-S", "-B")


class Ended(NamedTuple):
    """How a child ended."""

    written: str
    """What it wrote down; empty for nothing."""
    how: str
    """``signal 9``, ``exit status 3``; empty for well."""


class Task(NamedTuple):
    """What a child is to do."""

    specification: Mapping[str, object]
    """What it is told; ``result`` names the file it writes."""
    environment: Mapping[str, str]
    hear: Callable[[str], None]
    """Takes each line that it says."""
    cancel: Cancel
    secrets: Collection[str]
    """What no line may show."""


class Place(Protocol):
    """Runs the child that imports."""

    @property
    def is_apart(self) -> bool:
        """Whether it has no network whatever the child does."""

    def run(self, task: Task) -> Ended:
        """Run it to its end. Raises BuildError where it can't be started, and Cancelled."""


@dataclass(frozen=True)
class Here:
    """A process of this machine, on the interpreter ``python``."""

    made: Sandbox
    python: str
    is_apart: bool = False

    def run(self, task: Task) -> Ended:
        wanted = self.made.root / "wanted.json"
        result = Path(str(task.specification["result"]))
        wanted.write_text(json.dumps(task.specification))
        _empty(self.made.temporary)
        how = ""
        try:
            processes.run(
                [self.python, *_FLAGS, str(_CHILD), "launch", str(wanted)],
                cwd=self.made.root,
                env=task.environment,
                on_line=task.hear,
                cancel=task.cancel,
                secrets=task.secrets,
            )
        except processes.ProcessError as error:
            how = _how(error.exit_code)
        return Ended(_read(result), how)


@dataclass(frozen=True)
class Contained:
    """A container that has the sandbox at `_THERE`."""

    container: Container
    made: Sandbox
    python: str
    is_apart: bool = True

    def send(self) -> None:
        """Bring the sandbox, and the child, into the container."""
        files: dict[str, Path | bytes] = {
            f"{_THERE}/child.py": _CHILD,
            f"{_THERE}/{self.made.temporary.name}/.pyreq": b"",
        }
        for path in self.made.root.rglob("*"):
            if path.is_file():
                files[f"{_THERE}/{path.relative_to(self.made.root).as_posix()}"] = path
        helper = self.made.task / HELPER_NAME
        if helper.is_file():
            files[f"{_THERE}/task/{HELPER_NAME}"] = self._there(helper.read_text("utf-8")).encode()
        self.container.put(files)

    def run(self, task: Task) -> Ended:
        from pyreq_tui.build import CommandFailed

        wanted, result = f"{_THERE}/wanted.json", self._there(str(task.specification["result"]))
        self.container.put({wanted: self._there(json.dumps(task.specification)).encode()})
        own = {name: self._there(value) for name, value in task.environment.items() if name != "PATH"}
        own["LD_LIBRARY_PATH"] = f"{_LIBRARIES}:{own['LD_LIBRARY_PATH']}"
        command = [self.python, *_FLAGS, f"{_THERE}/child.py", "launch", wanted]
        container = replace(self.container, cancel=task.cancel, secrets=task.secrets)
        container.run(["/bin/sh", "-c", f"rm -rf {_THERE}/{self.made.temporary.name}/*"])
        how = ""
        try:
            container.run(command, environment=own, on_line=task.hear)
        except CommandFailed as error:
            how = _how(128 - error.exit_code if error.exit_code > 128 else error.exit_code)
        with tempfile.TemporaryDirectory() as folder, suppress(BuildError):
            self.container.get(result, Path(folder))
            return Ended(_read(Path(folder) / Path(result).name), how)
        return Ended("", how)

    def _there(self, text: str) -> str:
        return text.replace(str(self.made.root), _THERE)


def _empty(folder: Path) -> None:
    """What one function left in /tmp, the next does not find."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(exist_ok=True)


def _how(exit_code: int) -> str:
    return f"signal {-exit_code}" if exit_code < 0 else f"exit status {exit_code}"


def _read(result: Path) -> str:
    try:
        return result.read_text("utf-8")
    except (OSError, ValueError):
        return ""
