"""Runs one import in a process of its own, in which there is nothing but the artifact."""

from __future__ import annotations

import json
import re
import time
from dataclasses import dataclass, replace
from secrets import token_hex
from typing import TYPE_CHECKING

from pyreq_tui import processes
from pyreq_tui.aws import facts
from pyreq_tui.errors import Cancelled
from pyreq_tui.findings.imports.places import Task
from pyreq_tui.findings.imports.times import package_times

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pyreq_tui.findings.imports.places import Place
    from pyreq_tui.findings.imports.sandbox import Sandbox
    from pyreq_tui.findings.imports.times import PackageTime
    from pyreq_tui.locks import Target
    from pyreq_tui.processes import Cancel

TIMEOUT_SECONDS = 60
"""What an import may take. Lambda's init phase ends after 10, and is then run again with the function's own
time (AWS Lambda developer guide, "Init phase")."""
MEMORY_BYTES = 10_240 * 2**20
"""Of address space: what Lambda gives a function at most."""
FILE_BYTES = 2**30
"""What one file may take that the import writes."""
_MOST_LINES = 100_000
"""Of what the import says: ten thousand modules say a tenth of it."""
_CREDENTIALS = re.compile(
    r"AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN|SECURITY_TOKEN|PROFILE|ROLE_ARN|CONFIG_FILE"
    r"|SHARED_CREDENTIALS_FILE|WEB_IDENTITY_TOKEN_FILE|CONTAINER_\w+)"
)
_SECRET_NAME = re.compile(r"(?i)key|token|secret|password|credential|dsn|url")
_SHORTEST_SECRET = 6


@dataclass(frozen=True)
class Wanted:
    """What is to be imported, and in what surroundings."""

    module: str
    """As Lambda imports it: dotted."""
    attributes: tuple[str, ...]
    """What the functions name in it."""
    function: str
    """The name Lambda would give it."""
    handler: str
    environment: Mapping[str, str | None]
    """The function's own variables; ``None`` where nobody can know them here."""
    target: Target


@dataclass(frozen=True)
class Failure:
    """How an import ended otherwise than well."""

    type: str
    """The exception's class, or what ended the process."""
    message: str
    """Cleaned and redacted."""
    is_import: bool
    missing: str | None = None
    """The module that was not found."""
    frames: tuple[tuple[str, int], ...] = ()
    """Files of the artifact and lines in them, the innermost last."""


@dataclass(frozen=True)
class Imported:
    """What came of an import."""

    seconds: float
    packages: tuple[PackageTime, ...]
    """What each package took, slowest first."""
    is_network_closed: bool
    """By the system; else a hook in the interpreter refused what Python itself asked for."""
    stood_in: tuple[str, ...]
    """Packages of the runtime's that the artifact does not have."""
    asked: tuple[str, ...]
    """Hosts it tried to reach."""
    missing: tuple[str, ...]
    """Attributes that are not there."""
    failure: Failure | None


class _Deadline:
    """A cancel that also comes by itself."""

    def __init__(self, cancel: Cancel, seconds: float) -> None:
        self._cancel = cancel
        self._end = time.monotonic() + seconds

    def is_set(self) -> bool:
        return self._cancel.is_set() or self.is_over

    @property
    def is_over(self) -> bool:
        return time.monotonic() > self._end


def run_import(
    wanted: Wanted, made: Sandbox, place: Place, owners: Mapping[str, str], cancel: Cancel
) -> Imported:
    """Import ``wanted`` in ``place``; ``owners`` names packages by top-level module.

    Raises BuildError where the interpreter can't be started, and Cancelled.
    """
    mark = token_hex(16)
    secrets = [
        value
        for name, value in wanted.environment.items()
        if value and len(value) >= _SHORTEST_SECRET and _SECRET_NAME.search(name)
    ]
    said: list[str] = []

    def hear(line: str) -> None:
        if len(said) < _MOST_LINES:
            said.append(line)

    deadline = _Deadline(cancel, TIMEOUT_SECONDS)
    failure: Failure | None = None
    written = ""
    started = time.monotonic()
    try:
        written, how = place.run(
            Task(_specification(wanted, made, mark), environment(wanted, made), hear, deadline, secrets)
        )
        if how:
            failure = Failure("Ended", f"the process ended with {how}", is_import=False)
    except Cancelled:
        if not deadline.is_over or cancel.is_set():
            raise
        failure = Failure("Timeout", f"it did not end within {TIMEOUT_SECONDS:g} s", is_import=False)
    seconds = time.monotonic() - started
    times = package_times(_between(said, mark), owners)
    imported = _read(written, failure, seconds, times, secrets)
    return replace(imported, is_network_closed=True) if place.is_apart else imported


