"""From a service on disk to its zips: what the Plan says is what the build writes."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import threading
import zipfile
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.build import (
    Artifact,
    ArtifactAdvanced,
    ArtifactWritten,
    Event,
    Result,
    StepFinished,
    gather,
    plan,
    run,
)
from pyreq_tui.errors import BuildError, Cancelled
from tests.making import make_wheel
from tests.projects import Project, make_project

if TYPE_CHECKING:
    from pathlib import Path

MODULES = """\
service: shop
provider: {name: aws, runtime: python3.12}
package: {individually: true}
custom: {pythonRequirements: {}}
functions:
  report: {handler: handler.run, module: report}
  main: {handler: handler.main, package: {patterns: ['!**', 'handler.py']}}
"""
LAYERED = """\
service: shop
provider: {name: aws, runtime: python3.12}
custom: {pythonRequirements: {layer: true}}
functions:
  main:
    handler: handler.main
    layers: [{Ref: PythonRequirementsLambdaLayer}]
"""


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path)


def build(project: Project, output: Path | None = None, **overrides: object) -> Result:
    materials = project.materials(**overrides)
    planned = plan(materials.service, materials)
    return run(planned, materials, output=output, report=lambda _: None, cancel=threading.Event())


def names(artifact: Artifact) -> set[str]:
    with zipfile.ZipFile(artifact.path) as archive:
        return set(archive.namelist())


def test_the_zip_holds_packages_and_code_and_is_as_large_as_estimated(project: Project) -> None:
    planned = project.plan()
    [artifact] = build(project).artifacts

    assert artifact.path == project.root / ".serverless" / "shop.zip"
    assert {"alpha/__init__.py", "beta.py", "handler.py", "requirements.txt"} <= names(artifact)
    assert "serverless.yml" not in names(artifact)
    with zipfile.ZipFile(artifact.path) as archive:
        assert archive.testzip() is None
        assert sum(entry.file_size for entry in archive.infolist()) == planned.artifacts[0].unzipped_bytes
    assert artifact.path.stat().st_size == planned.artifacts[0].zipped_bytes
    assert hashlib.sha256(artifact.path.read_bytes()).hexdigest() == artifact.sha256
    assert planned.artifacts[0].bundle.is_exact


@pytest.mark.skipif(shutil.which("unzip") is None, reason="unzip is not installed")
def test_unzip_accepts_it(project: Project) -> None:
    [artifact] = build(project).artifacts

    tested = subprocess.run(["unzip", "-t", artifact.path], capture_output=True, text=True)

    assert tested.returncode == 0, tested.stdout


def test_two_builds_in_two_folders_give_one_sha256(tmp_path: Path) -> None:
    digests = set()
    for place in ("here", "there"):
        project = make_project(tmp_path / place)
        if place == "there":
            project.write({"handler.py": (tmp_path / "here/service/handler.py").read_bytes()})
        shutil.rmtree(project.wheels)
        shutil.copytree(
            tmp_path / "here/wheels", project.wheels, dirs_exist_ok=True
        ) if place == "there" else (make_project(tmp_path / "here"))
        project.write({"requirements.txt": "alpha\n"})
        links = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(project.wheels)}
        done = project.command("build", str(project.root), "--json", "--quiet", **links)
        assert done.returncode == 0, done.stderr
        digests.add(hashlib.sha256((project.root / ".serverless/shop.zip").read_bytes()).hexdigest())
    assert len(digests) == 1


def test_nothing_is_written_among_the_users_files(project: Project) -> None:
    before = project.listing()

    build(project, zip=True, slim=True)

    assert project.listing() == before


def test_no_deploy_takes_out_a_package_and_what_only_it_needed(project: Project) -> None:
    project.require("alpha", "gamma")
    make_wheel(project.wheels, "gamma")

    [artifact] = build(project, noDeploy=["Alpha"]).artifacts

    assert not any(name.startswith(("alpha", "beta")) for name in names(artifact))
    assert "gamma/__init__.py" in names(artifact)


def test_no_deploy_spares_what_others_still_need(project: Project) -> None:
    project.require("alpha", "gamma")
    make_wheel(project.wheels, "gamma", requires=["beta"])

    [artifact] = build(project, noDeploy=["alpha"]).artifacts

    assert "beta.py" in names(artifact)


def test_slim_takes_out_metadata_and_what_the_patterns_name(project: Project) -> None:
    [artifact] = build(project, slim=True, slimPatterns=["**/tests/**"]).artifacts

    assert not any("dist-info" in name or "/tests/" in name for name in names(artifact))
    assert "alpha/__init__.py" in names(artifact)


def test_zip_nests_the_requirements_beside_their_helper(project: Project) -> None:
    [artifact] = build(project, zip=True).artifacts

    assert {".requirements.zip", "unzip_requirements.py", "handler.py"} <= names(artifact)
    assert "beta.py" not in names(artifact)
    with zipfile.ZipFile(artifact.path) as archive, archive.open(".requirements.zip") as nested:
        assert archive.getinfo(".requirements.zip").compress_type == zipfile.ZIP_STORED
        with zipfile.ZipFile(nested) as inner:
            assert inner.testzip() is None
            assert "beta.py" in inner.namelist()
    assert artifact.path.stat().st_size == artifact.planned.zipped_bytes


def test_layer_holds_the_requirements_and_functions_only_code(tmp_path: Path) -> None:
    project = make_project(tmp_path, LAYERED)

    result = {artifact.planned.filename: artifact for artifact in build(project).artifacts}

    assert set(result) == {"shop.zip", "pythonRequirements.zip"}
    assert "python/beta.py" in names(result["pythonRequirements.zip"])
    assert all(name.startswith("python/") for name in names(result["pythonRequirements.zip"]))
    assert "beta.py" not in names(result["shop.zip"])
    assert result["shop.zip"].planned.layer_bytes == result["pythonRequirements.zip"].planned.unzipped_bytes


def test_modules_have_zips_of_their_own_with_their_files_at_the_root(tmp_path: Path) -> None:
    project = make_project(tmp_path, MODULES, ["beta"])
    project.require("alpha", module="report")
    project.write({"report/handler.py": "def run(event, context):\n    return 1\n"})

    result = {artifact.planned.filename: artifact for artifact in build(project).artifacts}

    assert set(result) == {"report-shop-dev-report.zip", "main.zip"}
    assert {"handler.py", "alpha/__init__.py", "beta.py"} <= names(result["report-shop-dev-report.zip"])
    with zipfile.ZipFile(result["report-shop-dev-report.zip"].path) as archive:
        assert b"def run" in archive.read("handler.py")
    assert not any(name.startswith("alpha") for name in names(result["main.zip"]))
    assert {"handler.py", "beta.py"} <= names(result["main.zip"])


def test_a_second_build_with_nothing_changed_writes_nothing(project: Project) -> None:
    [first] = build(project).artifacts
    stamp = first.path.stat().st_mtime_ns

    again = build(project)

    assert again.cache.is_hit
    assert again.artifacts[0].sha256 == first.sha256
    assert again.artifacts[0].is_unchanged
    assert first.path.stat().st_mtime_ns == stamp


def test_a_plan_follows_reshaping_options_without_gathering_again(project: Project) -> None:
    materials = project.materials()
    changed = materials.service.with_overrides({"slim": True, "noDeploy": ["beta"], "zip": True})

    assert materials.answers(changed)
    assert not materials.answers(materials.service.with_overrides({"fileName": "other.txt"}))
    assert (
        plan(changed, materials).artifacts[0].unzipped_bytes
        == project.plan(slim=True, noDeploy=["beta"], zip=True).artifacts[0].unzipped_bytes
    )


def test_the_build_reports_steps_and_artifacts(project: Project) -> None:
    events: list[Event] = []
    materials = gather(project.load(), report=events.append, cancel=threading.Event(), cache=project.cache)

    planned = plan(materials.service, materials)
    run(planned, materials, report=events.append, cancel=threading.Event())

    finished = [event.step for event in events if isinstance(event, StepFinished)]
    assert finished == ["resolve", "inspect", "fetch", "write"]
    assert [event.name for event in events if isinstance(event, ArtifactWritten)] == ["shop"]
    grown = [event for event in events if isinstance(event, ArtifactAdvanced)]
    assert {event.filename for event in grown} == {"shop.zip"}
    assert grown[-1].done_bytes == grown[-1].total_bytes == planned.artifacts[0].zipped_bytes


def test_cancel_leaves_what_stood_there_and_nothing_beside_it(project: Project) -> None:
    output = project.root / ".serverless"
    build(project)
    before = {path.name: path.read_bytes() for path in output.iterdir()}
    cancel = threading.Event()
    materials = project.materials(slim=True)
    cancel.set()

    with pytest.raises(Cancelled):
        run(plan(materials.service, materials), materials, report=lambda _: None, cancel=cancel)

    assert {path.name: path.read_bytes() for path in output.iterdir()} == before


def test_an_output_folder_that_cannot_be_is_an_error_that_says_so(project: Project) -> None:
    (project.root / "taken").write_text("a file")
    materials = project.materials()

    with pytest.raises(BuildError, match="taken") as caught:
        run(
            plan(materials.service, materials),
            materials,
            output=project.root / "taken",
            report=lambda _: None,
            cancel=threading.Event(),
        )
    assert caught.value.exit_status == 3


def test_an_sdist_is_a_guess_until_it_has_been_built(project: Project) -> None:
    project.write(
        {
            "local/pyproject.toml": (
                "[project]\nname = 'local-thing'\nversion = '3'\n"
                "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n"
            ),
            "local/backend.py": BACKEND,
        }
    )
    project.require("alpha", "./local")
    guess = project.plan(slim=False)

    result = build(project)
    known = project.plan()

    assert not guess.artifacts[0].bundle.is_exact
    assert "local_thing.py" in names(result.artifacts[0])
    assert known.artifacts[0].bundle.is_exact
    assert known.artifacts[0].zipped_bytes == result.artifacts[0].zipped_bytes


BACKEND = """\
import zipfile


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name = "local_thing-3-py3-none-any.whl"
    with zipfile.ZipFile(wheel_directory + "/" + name, "w") as wheel:
        info = "local_thing-3.dist-info/"
        wheel.writestr("local_thing.py", "VALUE = 3\\n")
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: local-thing\\nVersion: 3\\n")
        tags = "Root-Is-Purelib: true\\nTag: py3-none-any\\n"
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nGenerator: tests\\n" + tags)
        wheel.writestr(info + "RECORD", "")
    return name
