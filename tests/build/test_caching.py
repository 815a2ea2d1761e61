"""What is kept between builds: used where it may be, whole or made anew, and no more of it than asked for."""

from __future__ import annotations

import gc
import hashlib
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.build import Result, StepFinished, clean, list_caches, plan, run, verify_caches
from tests.index_server import IndexServer
from tests.making import make_wheel
from tests.projects import SERVERLESS, Project, make_project
from tests.surroundings import forget_installers
from tests.wheels.test_building import make_project as make_tiny

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HERE = f"python{sys.version_info[0]}.{sys.version_info[1]}"
RUNNING = threading.Event()


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    forget_installers(monkeypatch)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A service with wheels from a folder and a project of its own to build: every cache has a say."""
    project = make_project(tmp_path, SERVERLESS.replace("python3.12", HERE))
    make_tiny(project.root / "tiny")
    project.require("alpha", "./tiny")
    return project


def build(project: Project, output: Path | None = None, **overrides: object) -> tuple[Result, list[str]]:
    """What a build did, and the steps it took."""
    events: list[object] = []
    materials = project.materials(**overrides)
    planned = plan(materials.service, materials)
    result = run(planned, materials, output=output, report=events.append, cancel=RUNNING)
    return result, [event.step for event in events if isinstance(event, StepFinished)]


def kept(project: Project) -> dict[str, int]:
    return {listing.kind: listing.count for listing in list_caches(project.cache) if listing.count}


# useDownloadCache


@pytest.fixture
def index(tmp_path: Path) -> Iterator[IndexServer]:
    make_wheel(tmp_path / "index", "afar", files={"afar.py": "x = 1\n"})
    with IndexServer(tmp_path / "index") as server:
        yield server


def test_without_the_download_cache_nothing_downloaded_stays_or_is_used(
    project: Project, index: IndexServer
) -> None:
    project.write({"requirements.txt": f"--index-url {index.url}\nafar\n"})
    first, _ = build(project)
    assert kept(project)["wheels"] == 1
    before, served = kept(project), index.requests

    again, steps = build(project, useDownloadCache=False, slim=True, strip=False)

    assert index.requests > served
    assert "fetch" in steps
    assert kept(project)["wheels"] == before["wheels"]
    assert {path.name for path in (project.cache / "wheels").rglob("afar*.whl")} == {
        "afar-1.0-py3-none-any.whl"
    }
    del again
    gc.collect()
    unfinished = project.cache / "wheels" / "unfinished"
    assert list(unfinished.iterdir()) == []
    assert first.artifacts[0].path.is_file()


def test_without_the_download_cache_a_cold_one_stays_empty(
    project: Project, index: IndexServer, tmp_path: Path
) -> None:
    project.write({"requirements.txt": f"--index-url {index.url}\nafar\n"})
    result, _ = build(project, useDownloadCache=False)
    assert result.artifacts[0].path.is_file()
    del result
    gc.collect()
    assert {"wheels", "uv"} & set(kept(project)) == set()


# useStaticCache, invalidateCaches


@pytest.mark.parametrize("option", [{"useStaticCache": False}, {"invalidateCaches": True}])
def test_nothing_built_before_counts_where_that_is_asked_for(
    project: Project, option: dict[str, object]
) -> None:
    _, cold = build(project)
    hit, warm = build(project)
    anew, steps = build(project, **option)

    assert "build wheels" in cold
    assert hit.cache.is_hit
    assert warm == []
    assert not anew.cache.is_hit
    assert next(iter(option)) in anew.cache.reason
    assert "build wheels" in steps
    assert anew.artifacts[0].is_unchanged


# staticCacheMaxVersions


def test_no_more_builds_are_kept_than_asked_for(project: Project, tmp_path: Path) -> None:
    make_wheel(project.wheels, "only", files={"only.py": "y = 2\n"})
    project.require("alpha", "only")
    build(project, tmp_path / "a", staticCacheMaxVersions=2, pipCmdExtraArgs=["--compile"])
    assert kept(project)["built"] == 3
    project.require("alpha")
    build(project, tmp_path / "b", staticCacheMaxVersions=2)
    assert kept(project)["builds"] == 2
    assert kept(project)["wheels"] == 6

    build(project, tmp_path / "c", staticCacheMaxVersions=2)

    assert kept(project)["builds"] == 2
    assert "built" not in kept(project)
    assert {path.name.partition("-")[0] for path in project.cache.rglob("*.whl")} == {"alpha", "beta"}
    assert build(project, tmp_path / "c", staticCacheMaxVersions=2)[0].cache.is_hit
    assert not build(project, tmp_path / "a", staticCacheMaxVersions=2)[0].cache.is_hit


# Damage


DAMAGES = {
    "emptied": lambda data: b"",
    "cut": lambda data: data[: len(data) // 2],
    "flipped": lambda data: (
        data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 255]) + data[len(data) // 2 + 1 :]
    ),
    "replaced": lambda data: b'{"record": [], "lock": 7, "inputs": 1, "wheel": {}}',
}
PLACES = {
    "wheels": "wheels/wheels/*/*/*.whl",
    "contents": "wheels/contents/*/*",
    "built": "wheels/built/*.json",
    "deflated": "deflated/*/*",
    "locks": "locks/*.json",
    "builds": "builds/*.json",
}


@pytest.mark.parametrize(
    "damage",
    [pytest.param(name, marks=[] if name == "flipped" else pytest.mark.slow) for name in DAMAGES],
)
def test_every_kind_of_damage_is_noticed_and_mended(project: Project, damage: str) -> None:
    options: dict[str, object] = {"pipCmdExtraArgs": ["--compile"]}
    first, _ = build(project, **options)
    for kind, place in PLACES.items():
        files = [path for path in project.cache.glob(place) if path.is_file()]
        assert files, kind
        first.artifacts[0].path.unlink()
        for path in files:
            path.write_bytes(DAMAGES[damage](path.read_bytes()))

        again, _ = build(project, **options)

        assert again.artifacts[0].sha256 == first.artifacts[0].sha256, kind
        digest = hashlib.sha256(again.artifacts[0].path.read_bytes()).hexdigest()
        assert digest == first.artifacts[0].sha256, kind
        assert build(project, **options)[0].cache.is_hit, kind
    assert verify_caches(project.cache, cancel=RUNNING) == ()


# Several at once


@pytest.mark.slow
def test_two_processes_build_at_once_on_one_cold_cache(project: Project) -> None:
    command = [sys.executable, "-m", "pyreq_tui", "build", "--output"]
    builds = [
        subprocess.Popen(
            [*command, project.cache / f"out-{number}"],
            cwd=project.root,
            env=project.environment(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(2)
    ]
    told = [one.communicate(timeout=120)[1] for one in builds]

    assert [one.returncode for one in builds] == [0, 0], told
    assert len({(project.cache / f"out-{number}/shop.zip").read_bytes() for number in range(2)}) == 1
    assert verify_caches(project.cache / "pyreq-tui", cancel=RUNNING) == ()
    assert list((project.cache / "pyreq-tui/wheels/unfinished").iterdir()) == []


def test_clean_takes_what_a_killed_build_left(project: Project) -> None:
    import os

    left = project.root / ".serverless" / ".pyreq-killed"
    left.mkdir(parents=True)
    (left / "shop.zip").write_text("half")
    os.utime(left, (0, 0))
    assert left in clean(project.load())
    assert not left.exists()