def environment(wanted: Wanted, made: Sandbox) -> dict[str, str]:
    """What the import sees: Lambda's own variables, the function's, and nothing of this machine's.

    The values of Lambda's are made up; the names are those of its developer guide, "Using Lambda
    environment variables". There are no credentials among them.
    """
    own = {
        name: made.translated(value) if value is not None else "unknown-until-deployed"
        for name, value in wanted.environment.items()
        if not _CREDENTIALS.fullmatch(name)
    }
    libraries = [made.task, made.task / "lib", made.layers / "lib"]
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
        **own,
        "HOME": str(made.temporary),
        "TMPDIR": str(made.temporary),
        "LD_LIBRARY_PATH": ":".join(map(str, libraries)),
        "LAMBDA_TASK_ROOT": str(made.task),
        "LAMBDA_RUNTIME_DIR": "/var/runtime",
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{wanted.target.runtime}",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AWS_LAMBDA_FUNCTION_NAME": wanted.function,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "1024",
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_GROUP_NAME": f"/aws/lambda/{wanted.function}",
        "AWS_LAMBDA_LOG_STREAM_NAME": "pyreq-tui",
        "_HANDLER": wanted.handler,
    }


def _specification(wanted: Wanted, made: Sandbox, mark: str) -> dict[str, object]:
    """What the child is told."""
    paths = made.paths(wanted.target)
    own = (wanted.environment.get("PYTHONPATH") or "").split(":")
    return {
        "task": str(made.task),
        "paths": [*paths, *(made.translated(path) for path in own if path.startswith("/"))],
        "module": wanted.module,
        "attributes": list(wanted.attributes),
        "runtime": sorted(facts().runtime_modules),
        "mark": mark,
        "result": str(made.root / f"{mark}.json"),
        "memory_bytes": MEMORY_BYTES,
        "file_bytes": FILE_BYTES,
        "cpu_seconds": int(TIMEOUT_SECONDS) + 1,
    }


def _between(said: Sequence[str], mark: str) -> list[str]:
    """What was said from the first mark to the second."""
    first = said.index(mark) + 1 if mark in said else len(said)
    rest = list(said[first:])
    return rest[: rest.index(mark)] if mark in rest else rest


def _read(
    written: str,
    ended: Failure | None,
    seconds: float,
    times: tuple[PackageTime, ...],
    secrets: Sequence[str],
) -> Imported:
    """What the child wrote down. It ran other people's code: every field may be anything."""
    try:
        found = json.loads(written) if ended is None else {}
    except ValueError:
        found = {}
    if not isinstance(found, dict) or not found:
        failure = ended or Failure("Ended", "the process ended before the import did", is_import=False)
        return Imported(seconds, times, False, (), (), (), failure)
    taken = found.get("seconds")
    return Imported(
        seconds=float(taken) if isinstance(taken, int | float) else seconds,
        packages=times,
        is_network_closed=found.get("network") == "closed",
        stood_in=_texts(found.get("stood_in")),
        asked=_texts(found.get("asked")),
        missing=_texts(found.get("missing")),
        failure=_failure(found.get("failure"), secrets),
    )


def _failure(found: object, secrets: Sequence[str]) -> Failure | None:
    if not isinstance(found, dict):
        return None
    frames = found.get("frames")
    name = found.get("name")
    return Failure(
        type=processes.clean_line(str(found.get("type"))),
        message=processes.clean_line(" ".join(str(found.get("message")).split()), secrets),
        is_import=bool(found.get("is_import")),
        missing=processes.clean_line(name) if isinstance(name, str) else None,
        frames=tuple(
            (str(frame[0]), frame[1])
            for frame in (frames if isinstance(frames, list) else ())
            if isinstance(frame, list) and len(frame) == 2 and isinstance(frame[1], int)
        ),
    )


def _texts(found: object) -> tuple[str, ...]:
    return tuple(processes.clean_line(str(each)) for each in found) if isinstance(found, list) else ()
