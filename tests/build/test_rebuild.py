"""A build is used again where nothing changed, and where anything did, it is made anew and says why."""

from __future__ import annotations

import json
import os
import shutil
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.build import CacheUse, gather, plan, run
from pyreq_tui.build.records import load_record, record_path
from pyreq_tui.build.stripping import Stripper, find_stripper
from pyreq_tui.bundle import list_files
from pyreq_tui.service import OPTION_SPECS
from tests.making import make_wheel
from tests.planning import synthetic
from tests.projects import Project, make_project

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SERVERLESS = """\
service: shop
provider: {name: aws, runtime: python3.12}
package: {individually: true}
custom: {pythonRequirements: {vendor: vendored}}
functions:
  main: {handler: handler.main}
  report: {handler: handler.run, module: report}
"""
BACKEND = """\
import zipfile


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    name = "local_thing-3-py3-none-any.whl"
    with zipfile.ZipFile(wheel_directory + "/" + name, "w") as wheel, open("local_thing.py") as source:
        info = "local_thing-3.dist-info/"
        wheel.writestr("local_thing.py", source.read())
        wheel.writestr(info + "METADATA", "Metadata-Version: 2.1\\nName: local-thing\\nVersion: 3\\n")
        tags = "Root-Is-Purelib: true\\nTag: py3-none-any\\n"
        wheel.writestr(info + "WHEEL", "Wheel-Version: 1.0\\nGenerator: tests\\n" + tags)
        wheel.writestr(info + "RECORD", "")
    return name
"""
LOCAL = {
    "local/pyproject.toml": "[project]\nname = 'local-thing'\nversion = '3'\n"
    "[build-system]\nrequires = []\nbuild-backend = 'backend'\nbackend-path = ['.']\n",
    "local/backend.py": BACKEND,
    "local/local_thing.py": "VALUE = 1\n",
}
LOCK = {"alpha": {"version": "==1.2"}, "beta": {"version": "==2.0"}}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Project:
    project = make_project(tmp_path_factory.mktemp("rebuild"), SERVERLESS)
    make_wheel(project.wheels, "beta", "3.0", {"beta.py": "VALUE = 3\n"})
    make_wheel(project.wheels, "gamma")
    project.require("alpha", "beta<3")
    project.require("gamma", module="report")
    project.write(
        {"report/handler.py": "", "vendored/lib.py": "LIB = 1\n", "other/lib.py": "", "other.txt": ""}
    )
    return project


@pytest.fixture
def project(shared: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shared.wheels))
    shutil.copytree(shared.root, tmp_path / "service")
    return replace(shared, root=tmp_path / "service")


def build(project: Project, functions: tuple[str, ...] = (), **overrides: object) -> CacheUse:
    materials = gather(
        project.load(**overrides),
        report=lambda _: None,
        cancel=threading.Event(),
        cache=project.cache,
        functions=functions,
    )
    planned = plan(materials.service, materials)
    return run(planned, materials, report=lambda _: None, cancel=threading.Event()).cache


def rewrite(name: str, before: str, after: str) -> Callable[[Project], None]:
    def change(project: Project) -> None:
        text = (project.root / name).read_text()
        assert before in text
        project.write({name: text.replace(before, after)})

    return change


def locked(**packages: dict[str, str]) -> dict[str, str]:
    """A Pipenv project that locks these."""
    lock = {"_meta": {"sources": []}, "default": {**LOCK, **packages}, "develop": {}}
    return {"Pipfile": "[packages]\nalpha = '*'\n", "Pipfile.lock": json.dumps(lock)}


OTHER_VALUES: dict[str, object] = {
    "fileName": "other.txt",
    "installer": "uv",
    "dockerizePip": "non-linux",
    "layer": True,
    "vendor": "other",
    "staticCacheMaxVersions": 5,
    "pipCmdExtraArgs": ["--no-deps"],
    "noDeploy": ["beta"],
    "cacheLocation": "elsewhere",
}
"""For options that take no other value of their kind."""