"""


def test_a_provider_of_another_language_leaves_the_shared_zip_to_the_functions_runtime(
    tmp_path: Path,
) -> None:
    serverless = """\
service: shop
provider: {name: aws, runtime: nodejs22.x}
custom: {pythonRequirements: {layer: true}}
functions:
  main: {handler: handler.main, runtime: python3.12, architecture: arm64}
  page: {handler: page.main}
"""
    artifacts = make_project(tmp_path, serverless).plan().artifacts
    assert {artifact.kind for artifact in artifacts} == {"service", "layer"}
    targets = {(target.runtime, target.architecture) for a in artifacts if (target := a.target)}
    assert targets == {("python3.12", "arm64")}


def test_one_zip_for_two_runtimes_says_which_it_is_built_for(tmp_path: Path) -> None:
    serverless = """\
service: shop
provider: {name: aws, runtime: nodejs22.x}
custom: {pythonRequirements: {}}
functions:
  main: {handler: handler.main, runtime: python3.12}
  late: {handler: handler.main, runtime: python3.13}
"""
    [problem] = [p for p in make_project(tmp_path, serverless).plan().problems if p.code == "mixed-runtimes"]
    assert "is built for python3.12 x86_64, but" in problem.message


def test_a_record_that_cannot_be_kept_leaves_the_artifacts_standing(project: Project) -> None:
    (project.cache / "builds").parent.mkdir(parents=True, exist_ok=True)
    (project.cache / "builds").write_text("not a folder")

    result = build(project)

    assert all(artifact.path.is_file() for artifact in result.artifacts)
    assert build(project).cache.reason == "first build"


@pytest.mark.parametrize(
    ("requires_python", "is_told"),
    [
        (">=3.8", False),
        (">=3.8,<3.12", True),
        (">=3.8,!=3.12.*", True),
        (">=3.8.*", False),
        (None, False),
    ],
)
def test_a_package_that_is_not_for_the_runtimes_python_is_told(
    project: Project, *, requires_python: str | None, is_told: bool
) -> None:
    # uv heeds the lower bound only, and takes a release that pip would refuse.
    make_wheel(project.wheels, "gamma", requires_python=requires_python)
    project.require("gamma")

    told = [problem for problem in project.plan().problems if problem.code == "python-not-supported"]

    assert [problem.package for problem in told] == (["gamma"] if is_told else [])
    if is_told:
        assert f"gamma 1.0 is for Python {requires_python}, not for python3.12" in told[0].message
    assert not [p for p in project.plan(noDeploy=["gamma"]).problems if p.code == "python-not-supported"]


def test_a_folder_where_the_artifact_goes_is_an_error_that_names_it(project: Project) -> None:
    (project.root / ".serverless" / "shop.zip").mkdir(parents=True)

    with pytest.raises(BuildError, match=r"shop\.zip"):
        build(project)
    assert [path.name for path in (project.root / ".serverless").iterdir()] == ["shop.zip"]
