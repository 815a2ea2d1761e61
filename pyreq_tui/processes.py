"""Runs other people's programs: streams what they say, redacted; ends them with all they started."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, TYPE_CHECKING, Literal, Protocol

from pyreq_tui.errors import BuildError, Cancelled
from pyreq_tui.redact import redact

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

_Stream = Literal["stdout", "stderr"]
_Line = tuple[_Stream, bytes]

POLL_SECONDS = 0.05
"""How long a cancel may go unseen."""
GRACE_SECONDS = 2.0
"""What a child gets between SIGTERM and SIGKILL, and what a stray grandchild gets to let go of the pipes."""
ORPHANS_GRACE_SECONDS = 0.2
"""What grandchildren get in addition when the child itself is gone."""
LINE_LIMIT_BYTES = 64 * 1024
"""A longer line arrives in pieces, so that a child without newlines cannot hold its output back."""
_KEPT_LINES = 400
_SHOWN_LINES = 12

INSTALL_HINTS = {
    "docker": "Install Docker (https://docs.docker.com/get-docker/), or set dockerizePip: false.",
    "git": "Install git; a requirement is fetched with it.",
    "pip": "Install pip for this Python: python -m ensurepip.",
    "pipenv": "Install Pipenv (pip install pipenv), or set usePipenv: false.",
    "poetry": "Install Poetry (pipx install poetry), or set usePoetry: false.",
    "python": "Install that Python, or name one that is there with pythonBin.",
    "strip": "Install binutils, or set strip: false.",
    "uv": "Install uv again: pip install --force-reinstall uv.",
}
"""What to do where an executable is missing, by its name without version digits."""

_UV_SURROUNDINGS = re.compile(
    r"UV_(CACHE_DIR|NO_CACHE|OFFLINE|INSECURE_HOST|KEYRING_PROVIDER|NATIVE_TLS|SYSTEM_CERTS|CREDENTIALS_DIR"
    r"|REQUEST_TIMEOUT|HTTP_\w+|CONCURRENT_\w+|INDEX_\w+_(USERNAME|PASSWORD))"
)
"""uv's variables that say how it reaches the world, not what it resolves."""

_ESCAPES = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor
    r"|(?:\x1b\]|\x9d)[^\x07\x1b\x9c]*(?:\x07|\x1b\\|\x9c|$)"  # OSC: titles, links
    r"|\x1b[PX^_][^\x1b]*(?:\x1b\\|$)"  # DCS, SOS, PM, APC
    r"|\x1b[ -/]*[0-~]?"
)
# C0 and C1 controls but the tab, and what reorders or breaks a line in Unicode.
_CONTROLS = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]")


class Cancel(Protocol):
    """What tells running work to stop; a ``threading.Event`` is one."""

    def is_set(self) -> bool:
        """Whether to stop."""


