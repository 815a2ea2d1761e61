"""What grew, shrank, appeared and went: against the last build, a stage, a branch of a real repository."""

from __future__ import annotations

import json
import subprocess
import threading
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyreq_tui.build import (
    Baseline,
    baseline_sizes,
    compare_sizes,
    only_those_of,
    plan,
    read_baseline,
    run,
    sizes_of,
)
from pyreq_tui.build.comparison import ArtifactSizes, Measure, plain_sizes, read_sizes
from pyreq_tui.errors import PyreqError
from pyreq_tui.service import Service, load_service
from tests.making import make_wheel
from tests.projects import SERVERLESS, Project, make_project

if TYPE_CHECKING:
    from pathlib import Path

    from pyreq_tui.build import Sizes

MEASURES = st.builds(Measure, st.sampled_from(["1.0", "2.0"]), st.integers(0, 10**9), st.integers(0, 10**9))
PACKAGES = st.dictionaries(st.sampled_from(["numpy", "scipy", "six", "(service code)"]), MEASURES)


def sizes(packages: dict[str, Measure], *, stage: str = "dev") -> Sizes:
    whole = Measure(
        "", sum(each[1] for each in packages.values()), sum(each[2] for each in packages.values())
    )
    return (ArtifactSizes("report", f"report-{stage}.zip", "function", whole, packages),)


@given(PACKAGES, PACKAGES)
def test_the_packages_account_for_the_whole(before: dict[str, Measure], after: dict[str, Measure]) -> None:
    [change] = compare_sizes(sizes(before), sizes(after, stage="prod"))
    assert sum(each.unzipped_change_bytes for each in change.packages) == change.whole.unzipped_change_bytes
    growth = [each.unzipped_change_bytes for each in change.packages]
    assert growth == sorted(growth, reverse=True)
    assert {each.name for each in change.packages if each.state == "gone"} == before.keys() - after.keys()
    assert {each.name for each in change.packages if each.state == "new"} == after.keys() - before.keys()


@given(PACKAGES)
def test_nothing_changes_against_itself_however_the_sizes_were_kept(packages: dict[str, Measure]) -> None:
    kept = read_sizes(json.loads(json.dumps(plain_sizes(sizes(packages)))))
    assert kept == sizes(packages)
    [change] = compare_sizes(sizes(packages), kept)
    assert change.whole.state == "same"
    assert change.packages == ()


@pytest.mark.parametrize("kept", [None, {}, [1], [{"name": "a"}], [{"kind": "worm"}], "text"])
def test_what_an_older_version_kept_is_no_record_of_sizes(kept: object) -> None:
    assert read_sizes(kept) is None


@pytest.mark.parametrize("text", ["", "last:x", "stage:", "branch:", "main", "tag:v1"])
def test_what_cannot_be_compared_with_is_said_with_what_can(text: str) -> None:
    with pytest.raises(PyreqError, match="nothing to compare") as error:
        read_baseline(text)
    assert "stage:NAME" in str(error.value.hint)


def test_the_last_build_is_remembered_with_its_sizes(tmp_path: Path) -> None:
    project = make_project(tmp_path, SERVERLESS.replace("{}", f"{{cacheLocation: '{tmp_path / 'cache'}'}}"))
    materials = project.materials()
    service = materials.service
    with pytest.raises(PyreqError, match="No build of shop"):
        against(Baseline("last"), service)
    run(plan(service, materials), materials, report=lambda _: None, cancel=threading.Event())
    omitting = service.with_overrides({"noDeploy": ["beta"]})
    [change] = compare_sizes(against(Baseline("last"), service), sizes_of(plan(omitting, materials)))
    assert [(each.name, each.state) for each in change.packages] == [("beta", "gone")]
    assert change.whole.state == "shrank"


def test_functions_left_out_of_a_run_are_not_gone() -> None:
    other = ArtifactSizes("api", "api.zip", "function", Measure("", 1, 1), {})
    report = sizes({})
    assert only_those_of((*report, other), report) == report


def against(baseline: Baseline, service: Service) -> Sizes:
    return baseline_sizes(baseline, service, report=lambda _: None, cancel=threading.Event())