def other_value(key: str, kind: str, default: object) -> object:
    if key in OTHER_VALUES:
        return OTHER_VALUES[key]
    return {"bool": not default, "list": ["something"], "text": "something"}[kind]


@pytest.mark.parametrize("spec", OPTION_SPECS, ids=lambda spec: spec.key)
def test_every_option_counts(project: Project, spec: object) -> None:
    key, value = spec.key, other_value(spec.key, spec.kind, spec.default)  # type: ignore[attr-defined]  # an OptionSpec
    build(project)

    changed = build(project, **{key: value})
    again = build(project, **{key: value})

    assert not changed.is_hit
    assert key in changed.reason
    assert again.is_hit or key in ("useStaticCache", "invalidateCaches"), again.reason


CHANGES: dict[str, tuple[Callable[[Project], None], str]] = {
    "a file of the user's": (rewrite("handler.py", "return {}", "return 1"), "handler.py changed"),
    "a new file": (lambda project: project.write({"new.py": "NEW = 1\n"}), "new.py added"),
    "a file less": (lambda project: (project.root / "handler.py").unlink(), "handler.py removed"),
    "what a file may do": (lambda project: (project.root / "handler.py").chmod(0o755), "handler.py changed"),
    "a vendored byte": (rewrite("vendored/lib.py", "1", "2"), "lib.py changed"),
    "a vendored file": (lambda project: project.write({"vendored/more.py": ""}), "more.py added"),
    "a pin": (lambda project: project.require("alpha", "beta==3.0"), "beta 2.0 became 3.0"),
    "a requirement more": (lambda project: project.require("alpha", "beta<3", "gamma"), "gamma 1.0 added"),
    "a requirement less": (lambda project: project.require("beta<3"), "alpha 1.2 removed"),
    "a module's requirement": (lambda project: project.require(module="report"), "gamma 1.0 removed"),
    "the provider's runtime": (rewrite("serverless.yml", "3.12", "3.13"), "runtime of main.zip changed"),
    "a function's runtime": (
        rewrite("serverless.yml", "main}", "main, runtime: python3.11}"),
        "runtime of main.zip changed",
    ),
    "a function's architecture": (
        rewrite("serverless.yml", "run,", "run, architecture: arm64,"),
        "architecture of report-shop-dev-report.zip changed",
    ),
    "a function's own folder": (
        rewrite("serverless.yml", "main}", "main, vendor: other}"),
        "lib.py changed",
    ),
    "a pattern": (rewrite("serverless.yml", "true}", "true, patterns: ['!other.txt']}"), "other.txt removed"),
    "a new function": (
        lambda project: project.write({"serverless.yml": SERVERLESS + "  late: {handler: handler.main}\n"}),
        "late.zip",
    ),
    "an artifact": (
        lambda project: (project.root / ".serverless/main.zip").write_bytes(b"cut"),
        "main.zip is gone or was changed",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("change", "reason"), CHANGES.values(), ids=CHANGES.keys())
def test_every_input_counts(project: Project, change: Callable[[Project], None], reason: str) -> None:
    build(project)
    assert build(project).is_hit

    change(project)
    changed = build(project)

    assert not changed.is_hit
    assert reason in changed.reason
    assert build(project).is_hit


@pytest.mark.parametrize(
    ("lock", "reason"),
    [
        ({"beta": {"version": "==3.0"}}, "beta 2.0 became 3.0"),
        ({"gamma": {"version": "==1.0"}}, "gamma 1.0 added"),
    ],
)
def test_a_lock_counts(project: Project, lock: dict[str, dict[str, str]], reason: str) -> None:
    project.write(locked())
    build(project)
    assert build(project).is_hit

    project.write(locked(**lock))

    assert reason in build(project).reason
    assert build(project).is_hit


def test_the_source_of_a_local_package_counts(project: Project) -> None:
    project.write(LOCAL)
    project.require("alpha", "./local")
    build(project)
    assert build(project).is_hit

    project.write({"local/local_thing.py": "VALUE = 2\n"})
    changed = build(project)

    assert not changed.is_hit
    assert "local-thing 3 has other contents" in changed.reason


def test_a_package_published_anew_under_its_old_version_counts(project: Project, tmp_path: Path) -> None:
    wheels = make_wheel(tmp_path / "wheels", "zeta", files={"zeta.py": "VALUE = 1\n"}).parent
    project.write({"requirements.txt": f"--no-index\n{wheels}/zeta-1.0-py3-none-any.whl\n"})
    build(project)

    make_wheel(wheels, "zeta", files={"zeta.py": "VALUE = 2\n"})

    assert "zeta 1.0 has other contents" in build(project).reason


def test_the_versions_of_the_tools_count(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    known = find_stripper("x86_64") or Stripper("strip", "strip 1")
    monkeypatch.setattr("pyreq_tui.build.stripping.find_stripper", lambda _: known)
    build(project, slim=True)
    assert build(project, slim=True).is_hit

    monkeypatch.setattr(
        "pyreq_tui.build.stripping.find_stripper", lambda _: replace(known, version="strip 99")
    )
    assert "strip for x86_64 changed" in build(project, slim=True).reason

    monkeypatch.setattr("pyreq_tui.build.records.__version__", "99.0")
    assert "pyreq-tui changed" in build(project, slim=True).reason


def test_what_has_no_say_in_the_files_does_not_count(project: Project) -> None:
    build(project)
    (project.root / ".git").mkdir()
    project.write(
        {
            "serverless.yml": "# a comment\n" + SERVERLESS,
            ".git/HEAD": "ref",
            "requirements.txt": "# why\n\n" + (project.root / "requirements.txt").read_text(),
        }
    )
    (project.root / "handler.py").touch()
    cause = build(project)

    assert (
        cause.reason == "requirements.txt changed"
    )  # it ships, as every file does that no pattern takes out
    project.write({"serverless.yml": "# another\n" + SERVERLESS})
    assert build(project) == CacheUse(is_hit=True, reason="nothing changed")


def test_materials_are_outdated_once_a_file_of_the_service_changes(tmp_path: Path) -> None:
    service, materials = synthetic(tmp_path, files=20)
    (tmp_path / "handler.py").write_text("A = 1\n")
    read = replace(materials, cache=tmp_path / "cache", files=list_files(tmp_path).files)
    for made in (service.output / "shop.zip", tmp_path / "cache" / "wheels"):
        made.parent.mkdir(exist_ok=True)
        made.touch()
    assert not read.is_outdated()
    os.utime(tmp_path / "handler.py", ns=(0, 0))
    assert read.is_outdated(), "written to, though as large as before"
    again = replace(read, files=list_files(tmp_path).files)
    (tmp_path / "new.py").touch()
    assert again.is_outdated()
    shutil.rmtree(tmp_path)
    assert again.is_outdated()


def test_what_one_function_is_built_of_is_forgotten_by_no_build_of_another(project: Project) -> None:
    build(project)
    assert build(project, ("main",)).is_hit, "what it is made of is known from before"
    project.write({"handler.py": "def main(event, context): ...\n"})

    alone = build(project, ("main",))
    whole = build(project)

    assert (alone.is_hit, alone.reason) == (False, "handler.py changed")
    assert whole.is_hit, whole.reason
    materials = project.materials()
    record = load_record(record_path(materials.service, project.cache, materials.service.output))
    assert record is not None
    assert record.sizes is not None
    assert {each.name for each in record.sizes} == {"main", "report"}
    project.require("gamma", "beta>=3", module="report")
    other = build(project)
    assert not other.is_hit
    assert "beta 3.0 added" in other.reason
    rewrite("serverless.yml", "  report: {handler: handler.run, module: report}\n", "")(project)
    build(project)
    record = load_record(record_path(materials.service, project.cache, materials.service.output))
    assert record is not None
    assert {each.name for each in record.sizes or ()} == {"main"}, "a function that is gone is forgotten"
