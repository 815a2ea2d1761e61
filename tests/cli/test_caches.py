"""``clean``, ``clean-cache`` and ``cache``, alone and several at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.build import (
    claim,
    clear_caches,
    gather,
    list_caches,
    plan,
    prune_caches,
    run,
    verify_caches,
)
from pyreq_tui.errors import BuildError, Cancelled
from pyreq_tui.service import load_service
from tests.making import make_wheel
from tests.projects import make_project

if TYPE_CHECKING:
    from pathlib import Path

    from pyreq_tui.build import CacheUse
    from tests.projects import Project

DAY = 24 * 60 * 60
RUNNING = threading.Event()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return make_project(tmp_path)


def cache_of(project: Project) -> Path:
    return project.cache / "pyreq-tui"


def counts(cache: Path) -> dict[str, int]:
    return {each.kind: each.count for each in list_caches(cache)}


def build(project: Project, stage: str | None = None, **overrides: object) -> CacheUse:
    """As the command does, without a process for it: most of what is tested here comes after."""
    service = load_service(project.root, stage=stage, overrides=overrides)
    cache = None if overrides else cache_of(project)
    materials = gather(service, report=lambda _: None, cancel=RUNNING, cache=cache)
    return run(plan(service, materials), materials, report=lambda _: None, cancel=RUNNING).cache


def age(cache: Path, days: int) -> None:
    """As if nothing had been touched for so long."""
    moment = time.time() - days * DAY
    for path in cache.rglob("*"):
        if path.is_file():
            os.utime(path, (moment, moment))


def test_clean_removes_what_is_ours_and_nothing_else(project: Project) -> None:
    build(project)
    assert project.command("install", "--set", "zip=true").returncode == 0
    project.write({".serverless/cloudformation.json": "{}", ".serverless/other.zip": "theirs"})
    before = project.listing()

    done = project.command("clean")

    assert done.returncode == 0
    assert {path.name for path in (project.root / ".serverless").iterdir()} == {
        "cloudformation.json",
        "other.zip",
    }
    assert "shop.zip" in done.stdout
    assert project.listing() == before
    assert build(project).reason == "first build"


def test_clean_says_where_there_is_nothing(project: Project) -> None:
    assert project.command("clean").stdout == "There was nothing to remove.\n"


def test_clean_leaves_no_empty_folder_and_knows_functions_that_are_gone(project: Project) -> None:
    serverless = (project.root / "serverless.yml").read_text()
    project.write({"serverless.yml": serverless + "package: {individually: true}\n"})
    build(project)
    project.write({"serverless.yml": serverless.replace("main:", "renamed:")})

    assert "main.zip" in project.command("clean").stdout
    assert not (project.root / ".serverless").exists()


def test_list_tells_every_kind(project: Project) -> None:
    build(project)

    listed = json.loads(project.command("cache", "list", "--json").stdout)

    kinds = {each["kind"]: each for each in listed["kinds"]}
    assert list(kinds) == [
        "wheels", "contents", "built", "deflated", "stripped", "locks", "builds", "docker", "findings", "uv",
    ]  # fmt: skip
    assert listed["folder"] == str(cache_of(project))
    assert kinds["wheels"]["count"] == kinds["contents"]["count"] == 2
    assert kinds["wheels"]["bytes"] == sum(path.stat().st_size for path in project.wheels.iterdir())
    assert kinds["builds"]["count"] == kinds["locks"]["count"] == 1
    assert kinds["wheels"]["last_used"]
    assert kinds["built"] == {"kind": "built", "count": 0, "bytes": 0, "last_used": None}
    assert listed["bytes"] == sum(each["bytes"] for each in listed["kinds"])
    assert listed["last_build"]["reason"] == "first build"
    assert f"was last built anew on {listed['last_build']['when'][:10]}, for: first build" in (
        project.command("cache", "list").stdout
    )
    elsewhere = project.command("cache", "list", cwd=project.wheels).stdout
    assert "wheels" in elsewhere
    assert "was last built" not in elsewhere


def test_prune_removes_what_no_build_used(project: Project) -> None:
    cache = cache_of(project)
    make_wheel(project.wheels, "gamma")
    project.require("alpha", "gamma")
    build(project)
    age(cache, 40)
    project.require("alpha")
    build(project)

    assert project.command("cache", "prune", "--days", "60").stdout == "There was nothing to remove.\n"
    assert project.command("cache", "prune").returncode == 0

    names = {path.name for path in cache.rglob("*.whl")}
    assert names == {"alpha-1.2-py3-none-any.whl", "beta-2.0-py3-none-any.whl"}
    assert counts(cache)["contents"] == 2
    assert counts(cache)["locks"] == 1
    assert build(project).is_hit


def test_a_hit_counts_as_use(project: Project) -> None:
    cache = cache_of(project)
    build(project)
    age(cache, 40)
    build(project)

    prune_caches(cache, days=30, cancel=RUNNING)

    assert counts(cache)["wheels"] == counts(cache)["contents"] == 2
    assert counts(cache)["deflated"] > 0


def test_prune_keeps_the_last_versions_only(project: Project) -> None:
    cache = cache_of(project)
    make_wheel(project.wheels, "gamma")
    project.require("gamma")
    build(project, "one")
    project.require("alpha")
    build(project, "two")

    done = project.command("cache", "prune", "--set", "staticCacheMaxVersions=1")

    assert done.returncode == 0, done.stderr
    assert {path.name for path in cache.rglob("*.whl")} == {
        "alpha-1.2-py3-none-any.whl",
        "beta-2.0-py3-none-any.whl",
    }
    assert counts(cache)["builds"] == counts(cache)["locks"] == 1
    assert build(project, "two").is_hit


def test_verify_finds_and_removes_damage_and_the_next_build_mends_it(project: Project) -> None:
    cache = cache_of(project)
    build(project)
    assert project.command("cache", "verify").returncode == 0
    wheel = next(cache.rglob("alpha*.whl"))
    stream = next(path for path in cache.glob("deflated/??/*"))
    for path in (wheel, stream):
        data = bytearray(path.read_bytes())
        data[len(data) // 3] ^= 0xFF
        path.write_bytes(data)

    done = project.command("cache", "verify")

    assert done.returncode == 1
    assert wheel.name in done.stdout
    assert stream.name in done.stdout
    assert not wheel.exists()
    assert not stream.exists()
    (project.root / ".serverless/shop.zip").unlink()
    build(project)
    assert verify_caches(cache, cancel=RUNNING) == ()


def test_verify_is_no_use(project: Project) -> None:
    cache = cache_of(project)
    build(project)
    age(cache, 40)
    verify_caches(cache, cancel=RUNNING)

    prune_caches(cache, days=30, cancel=RUNNING)

    assert counts(cache)["wheels"] == counts(cache)["deflated"] == 0


def test_clean_cache_empties_ours_and_leaves_strangers_alone(project: Project) -> None:
    """A cacheLocation may be any folder, the service's own included."""
    strangers = {"wheels/mine.whl": "x", "builds/report.json": "{}", "uv/notes.txt": "x", "locks/door": "x"}
    project.write({f"shared/{name}": text for name, text in strangers.items()})
    build(project, cacheLocation="shared")

    done = project.command("clean-cache", "--set", "cacheLocation=shared")

    assert done.returncode == 0, done.stderr
    shared = project.root / "shared"
    left = {path.relative_to(shared).as_posix() for path in shared.rglob("*") if path.is_file()}
    assert {name for name in left if not name.startswith("uv/")} == {
        n for n in strangers if not n.startswith("uv/")
    }
    assert not any(counts(shared)[kind] for kind in ("wheels", "contents", "deflated", "locks", "builds"))