def git(root: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.com")
    return subprocess.run(
        ["git", "-C", str(root), *identity, *arguments], check=True, capture_output=True, text=True
    ).stdout


@pytest.fixture
def branched(tmp_path: Path) -> Project:
    """On ``main`` alpha and beta ship, with a file from beside the service; here also gamma, uncommitted."""
    project = make_project(tmp_path / "repository")
    make_wheel(project.wheels, "gamma", "0.3", {"gamma.py": "VALUE = 3\n" * 999})
    top = project.root.parent
    shared = "package:\n  patterns: ['../shared/**']\n"
    project.write({"serverless.yml": shared + SERVERLESS, "../shared/words.py": "WORDS = 1\n"})
    (top / ".gitignore").write_text("cache\nwheels\n")
    (top / ".gitattributes").write_text("service/handler.py export-ignore\n")
    git(top.parent, "init", "-q", "-b", "main", str(top))
    git(top, "add", ".")
    git(top, "commit", "-q", "-m", "Begin")
    project.require("alpha", "gamma")
    project.write({"handler.py": "def main(event, context):\n    return {'changed': True}\n"})
    git(top, "add", "service/handler.py")
    hooks = top / ".git" / "hooks"
    (hooks / "post-index-change").write_text(f"#!/bin/sh\ntouch {tmp_path}/hooked\n")
    (hooks / "post-index-change").chmod(0o755)
    return project


def test_a_branch_is_compared_without_touching_the_tree_index_or_hooks(
    branched: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(branched.cache))
    monkeypatch.setenv("GIT_INDEX_FILE", str(tmp_path / "of-a-hook"))
    top = branched.root.parent
    before = (branched.listing(), (top / ".git/index").read_bytes(), git_status(top))
    service = branched.load()
    [change] = compare_sizes(against(Baseline("branch", "main"), service), sizes_of(branched.plan()))
    assert [(each.name, each.state) for each in change.packages] == [
        ("gamma", "new"),
        ("(service code)", "grew"),
    ]
    [code] = [each for each in change.packages if each.name == "(service code)"]
    assert code.before is not None
    handler, words = "import alpha\n\n\ndef main(event, context):\n    return {}\n", "WORDS = 1\n"
    requirements = (branched.root / "requirements.txt").stat().st_size - len("gamma\n")
    assert code.before.unzipped_bytes == len(handler) + len(words) + requirements
    assert (branched.listing(), (top / ".git/index").read_bytes(), git_status(top)) == before
    assert not (tmp_path / "hooked").exists()
    with pytest.raises(PyreqError, match="no branch, tag or commit '--output=x'"):
        against(Baseline("branch", "--output=x"), service)


def git_status(top: Path) -> str:
    environment = {"PATH": "/usr/bin:/bin", "GIT_OPTIONAL_LOCKS": "0"}
    command = ["git", "-C", str(top), "status", "--short"]
    return subprocess.run(command, check=True, capture_output=True, text=True, env=environment).stdout


def test_a_branch_without_a_repository_or_the_service(branched: Project, tmp_path: Path) -> None:
    outside = make_project(tmp_path / "outside")
    with pytest.raises(PyreqError, match="in no git repository"):
        against(Baseline("branch", "main"), outside.load())
    young = branched.root.parent / "young"
    young.mkdir()
    (young / "serverless.yml").write_text(SERVERLESS)
    with pytest.raises(PyreqError, match="Comparing with branch main: main has no folder young"):
        against(Baseline("branch", "main"), load_service(young))


def test_the_command_line_compares_stages(tmp_path: Path) -> None:
    staged = SERVERLESS.replace(
        "pythonRequirements: {}",
        "omitted: {dev: [], prod: [beta]}\n  pythonRequirements:\n"
        "    noDeploy: ${self:custom.omitted.${sls:stage}}",
    )
    project = make_project(tmp_path, staged)
    done = project.command("estimate", "--json", "--compare", "stage:prod")
    assert done.returncode == 0, done.stderr
    comparison = json.loads(done.stdout)["comparison"]
    assert comparison["with"] == "stage:prod"
    [artifact] = comparison["artifacts"]
    assert (artifact["state"], artifact["kind"]) == ("grew", "service")
    [beta] = artifact["packages"]
    assert (beta["name"], beta["state"], beta["before"]) == ("beta", "new", None)
    assert beta["after"]["version"] == "2.0"
    assert beta["unzipped_change_bytes"] == beta["after"]["unzipped_bytes"] > 0
    done = project.command("estimate", "--compare", "last", "--set", "noDeploy=[alpha]")
    assert "Build it once" in done.stderr
