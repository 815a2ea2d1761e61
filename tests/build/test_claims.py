"""Claims between processes, as flock gives them and as Windows does."""

from __future__ import annotations

import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from pyreq_tui.build import claim, claims
from pyreq_tui.build.claims import alone_if_free
from pyreq_tui.build.workplace import sweep, workplace

RUNNING = threading.Event()
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="stands in for Windows with fcntl")

WINDOWS = """
import fcntl, importlib.util, sys, types

def windows_claims(file):
    "The module as Windows loads it; its byte locks are POSIX's, which are between processes too."
    msvcrt = types.ModuleType("msvcrt")
    msvcrt.LK_NBLCK, msvcrt.LK_UNLCK = 2, 0
    kinds = {2: fcntl.LOCK_EX | fcntl.LOCK_NB, 0: fcntl.LOCK_UN}
    msvcrt.locking = lambda descriptor, mode, count: fcntl.lockf(descriptor, kinds[mode], count, 0, 1)
    sys.modules["msvcrt"] = msvcrt
    spec = importlib.util.spec_from_file_location("windows_claims", file)
    module = importlib.util.module_from_spec(spec)
    sys.modules["windows_claims"] = module
    before, sys.platform = sys.platform, "win32"
    try:
        spec.loader.exec_module(module)
    finally:
        sys.platform = before
    return module
"""
CHILD = """
import sys, threading
from pathlib import Path
sys.path.insert(0, sys.argv[3])
exec(sys.argv[4])
claims = windows_claims(sys.argv[1]) if sys.argv[5] == "windows" else None
if claims is None:
    from pyreq_tui.build import claims
claims.PATIENCE_SECONDS = 0
for word in sys.stdin:
    try:
        with claims.claim(Path(sys.argv[2]), threading.Event(), alone=word.strip() == "alone"):
            print("had it", flush=True)
    except claims.BuildError:
        print("in use", flush=True)
"""


class Other:
    """Another process, that asks for the same."""

    def __init__(self, place: Path, kind: str) -> None:
        self._child = subprocess.Popen(
            [
                *(sys.executable, "-c", textwrap.dedent(CHILD), claims.__file__, place),
                *(str(Path(__file__).parents[2]), WINDOWS, kind),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Other:
        return self

    def __exit__(self, *_: object) -> None:
        self._child.communicate(timeout=30)

    def asks(self, how: str) -> str:
        assert self._child.stdin is not None
        assert self._child.stdout is not None
        print(how, file=self._child.stdin, flush=True)
        return self._child.stdout.readline().strip()


@pytest.mark.parametrize("kind", ["flock", "windows"])
def test_many_may_use_it_and_who_clears_is_alone(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    module = claims
    if kind == "windows":
        scope: dict[str, object] = {}
        exec(WINDOWS, scope)
        module = scope["windows_claims"](claims.__file__)  # type: ignore[operator]  # defined in the text
    place = tmp_path / "cache"
    with Other(place, kind) as other:
        with module.claim(place, RUNNING):
            assert [other.asks("beside"), other.asks("alone")] == ["had it", "in use"]
        with module.claim(place, RUNNING, alone=True):
            assert [other.asks("beside"), other.asks("alone")] == ["in use", "in use"]
        with module.claim(place, RUNNING):
            with module.alone_if_free(place) as is_free:
                assert (is_free, other.asks("beside")) == (True, "in use")
            assert [other.asks("beside"), other.asks("alone")] == ["had it", "in use"]
        assert other.asks("alone") == "had it"


def test_alone_is_not_to_be_had_while_another_thread_works(tmp_path: Path) -> None:
    working, done = threading.Event(), threading.Event()

    def work() -> None:
        with claim(tmp_path, RUNNING):
            working.set()
            done.wait(30)

    thread = threading.Thread(target=work)
    thread.start()
    working.wait(30)
    with alone_if_free(tmp_path) as is_free:
        assert not is_free
    done.set()
    thread.join(30)
    with alone_if_free(tmp_path) as is_free:
        assert is_free


def test_what_a_killed_process_left_goes_and_what_a_living_one_has_stays(tmp_path: Path) -> None:
    import os

    script = """
import sys, time
from pathlib import Path
from pyreq_tui.build.workplace import workplace
with workplace(Path(sys.argv[1])) as folder:
    (folder / "half.zip").write_text("half")
    print(folder, flush=True)
    time.sleep(60)
"""
    child = subprocess.Popen([sys.executable, "-c", script, tmp_path], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    left = Path(child.stdout.readline().strip())
    os.utime(left, (0, 0))
    (tmp_path / ".pyreq-file").write_text("somebody else's")

    assert sweep(tmp_path) == []
    child.kill()
    child.communicate(timeout=30)
    assert (left / "half.zip").is_file()
    with workplace(tmp_path) as mine:
        assert sorted(path.name for path in tmp_path.iterdir()) == sorted([".pyreq-file", mine.name])
    assert [path.name for path in tmp_path.iterdir()] == [".pyreq-file"]
