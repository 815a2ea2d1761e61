"""``unzip_requirements.py`` as Lambda runs it: in processes of its own."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pyreq_tui.bundle import HELPER_NAME, compose, nest, write_zip
from pyreq_tui.bundle.compose import helper_text
from tests.bundle.contents import bundle_of
from tests.making import make_wheel

PYTHONS = [
    Path(sys.executable),
    *sorted(Path("~/.pyenv/versions").expanduser().glob("3.*/bin/python")),
]
USE = "import unzip_requirements, demo, sys; print(demo.VALUE, sys.path.index(unzip_requirements.TARGET))"


class Task:
    """An unpacked artifact, whose helper unpacks to a folder of the test's instead of /tmp."""

    def __init__(self, folder: Path) -> None:
        wheel = make_wheel(
            folder / "wheels",
            "demo",
            files={
                "demo/__init__.py": "VALUE = 42\n",
                "demo/run.sh": "#!/bin/sh\n",
                "demo/data": "x" * 200_000,
            },
            executables=["demo/run.sh"],
        )
        self.root = folder / "task"
        self.root.mkdir()
        self.target = folder / "tmp/sls-py-req"
        self.target.parent.mkdir()
        archive = self.root / ".requirements.zip"
        write_zip(bundle_of(wheel), archive, cancel=threading.Event(), on_bytes=lambda _: None)
        text = helper_text().decode().replace('"/tmp/sls-py-req"', repr(str(self.target)))
        (self.root / HELPER_NAME).write_text(text)

    def start(self, code: str = USE, python: Path = PYTHONS[0], **env: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [python, "-B", "-c", code],
            cwd=self.root,
            env={"PATH": os.environ["PATH"], "LAMBDA_TASK_ROOT": str(self.root), **env},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, code: str = USE, python: Path = PYTHONS[0], **env: str) -> str:
        out, err = self.start(code, python, **env).communicate()
        return out.strip() or err


@pytest.fixture
def task(tmp_path: Path) -> Task:
    return Task(tmp_path)


@pytest.mark.parametrize("python", PYTHONS, ids=str)
def test_the_requirements_become_importable(task: Task, python: Path) -> None:
    assert task.run(python=python) == "42 1"
    assert os.access(task.target / "demo/run.sh", os.X_OK)
    assert sorted(path.name for path in task.target.parent.iterdir()) == ["sls-py-req", "sls-py-req.lock"]


@pytest.mark.slow
def test_many_inits_at_once_all_succeed(task: Task) -> None:
    processes = [task.start() for _ in range(8)]
    assert [process.communicate()[0].strip() for process in processes] == ["42 1"] * 8
    assert sorted(path.name for path in task.target.parent.iterdir()) == ["sls-py-req", "sls-py-req.lock"]


def test_the_next_init_uses_what_is_unpacked(task: Task) -> None:
    task.run()
    (task.target / "demo/__init__.py").write_text("VALUE = 'as it was'\n")
    assert task.run() == "as it was 1"


def test_what_a_stopped_init_left_is_replaced(task: Task) -> None:
    partial = Path(f"{task.target}.partial")
    (partial / "demo").mkdir(parents=True)
    (partial / "demo/__init__.py").write_text("VALUE = 'half'")
    assert task.run() == "42 1"
    assert not partial.exists()


@pytest.mark.parametrize("left", [{}, {"demo/__init__.py": "VALUE = 'half'"}, {".unpacked-from": "1-0"}])
def test_a_folder_that_is_not_whole_is_replaced(task: Task, left: dict[str, str]) -> None:
    """As the Framework's own helper, or an older package on a developer's machine, may leave it."""
    for name, text in left.items():
        (task.target / name).parent.mkdir(parents=True, exist_ok=True)
        (task.target / name).write_text(text)
    task.target.mkdir(exist_ok=True)

    assert task.run() == "42 1"


def test_another_package_takes_the_place_of_the_last(task: Task) -> None:
    task.run()
    wheel = make_wheel(task.root.parent / "other", "demo", files={"demo/__init__.py": "VALUE = 43\n"})
    archive = task.root / ".requirements.zip"
    write_zip(bundle_of(wheel), archive, cancel=threading.Event(), on_bytes=lambda _: None)

    assert task.run() == "43 1"
    assert not (task.target / "demo/data").exists()


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
def test_on_a_disk_that_is_nearly_full(task: Task) -> None:
    disk = task.target.parent
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", disk], check=True)
    try:
        (disk / "filling").write_bytes(bytes(900_000))
        assert "ephemeralStorageSize" in task.run()
        assert sorted(path.name for path in disk.iterdir()) == ["filling", "sls-py-req.lock"]

        (disk / "filling").unlink()
        assert task.run() == "42 1"

        (task.target / ".unpacked-from").unlink()
        (disk / "filling").write_bytes(bytes(700_000))
        assert task.run() == "42 1"  # what was left half done makes room for it
    finally:
        subprocess.run(["umount", disk], check=True)


def test_an_init_killed_while_it_unpacks_does_no_harm(task: Task) -> None:
    kill = "import os, zipfile; e = zipfile.ZipFile._extract_member\n"
    kill += "def die(*a):\n    e(*a)\n    os._exit(9)\n"
    kill += "zipfile.ZipFile._extract_member = die\nimport unzip_requirements"
    process = task.start(kill)
    process.communicate()
    assert process.returncode == 9
    assert not task.target.exists()
    assert task.run() == "42 1"


def test_without_a_nested_zip_it_does_nothing(task: Task) -> None:
    (task.root / ".requirements.zip").unlink()
    code = "import unzip_requirements, sys; print(unzip_requirements.TARGET in sys.path)"
    assert task.run(code) == "False"
    assert task.run(code, IS_LOCAL="true", LAMBDA_TASK_ROOT="/var/task") == "False"
    assert list(task.target.parent.iterdir()) == []


def test_it_finds_the_zip_in_the_task_root_but_not_when_run_locally(task: Task, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (task.root / HELPER_NAME).rename(elsewhere / HELPER_NAME)
    code = f"import os, sys; os.chdir({str(elsewhere)!r}); sys.path.insert(0, ''); {USE}"
    assert "ModuleNotFoundError: No module named 'demo'" in task.run(code, IS_LOCAL="true")
    assert task.run(code) == "42 1"


def test_too_little_room_is_said_before_the_disk_is_full(task: Task) -> None:
    nearly_full = "import shutil; from collections import namedtuple as n\n"
    nearly_full += (
        "shutil.disk_usage = lambda _: n('usage', 'total used free')(1, 1, 1000)\nimport unzip_requirements"
    )
    told = task.run(nearly_full)
    assert "OSError: The requirements need 0 MB in" in told
    assert "ephemeralStorageSize" in told
    assert not task.target.exists()


def test_the_oldest_runtime_can_read_it() -> None:
    ast.parse(helper_text(), feature_version=(3, 6))


def test_the_helper_ships_as_it_lies_in_the_package() -> None:
    assert compose(nest(compose())).entries[-1].source.data == helper_text()  # type: ignore[union-attr]  # it is LiteralBytes
