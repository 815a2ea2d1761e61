"""Where other implementations fail their users: the same situations, and what ships here.

``ROWS`` leads from each of those situations to its tests, here or where its subject is tested.
"""

from __future__ import annotations

import hashlib
import shutil
import threading
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from pyreq_tui.build import Result, StepStarted, plan, run
from pyreq_tui.errors import Cancelled, PyreqError
from tests.making import make_wheel
from tests.projects import SERVERLESS, Project, make_project

LOCK = """\
[[package]]
name = "beta"
version = "2.0"
groups = ["main"]
optional = false
files = []

[metadata]
lock-version = "2.1"
python-versions = "*"
content-hash = ""
"""
TESTS = Path(__file__).parents[1]
ROWS = {
    "an old build ships though an option, image, runtime or vendored file changed": (
        "build/test_rebuild.py::test_every_option_counts",
        "build/test_rebuild.py::test_every_input_counts",
    ),
    "noDeploy compares strings": (
        "build/test_parity.py::test_no_deploy_goes_by_name_however_the_requirement_is_written",
        "build/test_parity.py::test_no_deploy_goes_by_name_however_it_is_spelt_itself",
    ),
    "an interrupted build leaves files in the sources": (
        "build/test_parity.py::test_an_interrupted_build_leaves_nothing_among_the_sources",
        "build/test_building.py::test_cancel_leaves_what_stood_there_and_nothing_beside_it",
    ),
    "two builds give two hashes": ("build/test_building.py::test_two_builds_in_two_folders_give_one_sha256",),
    "a Mac's or a wrong-glibc binary is found in production": (
        "findings/test_real_wheels.py::test_a_wheel_for_a_newer_glibc",
        "findings/test_real_wheels.py::test_a_wheel_for_another_system",
        "findings/test_binaries.py::test_what_would_not_load_is_an_error",
    ),
    "slim removes dist-info that a package reads": (
        "findings/test_metadata.py::test_a_package_that_needs_its_own_metadata",
    ),
    "zero requirements, and a lock one folder up, are passed over": (
        "findings/test_check.py::test_requirements_that_all_fall_to_their_markers_are_said_with_their_count",
        "findings/test_check.py::test_no_requirements_at_all_is_said",
        "sources/test_detect.py::test_a_lock_above_speaks_for_a_module_without_its_own",
    ),
    "messages that mislead about poetry and Docker": (
        "sources/test_locking.py::test_an_old_tool_is_called_old_where_that_is_the_reason",
        "sources/test_real_poetry.py::test_neither_poetry_nor_its_plugin_is_needed_to_read",
        "docker/test_preflight.py::test_the_daemon_is_down",
    ),
    "compression takes minutes and 640 MB": (
        "bundle/test_writer.py::test_any_bundle_reads_back_equal_and_is_as_large_as_said",
        "bundle/test_writer.py::test_a_member_larger_than_a_block_is_copied_whole",
    ),
    "strip corrupts numpy": (
        "build/test_stripping.py::test_a_library_that_strip_breaks_ships_as_it_was",
        "build/test_shapes_slim.py::test_what_slim_leaves_can_be_imported_and_used",
    ),
    "CRLF loses hash checks, Pipenv without a lock packages nothing": (
        "build/test_parity.py::test_hashes_are_checked_whatever_the_line_ends_are",
        "sources/test_locking.py::test_without_the_tool_it_says_what_to_run",
    ),
    "-r and -c fail in forms that pip takes": (
        "build/test_parity.py::test_files_are_included_as_pip_does_it",
    ),
    "the user's own files are deleted": ("build/test_parity.py::test_the_users_own_files_are_never_touched",),
    "a module's zip loses exec bits and what lies outside of its folder": (
        "build/test_parity_modules.py::test_a_modules_programs_stay_programs",
        "build/test_parity_modules.py::test_artifacts_their_targets_and_what_they_hold",
        "build/test_parity.py::test_modes_are_kept_and_everything_can_be_read",
    ),
    "builds that share a cache poison it": (
        "build/test_parity.py::test_builds_at_once_share_a_cold_cache",
        "cli/test_caches.py::test_builds_go_well_while_another_process_clears_the_caches",
    ),
    "every shipped .pyc is stale": (
        "build/test_parity.py::test_dates_are_fixed_and_no_bytecode_is_made",
        "build/test_compiling.py::test_the_interpreter_loads_it_without_its_source",
    ),
    "cleaning leaves layers behind, cold zip and layer builds race": (
        "build/test_parity.py::test_cold_zips_and_layers_come_out_the_same_every_time",
        "cli/test_caches.py::test_clean_removes_what_is_ours_and_nothing_else",
    ),
    "a failed cached build, repeated, reports success": (
        "build/test_parity.py::test_a_failed_build_repeated_unchanged_fails_again",
    ),
}


@pytest.mark.parametrize("tests", ROWS.values(), ids=ROWS.keys())
def test_every_row_is_tested(tests: tuple[str, ...]) -> None:
    for test in tests:
        file, _, name = test.partition("::")
        assert f"def {name}" in (TESTS / file).read_text("utf-8"), test


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


@pytest.mark.parametrize("kind", ["requirements", "poetry"])
def test_the_users_own_files_are_never_touched(
    project: Project, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.write({"unzip_requirements.py": "# mine\n"})
    if kind == "poetry":
        monkeypatch.setenv("PIP_NO_INDEX", "1")
        monkeypatch.setenv("PIP_FIND_LINKS", str(project.wheels))
        project.write({"pyproject.toml": "[tool.poetry.dependencies]\nbeta = '*'\n", "poetry.lock": LOCK})
    before = project.listing()

    build(project, zip=True)
    build(project, zip=False)

    assert project.listing() == before


@pytest.mark.parametrize("shape", [{"zip": True}, {"layer": True}, {}], ids=str)
def test_an_interrupted_build_leaves_nothing_among_the_sources(
    project: Project, shape: dict[str, object]
) -> None:
    before = project.listing()
    materials = project.materials(**shape)
    cancel = threading.Event()

    def cancel_when_writing(event: object) -> None:
        if isinstance(event, StepStarted) and event.step == "write":
            cancel.set()

    with pytest.raises(Cancelled):
        run(plan(materials.service, materials), materials, report=cancel_when_writing, cancel=cancel)

    assert project.listing() == before
    assert not list(project.root.rglob("*.zip"))


def test_builds_at_once_share_a_cold_cache(project: Project, tmp_path: Path) -> None:
    copies = [replace(project, root=tmp_path / f"copy-{number}") for number in range(4)]
    for copy in copies:
        shutil.copytree(project.root, copy.root)

    with ThreadPoolExecutor(4) as pool:
        digests = {result.artifacts[0].sha256 for result in pool.map(build, copies)}

    assert len(digests) == 1
    assert build(project).artifacts[0].sha256 in digests


@pytest.mark.parametrize("shape", [{"zip": True}, {"layer": True}], ids=str)
def test_cold_zips_and_layers_come_out_the_same_every_time(
    project: Project, tmp_path: Path, shape: dict[str, object]
) -> None:
    digests = set()
    for number in range(4):
        cold = replace(project, cache=tmp_path / f"cache-{number}")
        shutil.rmtree(project.root / ".serverless", ignore_errors=True)
        digests.add(tuple(artifact.sha256 for artifact in build(cold, **shape).artifacts))

    assert len(digests) == 1


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
