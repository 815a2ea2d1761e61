"""What ``scan`` shows of the source of each module: kind, files, and whether the lock is fresh."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pyreq_tui.cli.scan import as_data, as_text
from pyreq_tui.service import load_service
from pyreq_tui.sources import find_source
from tests.sources.projects import write

if TYPE_CHECKING:
    from pathlib import Path

SERVERLESS = """
    service: tests
    provider: {name: aws, runtime: python3.12}
    package: {individually: true}
    custom: {pythonRequirements: {}}
    functions:
      f: {handler: h.f, module: m}
"""
UV_PROJECT = "[project]\nname = 'x'\nversion = '1'\nrequires-python = '>=3.12'\ndependencies = ['six']\n"
UV_LOCK = """
    version = 1
    requires-python = ">=3.12"
    [[package]]
    name = "x"
    version = "1"
    source = { virtual = "." }
    [package.metadata]
    requires-dist = [{ name = "six" }]
"""
POETRY = "[tool.poetry.dependencies]\npython = '^3.12'\n"
FRESH, STALE, UNKNOWN = True, False, None


@pytest.mark.parametrize(
    ("files", "shown", "kind", "manifest", "lockfile", "fresh"),
    [
        ({"m/h.py": ""}, "no requirements", None, None, None, UNKNOWN),
        (
            {"m/requirements.txt": ""},
            "requirements: requirements.txt", "requirements", "m/requirements.txt", None, UNKNOWN,
        ),
        ({"m/Pipfile": ""}, "pipenv: Pipfile, not locked", "pipenv", "m/Pipfile", None, UNKNOWN),
        (
            {"m/pyproject.toml": POETRY},
            "poetry: pyproject.toml, not locked", "poetry", "m/pyproject.toml", None, UNKNOWN,
        ),
        (
            {"m/pyproject.toml": UV_PROJECT + "[tool.uv]\npackage = false\n"},
            "uv: pyproject.toml, not locked", "uv", "m/pyproject.toml", None, UNKNOWN,
        ),
        (
            {"Pipfile": "", "Pipfile.lock": '{"_meta": {"hash": {"sha256": "00"}}}', "m/h.py": ""},
            "pipenv: Pipfile + Pipfile.lock, stale", "pipenv", "Pipfile", "Pipfile.lock", STALE,
        ),
        (
            {"m/pyproject.toml": POETRY, "m/poetry.lock": '[metadata]\ncontent-hash = "00"\n'},
            "poetry: pyproject.toml + poetry.lock, stale",
            "poetry", "m/pyproject.toml", "m/poetry.lock", STALE,
        ),
        (
            {"m/pyproject.toml": UV_PROJECT, "uv.lock": UV_LOCK},
            "uv: pyproject.toml + uv.lock, fresh", "uv", "m/pyproject.toml", "uv.lock", FRESH,
        ),
        (
            {"m/pylock.toml": "", "m/requirements.txt": ""},
            "pylock: pylock.toml", "pylock", None, "m/pylock.toml", UNKNOWN,
        ),
        (
            {"m/pyproject.toml": "", "m/pdm.lock": "[metadata]\ncontent_hash = 'sha256:00'\n"},
            "pdm: pyproject.toml + pdm.lock, stale", "pdm", "m/pyproject.toml", "m/pdm.lock", STALE,
        ),
    ],
)  # fmt: skip
def test_each_kind_of_source(
    files: dict[str, str],
    shown: str,
    kind: str | None,
    manifest: str | None,
    lockfile: str | None,
    fresh: bool | None,
    tmp_path: Path,
) -> None:
    write(tmp_path, {"serverless.yml": SERVERLESS, "m/__init__.py": "", **files})
    service = load_service(tmp_path)
    sources = {"m": find_source(service, "m")}
    assert f"\n  m  {shown}\n" in as_text(service, sources)
    [module] = as_data(service, sources)["modules"]  # type: ignore[misc]  # a list, as CONTRACT has it
    expected = {
        "kind": kind,
        "manifest": manifest and str(tmp_path / manifest),
        "lockfile": lockfile and str(tmp_path / lockfile),
        "fresh": fresh,
    }
    assert module["source"] == (expected if kind else None)
