"""pip as the resolver, where it was given arguments that only pip understands.

pip says what it would install (``--dry-run --report``) and installs nothing; what becomes of the answer is
the same as of uv's. On an interpreter like the Target's it runs as it is. On any other it is told of the
Target's platform, which allows wheels only; and as it would still judge markers by its own interpreter
(https://github.com/pypa/pip/issues/11664), it is started with the Target's.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from pyreq_tui import processes
from pyreq_tui.errors import BuildError, PyreqError
from pyreq_tui.locks.compile import Answer, place_lines, requirement_line, write_lines
from pyreq_tui.locks.interpreters import interpreters
from pyreq_tui.locks.pip_report import PipReport, read_report
from pyreq_tui.sizes import count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pyreq_tui.locks.compile import Problem
    from pyreq_tui.locks.settings import Settings
    from pyreq_tui.locks.target import Target
    from pyreq_tui.processes import Cancel
    from pyreq_tui.sources import Requirement

_OLDEST_PIP = (22, 2)
"""The first release that writes a report."""
_SAY = (
    "import pip, platform, sys;"
    "print(pip.__version__, *sys.version_info[:2], sys.platform, platform.machine())"
)
_WITH_MARKERS = """\
import json, runpy, sys
from pip._vendor.packaging import markers
own, given = markers.default_environment, json.loads(sys.argv[1])
markers.default_environment = lambda: {**own(), **given}
sys.argv[:2] = ["pip"]
runpy.run_module("pip", run_name="__main__", alter_sys=True)
"""
_PLATFORM_OPTIONS = ("--platform", "--python-version", "--implementation", "--abi")
_SURROUNDINGS = {
    "PIP_NO_INPUT": "1",
    "PIP_NO_COLOR": "1",
    "PIP_PROGRESS_BAR": "off",
    "PIP_DISABLE_PIP_VERSION_CHECK": "1",
    # What a configuration may say of places and environments is not about packages of Lambda's.
    "PIP_USER": "0",
    "PIP_REQUIRE_VIRTUALENV": "0",
    "PIP_TARGET": "",
    "PIP_PREFIX": "",
    "PIP_ROOT": "",
}


@dataclass(frozen=True)
class Pip:
    """A pip, and the interpreter it runs on."""

    executable: str
    version: str
    python: tuple[int, int]
    platform: str
    machine: str

    def __str__(self) -> str:
        dotted = ".".join(map(str, self.python))
        return f"{self.version} for Python {dotted} on {self.platform} {self.machine}"

    def runs_on(self, target: Target) -> bool:
        """Whether its interpreter takes what the Target's takes, but for the glibc."""
        return (self.python, self.platform, self.machine) == (target.python, "linux", target.machine)


def find_pip(target: Target, python_bin: str | None, *, cancel: Cancel) -> Pip:
    """The pip of ``python_bin``, else of an interpreter of the Target's version, else of any.

    Raises BuildError where none can write a report.
    """
    found: list[Pip] = []
    for executable in dict.fromkeys(_candidates(target, python_bin, cancel)):
        pip = _look_at(executable, cancel)
        if pip is None:
            continue
        if _release(pip.version) >= _OLDEST_PIP:
            return pip
        found.append(pip)
    oldest = ".".join(map(str, _OLDEST_PIP))
    old = f" pip {found[0].version} of {found[0].executable} is too old." if found else ""
    raise BuildError(
        f"pipCmdExtraArgs holds what only pip understands, and no pip {oldest} or newer was found.{old}",
        hint="Install one (python3 -m pip install -U pip), or name a Python that has it with pythonBin.",
    )


