"""Children are run, heard, and ended with everything they started."""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyreq_tui.errors import BuildError, Cancelled
from pyreq_tui.processes import ProcessError, clean_line, run, uv_executable
from pyreq_tui.processes.ending import GRACE_SECONDS


def python(code: str) -> list[str]:
    return [sys.executable, "-c", code]


def test_stdout_is_returned_whole_and_both_pipes_are_heard() -> None:
    lines: list[str] = []
    out = run(python("import sys; print('a'); print('b', file=sys.stderr); print('c')"), on_line=lines.append)
    assert out == "a\nc\n"
    assert sorted(lines) == ["a", "b", "c"]


def test_much_output_on_both_pipes_does_not_block() -> None:
    code = "import sys\nfor n in range(5_000): print('o' * 50); print('e' * 50, file=sys.stderr)"
    heard = 0

    def count(_: str) -> None:
        nonlocal heard
        heard += 1

    assert len(run(python(code), on_line=count)) == 5_000 * 51
    assert heard == 10_000


def test_stdin_is_closed_and_there_is_no_terminal() -> None:
    assert run(python("import sys; print(repr(sys.stdin.read()), sys.stdout.isatty())")) == "'' False\n"


def test_the_child_leads_its_own_session() -> None:
    assert run(python("import os; print(os.getsid(0) == os.getpid())")) == "True\n"


def test_folder_and_environment_are_passed_on(tmp_path: Path) -> None:
    out = run(
        python("import os; print(os.getcwd(), os.environ.get('WORD'))"), cwd=tmp_path, env={"WORD": "given"}
    )
    assert out.split() == [str(tmp_path.resolve()), "given"]


def test_a_line_is_redacted_but_stdout_stays_as_it_was() -> None:
    lines: list[str] = []
    out = run(
        python("print('https://user:pw@host/simple sesame')"), on_line=lines.append, secrets=["sesame", ""]
    )
    assert out == "https://user:pw@host/simple sesame\n"
    assert lines == ["https://***@host/simple ***"]


def test_output_that_is_not_utf8_still_arrives() -> None:
    assert run(python(r"import sys; sys.stdout.buffer.write(b'caf\xe9\n')")) == "caf�\n"


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07text", "text"),
        ("\x1b]8;;https://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("10%\r50%\r100%\r\n", "100%"),
        ("tab\tkept\x00\x08", "tab\tkept"),
        ("\u202eevil", "evil"),
        ("\x1bPdata\x1b\\x", "x"),
        ("\x1b", ""),
    ],
)
def test_lines_are_cleaned(raw: str, clean: str) -> None:
    assert clean_line(raw) == clean


@given(st.text())
def test_no_control_survives_cleaning(text: str) -> None:
    clean = clean_line(text)
    assert all(char == "\t" or ord(char) >= 32 for char in clean)
    assert "\x1b" not in clean
    assert "\x7f" not in clean


def test_a_missing_program_is_named_with_what_brings_it() -> None:
    with pytest.raises(BuildError, match=r"poetry3\.9 was not found") as caught:
        run(["/nowhere/poetry3.9"])
    assert "Poetry" in str(caught.value.hint)


def test_a_missing_folder_is_not_taken_for_a_missing_program(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="no such folder"):
        run(python("pass"), cwd=tmp_path / "absent")


def test_what_cannot_be_started_is_said(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.write_text("data")
    with pytest.raises(BuildError, match="could not be started"):
        run([str(plain)])
    with pytest.raises(BuildError, match="could not be started"):
        run([sys.executable, "-c", "\0"])


def test_a_failure_carries_status_and_last_lines() -> None:
    with pytest.raises(ProcessError, match="exit status 7") as caught:
        run(python("import sys; print('token=abc', file=sys.stderr); sys.exit(7)"))
    assert caught.value.exit_code == 7
    assert caught.value.output == ("token=***",)
    assert "token=***" in caught.value.message


def test_a_silent_failure_says_that_it_was_silent() -> None:
    with pytest.raises(ProcessError, match="said nothing"):
        run(python("raise SystemExit(1)"))


def test_a_death_by_signal_is_named() -> None:
    with pytest.raises(ProcessError, match="SIGKILL") as caught:
        run(python("import os, signal; os.kill(os.getpid(), signal.SIGKILL)"))
    assert caught.value.exit_code == -9
    assert "memory" in str(caught.value.hint)


GRANDCHILD = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
print(child.pid, flush=True)
{then}
"""


def is_running(pid: int) -> bool:
    """Whether a process lives; a zombie that nobody reaps does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_cancel_ends_grandchildren_at_once() -> None:
    cancel = threading.Event()
    pids: list[int] = []

    def cancel_once_heard(line: str) -> None:
        pids.append(int(line))
        cancel.set()

    started = time.monotonic()
    with pytest.raises(Cancelled):
        run(python(GRANDCHILD.format(then="time.sleep(60)")), on_line=cancel_once_heard, cancel=cancel)
    # An orphan that init has not reaped yet, which takes long in containers, is not waited for.
    assert time.monotonic() - started < GRACE_SECONDS
    assert not is_running(pids[0])


def test_cancel_ends_what_ignores_being_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pyreq_tui.processes.ending.GRACE_SECONDS", 0.2)
    cancel = threading.Event()
    code = "import os,signal,time\nsignal.signal(15, signal.SIG_IGN); print(os.getpid(), flush=True)\n"
    pids: list[int] = []

    def cancel_once_heard(line: str) -> None:
        pids.append(int(line))
        cancel.set()

    with pytest.raises(Cancelled):
        run(python(code + "time.sleep(60)"), on_line=cancel_once_heard, cancel=cancel)
    assert not is_running(pids[0])


def test_cancel_is_seen_after_the_pipes_were_closed() -> None:
    cancel = threading.Event()
    timer = threading.Timer(0.3, cancel.set)
    timer.start()
    with pytest.raises(Cancelled):
        run(python("import os, time; os.close(1); os.close(2); time.sleep(60)"), cancel=cancel)
    timer.join()


def test_what_is_cancelled_beforehand_never_starts() -> None:
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(Cancelled):
        run(["/nowhere/program"], cancel=cancel)


def test_a_stray_grandchild_that_holds_the_pipes_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pyreq_tui.processes.ending.GRACE_SECONDS", 0.2)
    pid = int(run(python(GRANDCHILD.format(then=""))))
    assert not is_running(pid)


def test_an_error_of_the_listener_ends_the_child() -> None:
    pids: list[int] = []

    def fail(line: str) -> None:
        pids.append(int(line))
        raise LookupError(line)

    with pytest.raises(LookupError):
        run(python("import os, time; print(os.getpid(), flush=True); time.sleep(60)"), on_line=fail)
    assert not is_running(pids[0])


def test_uv_is_there() -> None:
    assert os.access(uv_executable(), os.X_OK)
    assert run([uv_executable(), "--version"]).startswith("uv ")
