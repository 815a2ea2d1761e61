"""Where other implementations fail their users: the same situations, and what ships here."""

from __future__ import annotations

import hashlib
import threading
import zipfile
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.build import Result, plan, run
from pyreq_tui.errors import PyreqError
from tests.making import make_wheel
from tests.projects import SERVERLESS, Project, make_project

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path)


def build(project: Project, **overrides: object) -> Result:
    materials = project.materials(**overrides)
    planned = plan(materials.service, materials)
    return run(planned, materials, report=lambda _: None, cancel=threading.Event())


def listing(project: Project, **overrides: object) -> dict[str, zipfile.ZipInfo]:
    [artifact] = build(project, **overrides).artifacts
    with zipfile.ZipFile(artifact.path) as archive:
        return {entry.filename: entry for entry in archive.infolist()}


@pytest.mark.parametrize(
    "line",
    [
        "Alpha",
        "ALPHA==1.2",
        "alpha[speed]",
        "alpha ~= 1.2",
        "alpha>=1,<2  # pinned loosely",
        "alpha; python_version >= '3.9'",
        "alpha @ file://{wheels}/alpha-1.2-py3-none-any.whl",
        "{wheels}/alpha-1.2-py3-none-any.whl",
    ],
)
def test_no_deploy_goes_by_name_however_the_requirement_is_written(project: Project, line: str) -> None:
    project.require(line.format(wheels=project.wheels), "beta")

    assert any(name.startswith("alpha/") for name in listing(project))
    assert not any(name.startswith("alpha/") for name in listing(project, noDeploy=["alpha"]))


@pytest.mark.parametrize("spelling", ["python_dateutil", "Python-DateUtil", "python.dateutil"])
def test_no_deploy_goes_by_name_however_it_is_spelt_itself(project: Project, spelling: str) -> None:
    make_wheel(project.wheels, "python-dateutil", files={"dateutil/__init__.py": ""})
    project.require("python-dateutil", "beta")

    assert "dateutil/__init__.py" not in listing(project, noDeploy=[spelling])


def test_a_package_that_is_omitted_need_not_exist(project: Project) -> None:
    project.require("only-in-the-runtime==1", "beta")

    assert "beta.py" in listing(project, noDeploy=["only-in-the-runtime"])


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_hashes_are_checked_whatever_the_line_ends_are(project: Project, newline: str) -> None:
    [wheel] = project.wheels.glob("beta-*")
    right = hashlib.sha256(wheel.read_bytes()).hexdigest()
    lines = ["--no-index", f"--find-links {project.wheels}", "beta==2.0 \\", f"    --hash=sha256:{right}", ""]
    project.write({"requirements.txt": newline.join(lines)})
    assert "beta.py" in listing(project)

    project.write({"requirements.txt": newline.join(lines).replace(right, "0" * 64)})
    with pytest.raises(PyreqError):
        build(project)


@pytest.mark.parametrize(
    "including",
    [
        "-r sub/a.txt\n-r other/b.txt",
        "--requirement sub/a.txt\n--requirement=other/b.txt",
        "-r sub/a.txt  # why\n-rother/b.txt",
    ],
)
def test_files_are_included_as_pip_does_it(project: Project, including: str) -> None:
    project.write(
        {
            "requirements.txt": f"--no-index\n--find-links {project.wheels}\n{including}\n-c limits.txt\n",
            "sub/a.txt": "-r nested.txt\n",
            "sub/nested.txt": "alpha\n",
            "other/b.txt": "gamma\n",
            "limits.txt": "gamma<2\n",
        }
    )
    make_wheel(project.wheels, "gamma", "1.0", {"gamma.py": "VALUE = 1\n"})
    make_wheel(project.wheels, "gamma", "2.0", {"gamma.py": "VALUE = 2\n"})

    shipped = {package.name: package.version for package in project.plan().artifacts[0].packages}

    assert shipped["gamma"] == "1.0"
    assert shipped["alpha"] == "1.2"


def test_the_users_own_files_are_never_touched(project: Project) -> None:
    project.write(
        {
            "unzip_requirements.py": "# mine\n",
            "requirements.txt": (project.root / "requirements.txt").read_bytes(),
        }
    )
    before = project.listing()

    build(project, zip=True)
    build(project, zip=False)

    assert project.listing() == before


def test_modes_are_kept_and_everything_can_be_read(project: Project) -> None:
    make_wheel(project.wheels, "tool", files={"tool/run.sh": "#!/bin/sh\n"}, executables=["tool/run.sh"])
    project.require("tool")
    project.write({"script.sh": "#!/bin/sh\n"})
    (project.root / "script.sh").chmod(0o700)
    (project.root / "handler.py").chmod(0o600)

    modes = {name: entry.external_attr >> 16 & 0o777 for name, entry in listing(project).items()}

    assert modes["tool/run.sh"] == modes["script.sh"] == 0o755
    assert (
        modes["handler.py"]
        == modes["tool/__init__.py" if "tool/__init__.py" in modes else "handler.py"]
        == 0o644
    )


def test_dates_are_fixed_and_no_bytecode_is_made(project: Project) -> None:
    files = listing(project)

    assert {entry.date_time for entry in files.values()} == {(1980, 1, 1, 0, 0, 0)}
    assert not [name for name in files if name.endswith(".pyc")]


def test_a_failed_build_repeated_unchanged_fails_again(project: Project) -> None:
    project.require("alpha", "absent")
    failures = []
    for _ in range(2):
        with pytest.raises(PyreqError) as caught:
            build(project)
        failures.append(str(caught.value))

    assert failures[0] == failures[1]
    assert not list(project.root.rglob("*.zip"))


@pytest.mark.parametrize(
    ("file", "expected"),
    [
        ("slim: 'true'", True),
        ('slim: "false"', False),
        ("slim: true", True),
    ],
)
def test_truths_in_quotes_count(project: Project, file: str, expected: bool) -> None:
    project.write({"serverless.yml": SERVERLESS.replace("{}", f"{{{file}, strip: false}}")})

    assert any(".dist-info/" in name for name in listing(project)) is not expected


def test_paths_with_spaces_and_letters_of_all_kinds(project: Project, tmp_path: Path) -> None:
    moved = replace(project, root=project.root.rename(tmp_path / "käse & brot [x]"))
    moved.write({"daten/größe.json": "{}", "a b/[c].txt": "."})

    assert {"daten/größe.json", "a b/[c].txt", "beta.py"} <= listing(moved).keys()
