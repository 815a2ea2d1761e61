"""Runs a program to its end, line by line, unless it is cancelled."""

from __future__ import annotations

import subprocess
import threading
import time
from collections import deque
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, TYPE_CHECKING, Literal

from pyreq_tui.errors import BuildError, Cancelled
from pyreq_tui.processes import ending
from pyreq_tui.processes.cancel import POLL_SECONDS
from pyreq_tui.processes.failure import failure, missing
from pyreq_tui.processes.lines import clean_line
from pyreq_tui.redact import redact

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

    from pyreq_tui.processes.cancel import Cancel

_Stream = Literal["stdout", "stderr"]
_Line = tuple[_Stream, bytes]

LINE_LIMIT_BYTES = 64 * 1024
"""A longer line arrives in pieces, so that a child without newlines cannot hold its output back."""
_KEPT_LINES = 400


def run(
    command: Sequence[str],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    on_line: Callable[[str], None] | None = None,
    cancel: Cancel | None = None,
    secrets: Collection[str] = (),
) -> str:
    """Run ``command`` to its end and return everything it wrote to stdout, as it wrote it (not redacted).

    The child gets no stdin, no terminal and a process group of its own. ``env`` is its whole environment
    (default: ours). Every line of stdout and stderr goes to ``on_line``, in this thread, cleaned by
    `clean_line`; ``secrets`` are values to hide besides those that look like one. When ``cancel`` is set, or
    anything is raised here, the whole group is ended.

    Raises BuildError where the program is missing or can't be started, ProcessError where it ends with
    anything but 0, and Cancelled.
    """
    if cancel is not None and cancel.is_set():
        raise Cancelled
    child = _start(command, cwd, env)
    pipes: dict[_Stream, IO[bytes] | None] = {"stdout": child.stdout, "stderr": child.stderr}
    lines: SimpleQueue[_Line] = SimpleQueue()
    readers = [
        threading.Thread(target=_read, args=(pipe, name, lines), daemon=True)
        for name, pipe in pipes.items()
        if pipe is not None
    ]
    stdout: list[bytes] = []
    tail: dict[str, deque[str]] = {name: deque(maxlen=_KEPT_LINES) for name in pipes}
    try:
        for reader in readers:
            reader.start()
        for name, raw in _until_closed(child, lines, len(readers), cancel):
            if name == "stdout":
                stdout.append(raw)
            text = clean_line(raw.decode("utf-8", "replace"), secrets)
            if text.strip():
                tail[name].append(text)
            if on_line is not None:
                on_line(text)
        exit_code = _wait(child, cancel)
    finally:
        ending.end_group(child)
    if exit_code:
        raise failure(
            command, exit_code, (*tail["stdout"], *tail["stderr"]), list(tail["stderr"] or tail["stdout"])
        )
    return b"".join(stdout).decode("utf-8", "replace")


def _start(
    command: Sequence[str], cwd: Path | None, env: Mapping[str, str] | None
) -> subprocess.Popen[bytes]:
    name = Path(command[0]).name
    try:
        return subprocess.Popen(
            list(command),
            cwd=cwd,
            env=None if env is None else dict(env),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except FileNotFoundError as error:
        if cwd is not None and not cwd.is_dir():
            raise BuildError(f"{name} can't run in {cwd}: there is no such folder.") from error
        raise missing(command[0]) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BuildError(f"{name} could not be started: {redact(reason)}.") from error


def _read(
    pipe: IO[bytes],
    name: _Stream,
    lines: SimpleQueue[_Line],
) -> None:
    """Pass a pipe on line by line; an empty line of bytes says that it is closed."""
    with pipe:
        while raw := pipe.readline(LINE_LIMIT_BYTES):
            lines.put((name, raw))
    lines.put((name, b""))


def _until_closed(
    child: subprocess.Popen[bytes],
    lines: SimpleQueue[_Line],
    open_pipes: int,
    cancel: Cancel | None,
) -> Iterator[_Line]:
    """Lines until both pipes are closed, or until a stray grandchild has held them for too long."""
    deadline: float | None = None
    while open_pipes:
        if cancel is not None and cancel.is_set():
            raise Cancelled
        try:
            name, raw = lines.get(timeout=POLL_SECONDS)
        except Empty:
            if child.poll() is not None:
                deadline = deadline or time.monotonic() + ending.GRACE_SECONDS
                if time.monotonic() > deadline:
                    return
            continue
        if raw:
            yield name, raw
        else:
            open_pipes -= 1


def _wait(child: subprocess.Popen[bytes], cancel: Cancel | None) -> int:
    """The exit status, of a child that may have closed its pipes long before its end."""
    while True:
        if cancel is not None and cancel.is_set():
            raise Cancelled
        try:
            return child.wait(timeout=POLL_SECONDS)
        except subprocess.TimeoutExpired:
            continue