def ask_pip(problem: Problem, pip: Pip, *, cancel: Cancel, on_line: Callable[[str], None]) -> Answer:
    """What ``pip`` would install for ``problem``.

    Raises ProcessError where it finds no answer, PyreqError where that would not load on the Target,
    BuildError where pip can't be run, and Cancelled.
    """
    target = problem.target
    on_line(f"Resolving {len(problem.requirements)} requirements for {target} with pip {pip.version}")
    arguments = problem.settings.pip_arguments
    names_platform = any(argument.partition("=")[0] in _PLATFORM_OPTIONS for argument in arguments)
    if names_platform or pip.runs_on(target):
        report = _run(problem, pip, cancel=cancel)
        if not names_platform and _unloadable(report, target):
            on_line(f"Not all of it loads on {target}; asking for wheels that do")
            report = _run(problem, pip, platform=_platform(target), cancel=cancel)
    else:
        report = _run(problem, pip, platform=_platform(target), cancel=cancel)
    if unloadable := _unloadable(report, target):
        raise PyreqError(
            f"pip was asked for what does not load on {target}: {', '.join(unloadable)}.",
            hint="Take --platform and --abi out of pipCmdExtraArgs: the runtime says what is needed.",
        )
    on_line(f"Resolved {count(len(report.pins), 'package')}")
    return Answer(report.pins, direct=report.direct)


def _candidates(target: Target, python_bin: str | None, cancel: Cancel) -> Iterator[str]:
    yield from interpreters(target.python, python_bin, cancel=cancel)
    yield sys.executable
    yield from ("python3", "python")


def _look_at(executable: str, cancel: Cancel) -> Pip | None:
    try:
        version, major, minor, platform, machine = processes.run(
            [executable, "-c", _SAY], cancel=cancel
        ).split()
    except (BuildError, ValueError):
        return None  # not there, without pip, or no Python
    return Pip(executable, version, (int(major), int(minor)), platform, machine)


def _release(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".")[:2] if part.isdigit())


def _run(problem: Problem, pip: Pip, *, platform: Sequence[str] = (), cancel: Cancel) -> PipReport:
    with tempfile.TemporaryDirectory(prefix="pyreq-") as name:
        folder = Path(name)
        given, constraints, report = (
            folder / part for part in ("requirements.txt", "constraints.txt", "report.json")
        )
        # In files, not on the command line, which every user of the machine can read.
        write_lines(given, [*place_lines(problem.settings), *map(_line, problem.requirements)])
        write_lines(constraints, map(requirement_line, problem.constraints))
        markers = json.dumps(problem.target.environment())
        started = ["-m", "pip"] if pip.runs_on(problem.target) else ["-c", _WITH_MARKERS, markers]
        command = [
            *(pip.executable, *started, "install", "--dry-run", "--ignore-installed"),
            *("--report", str(report), "--target", str(folder / "nothing")),
            *("--requirement", str(given), "--constraint", str(constraints)),
            *problem.settings.pip_arguments,
            *platform,
        ]
        processes.run(
            command,
            cwd=problem.root,
            env=pip_environment(problem.settings, offline=problem.offline),
            cancel=cancel,
            secrets=problem.secrets,
        )
        return read_report(report.read_text("utf-8"))


def _line(requirement: Requirement) -> str:
    """A requirement as pip is given it, with its hashes; they bind pip to have one for everything."""
    hashes = "".join(f" --hash={value}" for value in requirement.hashes)
    return f"{requirement_line(requirement)}{hashes}"


def pip_environment(settings: Settings, *, offline: bool) -> dict[str, str]:
    """The environment for a pip whose output is read, with what may hold a password."""
    environment = {**os.environ, **_SURROUNDINGS}
    if settings.proxy:
        environment["PIP_PROXY"] = settings.proxy
    if not settings.keeps_downloads:
        environment["PIP_NO_CACHE_DIR"] = "1"
    if offline:
        environment["PIP_NO_INDEX"] = "1"
    return environment


def _platform(target: Target) -> tuple[str, ...]:
    """Options that have pip take wheels for ``target`` (https://pip.pypa.io/en/stable/cli/pip_install/)."""
    tags = target.tags()
    return (
        *("--only-binary=:all:", "--implementation=cp", f"--abi={tags[0].abi}"),
        f"--python-version={target.python_full_version}",
        *(f"--platform={name}" for name in dict.fromkeys(tag.platform for tag in tags) if name != "any"),
    )


def _unloadable(report: PipReport, target: Target) -> list[str]:
    """The filenames of wheels that don't load on ``target``."""
    found = []
    for wheel in filter(None, (pin.wheel for pin in report.pins)):
        try:
            tags = parse_wheel_filename(wheel.filename)[-1]
        except InvalidWheelFilename:
            tags = frozenset()
        if tags.isdisjoint(target.tags()):
            found.append(wheel.filename)
    return found