def test_clean_cache_takes_uvs_own_cache_too(project: Project) -> None:
    build(project)
    assert counts(cache_of(project))["uv"]

    clear_caches(cache_of(project), cancel=RUNNING)

    assert not any(counts(cache_of(project)).values())
    assert "nothing" in project.command("clean-cache").stdout


@pytest.mark.slow
def test_builds_go_well_while_another_process_clears_the_caches(project: Project) -> None:
    """Each build fetches what it needs, and keeps it until it is written."""
    command = [sys.executable, "-m", "pyreq_tui", "build", "--quiet", "-o"]
    builds = [
        subprocess.Popen(
            [*command, str(project.cache / f"out-{number}")],
            cwd=project.root,
            env=project.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(3)
    ]
    while any(build.poll() is None for build in builds):
        clear_caches(cache_of(project), cancel=RUNNING)

    told = [build.communicate(timeout=60)[1] for build in builds]
    assert [build.returncode for build in builds] == [0, 0, 0], told
    zips = {(project.cache / f"out-{number}/shop.zip").read_bytes() for number in range(3)}
    assert len(zips) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="has no flock")
def test_who_clears_waits_until_it_is_alone(tmp_path: Path) -> None:
    asked = threading.Event()
    asked.set()
    with claim(tmp_path, RUNNING), claim(tmp_path, RUNNING), pytest.raises(Cancelled):
        clear_caches(tmp_path, cancel=asked)
    order: list[str] = []
    with claim(tmp_path, RUNNING):
        waiting = threading.Thread(
            target=lambda: (clear_caches(tmp_path, cancel=RUNNING), order.append("cleared"))
        )
        waiting.start()
        order.append("built")
    waiting.join(30)
    assert order == ["built", "cleared"]


@pytest.mark.skipif(sys.platform == "win32", reason="has no flock")
def test_who_waits_too_long_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pyreq_tui.build.claims.PATIENCE_SECONDS", 0)
    with claim(tmp_path, RUNNING), pytest.raises(BuildError, match="in use"):
        clear_caches(tmp_path, cancel=RUNNING)
