"""``install``: the requirements alone, as other tools find them."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
import zipfile
from typing import TYPE_CHECKING, Literal

import pytest
from packaging.requirements import Requirement

from pyreq_tui.build import Event, StepStarted, install
from pyreq_tui.build.install import install_place, pin_line
from pyreq_tui.errors import Cancelled
from pyreq_tui.locks import Pin, Unbuilt, WheelFile
from tests.making import make_wheel
from tests.projects import SERVERLESS, make_project

if TYPE_CHECKING:
    from pathlib import Path

    from tests.projects import Project


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path)


def tree(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_installs_what_the_artifact_holds_of_requirements(project: Project) -> None:
    make_wheel(project.wheels, "tool", "3.0", {"bin_tool": "#!\n"}, executables=["bin_tool"])
    project.require("alpha", "tool")
    project.write({"vendored/beta.py": "VENDORED = True\n"})
    before = project.listing()

    done = project.command("install", "--set", "vendor=vendored", "--set", "slim=true")

    installed = project.root / ".serverless" / "requirements"
    assert done.returncode == 0, done.stderr
    assert str(installed) in done.stdout
    assert tree(installed) == {"alpha/__init__.py", "alpha/tests/test_alpha.py", "beta.py", "bin_tool"}
    assert (installed / "beta.py").read_text() == "VENDORED = True\n"
    pins = (project.root / ".serverless" / "requirements.txt").read_text()
    assert pins == "alpha==1.2\nbeta==2.0\ntool==3.0\n"
    assert project.listing() == before
    ran = subprocess.run(
        [sys.executable, "-S", "-c", "import alpha, beta; beta.VENDORED"], cwd=installed, timeout=30
    )
    assert ran.returncode == 0


def test_modes_do_not_follow_the_umask(project: Project) -> None:
    make_wheel(project.wheels, "tool", "3.0", {"tools/run": "#!\n"}, executables=["tools/run"])
    project.require("tool")
    mask = os.umask(0o077)
    try:
        assert project.command("install").returncode == 0
    finally:
        os.umask(mask)
    installed = project.root / ".serverless" / "requirements"

    def mode(path: Path) -> int:
        return stat.S_IMODE(path.stat().st_mode)

    assert {mode(installed), mode(installed / "tools"), mode(installed / "tools/run")} == {0o755}
    assert mode(installed / "tool-3.0.dist-info/METADATA") == 0o644
    assert mode(installed.parent / "requirements.txt") == 0o644


def test_no_deploy_and_what_only_it_brought_are_left_out(project: Project) -> None:
    project.require("alpha")
    make_wheel(project.wheels, "gamma")
    project.require("alpha", "gamma")

    assert project.command("install", "--set", "noDeploy=[alpha]").returncode == 0

    assert (project.root / ".serverless/requirements.txt").read_text() == "gamma==1.0\n"
    assert not (project.root / ".serverless/requirements/beta.py").exists()


def test_each_module_has_its_own(tmp_path: Path) -> None:
    functions = "functions:\n  one: {handler: a.b, module: fn/one}\n  two: {handler: a.b, module: two}\n"
    text = SERVERLESS.split("functions:")[0] + "package: {individually: true}\n" + functions
    project = make_project(tmp_path, text, None)
    project.require("alpha", module="fn/one")
    project.require("beta", module="two")
    before = project.listing()

    assert project.command("install").returncode == 0

    output = project.root / ".serverless"
    assert (output / "fn/one/requirements.txt").read_text() == "alpha==1.2\nbeta==2.0\n"
    assert (output / "two/requirements.txt").read_text() == "beta==2.0\n"
    assert (output / "fn/one/requirements/alpha/__init__.py").is_file()
    assert (output / "two/requirements/beta.py").is_file()
    assert sorted(path.name for path in output.iterdir()) == ["fn", "two"]
    assert project.listing() == before


def test_zip_leaves_the_archive_and_its_helper_and_takes_them_away_again(project: Project) -> None:
    output = project.root / ".serverless"

    assert project.command("install", "--set", "zip=true").returncode == 0
    assert {path.name for path in output.iterdir()} == {
        "requirements", "requirements.txt", ".requirements.zip", "unzip_requirements.py",
    }  # fmt: skip
    with zipfile.ZipFile(output / ".requirements.zip") as archive:
        assert set(archive.namelist()) == tree(output / "requirements")

    assert project.command("install").returncode == 0
    assert {path.name for path in output.iterdir()} == {"requirements", "requirements.txt"}


def test_what_stood_before_stays_where_installing_fails(project: Project) -> None:
    assert project.command("install").returncode == 0
    output = project.root / ".serverless"
    before = {name: (output / "requirements" / name).read_bytes() for name in tree(output / "requirements")}
    make_wheel(project.wheels, "broken", files={"broken.py": "x = 1\n" * 1000})
    project.require("alpha", "broken")
    assert project.command("estimate").returncode == 0
    wheel = next(project.wheels.glob("broken-*"))
    data = bytearray(wheel.read_bytes())
    data[60:90] = bytes(30)
    wheel.write_bytes(data)

    done = project.command("install")

    assert done.returncode == 3, done.stderr
    assert {
        name: (output / "requirements" / name).read_bytes() for name in tree(output / "requirements")
    } == before
    assert {path.name for path in output.iterdir()} == {"requirements", "requirements.txt"}


def test_one_folder_can_not_hold_two_targets(tmp_path: Path) -> None:
    functions = "functions:\n  one: {handler: a.b}\n  two: {handler: a.b, architecture: arm64}\n"
    text = SERVERLESS.split("functions:")[0] + "package: {individually: true}\n" + functions
    project = make_project(tmp_path, text)

    refused = project.command("install")

    assert refused.returncode == 2
    assert "--function" in refused.stderr
    assert project.command("install", "--function", "two").returncode == 0


def test_a_local_package_is_pinned_by_its_place(project: Project) -> None:
    project.write(
        {
            "lib/pyproject.toml": "[project]\nname = 'lib'\nversion = '0.1'\n"
            "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n",
            "lib/backend.py": (
                "import zipfile\n"
                "def build_wheel(folder, config_settings=None, metadata_directory=None):\n"
                "    name = 'lib-0.1-py3-none-any.whl'\n"
                "    with zipfile.ZipFile(folder + '/' + name, 'w') as z:\n"
                "        z.writestr('lib.py', 'X = 1')\n"
                "        info = 'lib-0.1.dist-info/'\n"
                "        metadata = 'Metadata-Version: 2.1\\nName: lib\\nVersion: 0.1\\n'\n"
                "        z.writestr(info + 'METADATA', metadata)\n"
                "        wheel = 'Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n'\n"
                "        z.writestr(info + 'WHEEL', wheel)\n"
                "        z.writestr(info + 'RECORD', '')\n"
                "    return name\n"
            ),
        }
    )
    project.require("./lib")

    done = project.command("install")

    assert done.returncode == 0, done.stderr
    pins = (project.root / ".serverless/requirements.txt").read_text()
    assert pins == f"lib @ {(project.root / 'lib').as_uri()}\n"


def test_cancelling_leaves_what_stood_there(project: Project) -> None:
    assert project.command("install").returncode == 0
    output = project.root / ".serverless"
    before = tree(output)
    make_wheel(project.wheels, "gamma")
    project.require("alpha", "gamma")
    cancel = threading.Event()

    def report(event: Event) -> None:
        if isinstance(event, StepStarted) and event.step == "write":
            cancel.set()

    with pytest.raises(Cancelled):
        install(project.load(), project.materials(), report=report, cancel=cancel)

    assert tree(output) == before


def pin(url: str, kind: Literal["sdist", "vcs", "directory"], version: str | None = None, **more: str) -> Pin:
    return Pin("demo", version, unbuilt=Unbuilt(kind, url, **more))


@pytest.mark.parametrize(
    ("pin", "line"),
    [
        (pin("https://host/demo-1.tar.gz", "sdist", "1.0"), "demo==1.0"),
        (pin("https://user:secret@host/d.tgz", "sdist"), "demo @ https://host/d.tgz"),
        (
            pin("https://token:secret@host/d.git", "vcs", revision="abc", subdirectory="py"),
            "demo @ git+https://host/d.git@abc#subdirectory=py",
        ),
        (pin("ssh://git@host/d.git", "vcs", revision="abc"), "demo @ git+ssh://git@host/d.git@abc"),
        (pin("/srv/my code", "directory"), "demo @ file:///srv/my%20code"),
        (
            Pin("demo", None, WheelFile("d.whl", "https://u:p@host/d.whl", None, None)),
            "demo @ https://host/d.whl",
        ),
    ],
)
def test_pins_are_requirements_without_secrets(pin: Pin, line: str) -> None:
    assert pin_line(pin) == line
    assert Requirement(line).name == "demo"


@pytest.mark.parametrize(
    ("module", "place"),
    [
        (".", "."),
        ("fn/one", "fn/one"),
        ("../outside", "outside"),
        ("/etc", "etc"),
        ("..", "."),
        ("requirements", "requirements_"),
        ("fn/requirements", "fn/requirements_"),
    ],
)
def test_a_modules_place_is_inside_and_in_nobodys_tree(module: str, place: str) -> None:
    assert install_place(module) == place


@pytest.mark.slow
def test_several_at_once_leave_one_whole_tree(project: Project) -> None:
    """The caches may lie in the very folder that is written to."""
    command = [sys.executable, "-m", "pyreq_tui", "install", "--quiet", "--set", "cacheLocation=.serverless"]
    children = [
        subprocess.Popen(
            command,
            cwd=project.root,
            env=project.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]

    told = [child.communicate(timeout=60)[1] for child in children]

    assert [child.returncode for child in children] == [0, 0, 0], told
    installed = project.root / ".serverless" / "requirements"
    assert {"beta.py", "alpha/__init__.py"} < tree(installed)
    assert not list(installed.parent.glob(".pyreq-*"))
