"""Every option of ``custom.pythonRequirements`` but Docker's: one service, the option off and on, what ships.

The rows stand in the order of the option table, and none may be missing.
"""

from __future__ import annotations

import hashlib
import io
import json
import threading
import zipfile
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.build import Result, gather, plan, run
from pyreq_tui.errors import PyreqError
from pyreq_tui.service import OPTION_SPECS
from tests.making import make_wheel
from tests.projects import SERVERLESS, Project

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

ALPHA = {"alpha/__init__.py", "alpha/tests/test_alpha.py", "alpha/data.txt"}
BYTECODE = {"alpha/old.pyc", "alpha/__pycache__/__init__.cpython-312.pyc"}
ALPHA_INFO = {f"alpha-1.2.dist-info/{name}" for name in ("METADATA", "WHEEL", "RECORD")}
BETA = {"beta.py", *(f"beta-2.0.dist-info/{name}" for name in ("METADATA", "WHEEL", "RECORD"))}
EVERYTHING = ALPHA | BYTECODE | ALPHA_INFO | BETA
"""All that the requirements of the service come to."""


def only(name: str) -> set[str]:
    """What a package of one module ships."""
    return {f"{name}.py", *(f"{name}-1.0.dist-info/{part}" for part in ("METADATA", "WHEEL", "RECORD"))}


@dataclass(frozen=True)
class Row:
    """What one option changes: the files that ship only with it on, and those that ship only with it off."""

    option: str
    on: Mapping[str, object]
    gains: set[str] = field(default_factory=set)
    loses: set[str] = field(default_factory=set)
    off: Mapping[str, object] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    """What this service holds beside the rest."""

    def __str__(self) -> str:
        return f"{self.option}-{json.dumps(dict(self.on))}"


PIPENV = {
    "Pipfile": "[packages]\ngamma = '*'\n",
    "Pipfile.lock": json.dumps(
        {"_meta": {"sources": []}, "default": {"gamma": {"version": "==1.0"}}, "develop": {}}
    ),
}
POETRY = {
    "pyproject.toml": "[tool.poetry.dependencies]\npython = '^3.11'\ngamma = '*'\n"
    "[tool.poetry.group.extra.dependencies]\ndelta = '*'\n",
    "poetry.lock": "".join(
        f'[[package]]\nname = "{name}"\nversion = "1.0"\ngroups = ["{group}"]\noptional = false\nfiles = []\n'
        for name, group in (("gamma", "main"), ("delta", "extra"))
    )
    + '[metadata]\nlock-version = "2.1"\npython-versions = "^3.11"\ncontent-hash = ""\n',
}
UV = {
    "pyproject.toml": "[project]\nname = 'shop'\nversion = '1'\ndependencies = ['gamma']\n"
    "[project.optional-dependencies]\nfast = ['epsilon']\n[dependency-groups]\nextra = ['delta']\n",
    "uv.lock": 'version = 1\nrequires-python = ">=3.11"\n'
    + "".join(
        f'[[package]]\nname = "{name}"\nversion = "1.0"\nsource = {{ registry = "WHEELS" }}\n'
        f'wheels = [{{ path = "WHEELS/{name}-1.0-py3-none-any.whl", hash = "sha256:HASH_{name}" }}]\n'
        for name in ("gamma", "delta", "epsilon")
    )
    + '[[package]]\nname = "shop"\nversion = "1"\nsource = { virtual = "." }\n'
    'dependencies = [{ name = "gamma" }]\n[package.optional-dependencies]\nfast = [{ name = "epsilon" }]\n'
    '[package.dev-dependencies]\nextra = [{ name = "delta" }]\n',
}
GROUPED = {"poetryWithGroups": ["extra"]}
VENDORED = {"vendored/beta.py": "VENDORED = 1\n", "vendored/own/__init__.py": "", "lib.txt": ""}

LAYER = "pythonRequirements.zip"

