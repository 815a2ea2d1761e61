"""What is printed arrives, wherever it goes."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pyreq_tui.cli.streams import is_unicode, write
from tests.index_server import IndexServer
from tests.projects import Project, make_project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path)


@pytest.mark.parametrize(
    ("encoding", "text", "arrives"),
    [
        ("utf-8", "✓ né 日本", "✓ né 日本".encode()),
        ("utf-8", "bad\udcff.py", b"bad\\udcff.py"),
        ("cp1252", "✓ né … →", b"+ n\xe9 \x85 ->"),
        ("ascii", "✗ né", b"x n\\xe9"),
    ],
)
def test_what_an_encoding_lacks_is_written_plainly(encoding: str, text: str, arrives: bytes) -> None:
    taken = io.BytesIO()
    stream = io.TextIOWrapper(taken, encoding=encoding, newline="")
    write(stream, text)
    assert taken.getvalue() == arrives


def test_a_stream_that_was_never_open_takes_nothing() -> None:
    write(None, "text")
    assert is_unicode(None)


@pytest.mark.parametrize(
    "encoding",
    ["ascii", pytest.param("utf-8", marks=pytest.mark.slow), pytest.param("cp1252", marks=pytest.mark.slow)],
)
def test_json_is_json_in_every_encoding(project: Project, encoding: str) -> None:
    project.write(
        {"serverless.yml": (project.root / "serverless.yml").read_text().replace("shop", "käse-日")}
    )

    done = subprocess.run(
        [sys.executable, "-m", "pyreq_tui", "scan", "--json"],
        cwd=project.root, env=project.environment(PYTHONIOENCODING=encoding), capture_output=True, timeout=60,
    )  # fmt: skip

    assert json.loads(done.stdout.decode(encoding))["service"] == "käse-日"


@pytest.mark.parametrize("command", ["scan", pytest.param("estimate", marks=pytest.mark.slow)])
def test_an_old_code_page_is_no_traceback(project: Project, command: str) -> None:
    done = project.child(command, PYTHONIOENCODING="ascii", PYTHONUTF8="0", LC_ALL="C")

    assert (done.returncode, "Traceback" in done.stderr) == (0, False)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
@pytest.mark.parametrize("json_option", [[], ["--json"]])
def test_a_full_disk_behind_stdout_is_an_error(project: Project, json_option: list[str]) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "pyreq_tui", "scan", *json_option],
            cwd=project.root, env=project.environment(), stdout=full, stderr=subprocess.PIPE, text=True,
            timeout=60,
        )  # fmt: skip

    assert (done.returncode, done.stderr.splitlines()[0]) == (
        3,
        "error: The result could not be written: No space left on device.",
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_behind_stderr_does_not_stop_a_build(project: Project) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "pyreq_tui", "build"],
            cwd=project.root, env=project.environment(), stdout=subprocess.PIPE, stderr=full, timeout=60,
        )  # fmt: skip

    assert (done.returncode, (project.root / ".serverless" / "shop.zip").is_file()) == (0, True)


@pytest.mark.skipif(sys.platform == "win32", reason="needs a POSIX shell")
@pytest.mark.parametrize(
    "closed",
    [">&- 2>&-", pytest.param(">&-", marks=pytest.mark.slow), pytest.param("2>&-", marks=pytest.mark.slow)],
)
def test_closed_streams_are_no_traceback(project: Project, closed: str) -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f'"$0" -m pyreq_tui estimate {closed}', sys.executable],
        cwd=project.root, env=project.environment(), capture_output=True, text=True, timeout=60,
    )  # fmt: skip

    assert (done.returncode, "Traceback" in done.stderr) == (0, False)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGHUP")
@pytest.mark.parametrize(
    "is_ignored",
    [False, pytest.param(True, marks=pytest.mark.slow)],
    ids=["a closed terminal", "nohup"],
)
def test_a_closed_terminal_stops_a_build_unless_it_is_to_be_ignored(
    project: Project, *, is_ignored: bool
) -> None:
    trap = "trap '' HUP; " if is_ignored else ""
    with IndexServer(project.wheels) as index:
        project.write({"requirements.txt": f"--index-url {index.url}\nalpha\n"})
        index.hang = hung = threading.Event()
        child = subprocess.Popen(
            ["/bin/sh", "-c", f'{trap}exec "$0" -m pyreq_tui build', sys.executable],
            cwd=project.root,
            env=project.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        try:
            assert index.hanging.wait(60)
            os.kill(child.pid, signal.SIGHUP)
            if is_ignored:
                hung.set()
            child.communicate(timeout=60)
        finally:
            hung.set()

    assert child.returncode == (0 if is_ignored else 130)