class ProcessError(BuildError):
    """A child ended with anything but 0."""

    def __init__(
        self, message: str, *, exit_code: int, output: tuple[str, ...], hint: str | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.exit_code = exit_code
        """As the child gave it; minus the signal's number where a signal ended it."""
        self.output = output
        """Its last lines, of both pipes, cleaned and redacted."""


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
        _end_group(child)
    if exit_code:
        raise _failure(
            command, exit_code, (*tail["stdout"], *tail["stderr"]), list(tail["stderr"] or tail["stdout"])
        )
    return b"".join(stdout).decode("utf-8", "replace")


def clean_line(text: str, secrets: Collection[str] = ()) -> str:
    """One line of a program's output, fit to show and to keep: no terminal escapes, no controls, no secrets.

    Of a line that overwrites itself with carriage returns the last state is kept.
    """
    text = text.rstrip("\r\n").rsplit("\r", 1)[-1]
    text = _CONTROLS.sub("", _ESCAPES.sub("", text))
    for secret in sorted(filter(None, secrets), key=len, reverse=True):
        text = text.replace(secret, "***")
    return redact(text)


_FINDING_UV = threading.Lock()


def uv_executable() -> str:
    """The path of the uv that came with pyreq-tui, or else of the one on PATH.

    Raises BuildError without either.
    """
    from uv import find_uv_bin

    try:
        # sysconfig fills its variables in on first use, without a lock: a second thread sees them half done.
        with _FINDING_UV:
            return os.fspath(find_uv_bin())
    except FileNotFoundError:
        if found := shutil.which("uv"):
            return found
        raise BuildError(
            "uv was not found, though it comes with pyreq-tui.", hint=INSTALL_HINTS["uv"]
        ) from None


def uv_environment(*, is_configured: bool = False) -> dict[str, str]:
    """The environment for a uv that answers the same whatever the user's own uv is set up to do.

    Where to cache, how to reach the network and credentials stay; what would steer a resolution goes, unless
    ``is_configured`` (the user chose uv, so its variables are meant).
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if is_configured or not name.startswith("UV_") or _UV_SURROUNDINGS.fullmatch(name)
    }
    kept.pop("COLUMNS", None)  # uv would break its lines there
    return {**kept, "NO_COLOR": "1", "UV_NO_PROGRESS": "1", "UV_PYTHON_DOWNLOADS": "never"}


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
        hint = INSTALL_HINTS.get(
            re.sub(r"[\d.]+(?=$|\.exe$)|\.exe$", "", name), f"Install {name}, or add it to PATH."
        )
        raise BuildError(f"{redact(command[0])} was not found.", hint=hint) from error
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
                deadline = deadline or time.monotonic() + GRACE_SECONDS
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


def _end_group(child: subprocess.Popen[bytes]) -> None:
    """End whatever is left of the child's group: asked first, then made to."""
    if sys.platform == "win32":
        if child.poll() is None:
            subprocess.run(
                ["taskkill", "/T", "/F", "/PID", str(child.pid)],
                check=False,
                stdin=subprocess.DEVNULL,
                capture_output=True,
            )
            child.wait()
        return
    for ending in (signal.SIGTERM, signal.SIGKILL):
        if not _signal_group(child, ending):
            break
        _wait_for_group(child)
    child.wait()


def _wait_for_group(child: subprocess.Popen[bytes]) -> None:
    """Until the group is empty, or the leader has had its grace and then, once it is gone, the rest theirs.

    What the leader leaves behind is for init to reap, and until it does, which in a container can take
    seconds or for ever, the dead look alive.
    """
    deadline = time.monotonic() + GRACE_SECONDS
    while child.poll() is None and time.monotonic() < deadline:
        time.sleep(0.01)
    deadline = time.monotonic() + ORPHANS_GRACE_SECONDS
    while _signal_group(child, 0) and time.monotonic() < deadline:
        time.sleep(0.01)


def _signal_group(child: subprocess.Popen[bytes], number: int) -> bool:
    """Whether the group still has a member to signal; 0 only asks."""
    child.poll()  # reaps the leader, which would else keep its group alive as a zombie
    try:
        os.killpg(child.pid, number)
    except (ProcessLookupError, PermissionError):  # macOS says the latter of a group of zombies
        return False
    return True


def _failure(
    command: Sequence[str], exit_code: int, output: tuple[str, ...], telling: Sequence[str]
) -> ProcessError:
    name = Path(command[0]).name
    hint = None
    if exit_code < 0:
        ended = f"was ended by signal {_signal_name(-exit_code)}"
        if exit_code == -9:
            hint = "The system may have run out of memory."
    else:
        ended = f"failed with exit status {exit_code}"
    shown = "\n".join(telling[-_SHOWN_LINES:])
    message = f"{name} {ended}:\n{shown}" if shown else f"{name} {ended} and said nothing."
    return ProcessError(message, exit_code=exit_code, output=output, hint=hint)


def _signal_name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return str(number)