ROWS = [
    Row("enabled", {"enabled": True}),
    Row("fileName", {"fileName": "prod.txt"}, loses=EVERYTHING - BETA, files={"prod.txt": "beta"}),
    Row("usePipenv", {}, only("gamma"), EVERYTHING, {"usePipenv": False}, PIPENV),
    Row("usePoetry", {}, only("gamma"), EVERYTHING, {"usePoetry": False}, POETRY),
    Row("useUv", {}, only("gamma"), EVERYTHING, {"useUv": False}, UV),
    Row("requirePoetryLockFile", {"requirePoetryLockFile": True}, files=POETRY),
    Row("poetryWithGroups", {"poetryWithGroups": ["extra"]}, only("delta"), files=POETRY),
    Row(
        "poetryWithoutGroups",
        {**GROUPED, "poetryWithoutGroups": ["extra"]},
        loses=only("delta"),
        off=GROUPED,
        files=POETRY,
    ),
    Row("poetryOnlyGroups", {"poetryOnlyGroups": ["extra"]}, only("delta"), only("gamma"), files=POETRY),
    Row("uvWithGroups", {"uvWithGroups": ["extra"]}, only("delta"), files=UV),
    Row(
        "uvWithoutGroups",
        {"uvWithGroups": ["extra"], "uvWithoutGroups": ["extra"]},
        loses=only("delta"),
        off={"uvWithGroups": ["extra"]},
        files=UV,
    ),
    Row("uvOnlyGroups", {"uvOnlyGroups": ["extra"]}, only("delta"), only("gamma"), files=UV),
    Row("uvOptionalDependencies", {"uvOptionalDependencies": ["fast"]}, only("epsilon"), files=UV),
    Row(
        "slim",
        {"slim": True},
        loses=BYTECODE | ALPHA_INFO | BETA - {"beta.py"},
    ),
    Row("strip", {"slim": True, "strip": True}, off={"slim": True, "strip": False}),
    Row(
        "slimPatterns",
        {"slim": True, "slimPatterns": ["**/tests/**"]},
        loses={"alpha/tests/test_alpha.py"},
        off={"slim": True},
    ),
    Row("slimPatterns", {"slimPatterns": ["**/tests/**"]}),
    Row(
        "slimPatternsAppendDefaults",
        {"slim": True, "slimPatterns": ["**/*.txt"], "slimPatternsAppendDefaults": False},
        gains=BYTECODE | ALPHA_INFO | BETA - {"beta.py"},
        off={"slim": True, "slimPatterns": ["**/*.txt"]},
    ),
    Row("noDeploy", {"noDeploy": ["alpha"]}, loses=EVERYTHING),
    Row("noDeploy", {"noDeploy": ["beta"]}, loses=BETA),
    Row("zip", {"zip": True}, {".requirements.zip", "unzip_requirements.py"}, EVERYTHING),
    Row("cleanupZipHelper", {"zip": True}, off={"zip": True, "cleanupZipHelper": False}),
    Row("layer", {"layer": True}, {f"{LAYER}/python/{name}" for name in EVERYTHING}, EVERYTHING),
    Row("layer", {"layer": {"name": "deps", "retain": True}}, off={"layer": True}),
    Row("vendor", {"vendor": "vendored"}, {"own/__init__.py"}, files=VENDORED),
    Row("installer", {"installer": "uv"}),
    Row("pythonBin", {"pythonBin": "/opt/python3.12/bin/python"}),
    Row("pipCmdExtraArgs", {"pipCmdExtraArgs": ["--no-deps"]}, loses=BETA),
    Row("useStaticCache", {}, off={"useStaticCache": False}),
    Row("useDownloadCache", {}, off={"useDownloadCache": False}),
    Row("cacheLocation", {"cacheLocation": "/nonexistent/but/not/asked/here"}),
    Row("staticCacheMaxVersions", {"staticCacheMaxVersions": 1}),
    Row("invalidateCaches", {"invalidateCaches": True}),
]  # fmt: skip


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The wheels to be had, and caches for all rows: no row's result may hang on what another left there."""
    folder = tmp_path_factory.mktemp("rows")
    project = Project(folder / "none", folder / "wheels", folder / "cache")
    alpha = {
        "alpha/__init__.py": "import beta\n",
        "alpha/tests/test_alpha.py": "def test(): pass\n",
        "alpha/data.txt": "data",
        "alpha/old.pyc": b"\0",
        "alpha/__pycache__/__init__.cpython-312.pyc": b"\0",
    }
    make_wheel(project.wheels, "alpha", "1.2", alpha, requires=["beta>=1"])
    make_wheel(project.wheels, "beta", "2.0", {"beta.py": "VALUE = 1\n"})
    for name in ("gamma", "delta", "epsilon"):
        make_wheel(project.wheels, name, files={f"{name}.py": f"NAME = {name!r}\n"})
    return project


@pytest.fixture
def project(shared: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    """One service for every row. Lockfiles that state no URLs are answered by what pip is configured with."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shared.wheels))
    project = replace(shared, root=tmp_path / "service")
    project.write({"serverless.yml": SERVERLESS, "handler.py": "def main(event, context): ...\n"})
    project.require("alpha")
    return project


def put(project: Project, files: Mapping[str, str]) -> None:
    """Write a row's files, its lock's places and hashes filled in."""
    for name, text in files.items():
        if name.endswith(".txt") and text:
            project.require(text)
            (project.root / "requirements.txt").rename(project.root / name)
            project.require("alpha")
            continue
        filled = text.replace("WHEELS", str(project.wheels))
        for wheel in project.wheels.iterdir():
            digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
            filled = filled.replace(f"HASH_{wheel.name.partition('-')[0]}", digest)
        project.write({name: filled})


def build(project: Project, overrides: Mapping[str, object]) -> Result:
    materials = project.materials(**overrides)
    planned = plan(materials.service, materials)
    return run(planned, materials, report=lambda _: None, cancel=threading.Event())


def shipped(project: Project, overrides: Mapping[str, object]) -> dict[str, bytes]:
    """Every file of every artifact, with its bytes; those of a layer below its name."""
    found = {}
    for artifact in build(project, overrides).artifacts:
        prefix = f"{artifact.planned.filename}/" if artifact.planned.kind == "layer" else ""
        with zipfile.ZipFile(artifact.path) as archive:
            found |= {f"{prefix}{name}": archive.read(name) for name in archive.namelist()}
    return found


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_what_ships_with_and_without(project: Project, row: Row) -> None:
    put(project, row.files)

    off, on = shipped(project, row.off), shipped(project, row.on)

    assert on.keys() - off.keys() == row.gains
    assert off.keys() - on.keys() == row.loses


def test_no_option_is_without_a_row() -> None:
    told = [spec.key for spec in OPTION_SPECS if spec.group != "Docker"]
    assert list(dict.fromkeys(row.option for row in ROWS)) == told


@pytest.mark.parametrize(
    ("block", "reason"),
    [
        ("custom: {pythonRequirements: {}}", None),
        ("custom: {pythonRequirements: true}", None),
        ("custom: {pythonRequirements: {zip: true}}", None),
        ("custom: {pythonRequirements: {enabled: 'true'}}", None),
        ("custom: {pythonRequirements: {enabled: false}}", "enabled is false"),
        ("custom: {pythonRequirements: {enabled: 'false'}}", "enabled is false"),
        ("custom: {}", "there is no custom.pythonRequirements block"),
        ("custom: {pythonRequirements: }", "is empty; write it as {}"),
        ("custom: {pythonRequirements: false}", "is false"),
    ],
)
def test_the_block_turns_python_support_on_and_off(project: Project, block: str, reason: str | None) -> None:
    project.write({"serverless.yml": SERVERLESS.replace("custom:\n  pythonRequirements: {}", block)})

    service = project.load()

    assert service.enabled is (reason is None)
    assert (reason or "") in (service.reason or "")
    assert project.load(slim=False).enabled is (
        reason is None or "there is no" in reason or "empty" in reason
    )


def test_an_unknown_option_is_told_with_its_neighbour(project: Project) -> None:
    project.write({"serverless.yml": SERVERLESS.replace("{}", "{slimPattern: ['**/x']}")})

    [problem] = [problem for problem in project.load().problems if problem.code == "unknown-option"]

    assert "slimPatterns" in str(problem.hint)
    assert shipped(project, {"slim": True}).keys() & ALPHA == ALPHA


def test_a_poetry_project_may_insist_on_its_lock(project: Project) -> None:
    put(project, {"pyproject.toml": POETRY["pyproject.toml"]})

    with pytest.raises(PyreqError, match=r"poetry\.lock"):
        build(project, {"requirePoetryLockFile": True})


def test_the_nested_zip_holds_what_would_lie_beside_the_code(project: Project) -> None:
    plain, nested = shipped(project, {}), shipped(project, {"zip": True})

    with zipfile.ZipFile(io.BytesIO(nested[".requirements.zip"])) as archive:
        inner = {name: archive.read(name) for name in archive.namelist()}
    assert inner == {name: plain[name] for name in EVERYTHING}


def test_vendored_files_lie_over_the_requirements_the_functions_over_the_services(project: Project) -> None:
    own = SERVERLESS.replace("handler: handler.main", "handler: handler.main\n    vendor: own")
    project.write({**VENDORED, "own/beta.py": "OWN = 1\n"})
    assert shipped(project, {"vendor": "vendored"})["beta.py"] == b"VENDORED = 1\n"

    project.write({"serverless.yml": own})
    found = shipped(project, {"vendor": "vendored"})

    assert found["beta.py"] == b"OWN = 1\n"
    assert found["own/__init__.py"] == b""
    assert shipped(project, {"vendor": "vendored", "zip": True}).keys().isdisjoint({"beta.py"})
    with pytest.raises(PyreqError, match="absent"):
        shipped(project, {"vendor": "absent"})


def test_what_only_an_omitted_package_needs_stays_where_a_lock_names_it(project: Project) -> None:
    lock = {"gamma": {"version": "==1.0"}, "alpha": {"version": "==1.2"}, "beta": {"version": "==2.0"}}
    put(project, {**PIPENV, "Pipfile.lock": json.dumps({"_meta": {}, "default": lock})})

    found = shipped(project, {"noDeploy": ["alpha"]})

    assert "beta.py" in found
    assert project.plan(noDeploy=["alpha"]).orphans == ("beta",)
    assert "beta.py" not in shipped(project, {"noDeploy": ["alpha", "beta"]})


@pytest.mark.parametrize("arguments", [["--find-links {wheels}"], ["--find-links", "{wheels}"]])
def test_an_argument_and_its_value_may_stand_in_one_item(
    project: Project, tmp_path: Path, arguments: list[str]
) -> None:
    make_wheel(tmp_path / "more", "zeta", files={"zeta.py": ""})
    project.require("zeta")
    filled = [argument.format(wheels=tmp_path / "more") for argument in arguments]

    assert "zeta.py" in shipped(project, {"pipCmdExtraArgs": filled})


def test_an_argument_that_yaml_reads_as_a_map_is_explained(project: Project) -> None:
    project.write({"serverless.yml": SERVERLESS.replace("{}", "{pipCmdExtraArgs: [--only-binary: all]}")})

    with pytest.raises(PyreqError, match="is a map") as caught:
        build(project, {})
    assert "quotes" in str(caught.value.hint)


@pytest.mark.parametrize(
    ("runtime", "python_bin"), [("python39", ""), ("python3.12", "python39"), ("python3.12", "py -3.8")]
)
def test_wheels_need_no_python_of_the_runtimes(project: Project, runtime: str, python_bin: str) -> None:
    project.write({"serverless.yml": SERVERLESS.replace("python3.12", runtime)})

    assert shipped(project, {"pythonBin": python_bin}).keys() >= EVERYTHING


def test_caches_lie_where_they_are_told_to(project: Project) -> None:
    service = project.load(cacheLocation="kept/here")
    materials = gather(service, report=lambda _: None, cancel=threading.Event())

    run(plan(service, materials), materials, report=lambda _: None, cancel=threading.Event())

    kept = {path.name for path in (project.root / "kept/here").iterdir()}
    assert {"wheels", "builds", "deflated"} <= kept


@pytest.mark.parametrize(
    ("overrides", "is_hit"),
    [({}, True), ({"useStaticCache": False}, False), ({"invalidateCaches": True}, False)],
)
def test_the_last_build_is_used_again_unless_told_not_to(
    project: Project, overrides: dict[str, object], is_hit: bool
) -> None:
    [first] = build(project, {}).artifacts

    again = build(project, overrides)

    assert again.cache.is_hit is is_hit
    assert again.artifacts[0].sha256 == first.sha256
