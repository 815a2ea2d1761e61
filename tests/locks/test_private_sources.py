"""Projects whose packages come from a private index: the lock names it, the environment has the password."""

from __future__ import annotations

import hashlib
import json
import sys
from threading import Event
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import BuildError
from pyreq_tui.locks import resolve, settings_for, target_for
from pyreq_tui.processes import run, uv_environment, uv_executable
from pyreq_tui.redact import redact
from pyreq_tui.sources import read_source
from tests.index_server import IndexServer
from tests.making import make_wheel
from tests.sources.projects import found, service, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

UV = """
    [project]
    name = "service"
    version = "1"
    requires-python = ">=3.11"
    dependencies = ["alpha"]
    [[tool.uv.index]]
    name = "my-index"
    url = "<bare>"
    default = true
"""
POETRY_LOCK = """
    [[package]]
    name = "alpha"
    version = "1.0"
    groups = ["main"]
    files = [{file = "x", hash = "sha256:<sha256>"}]
    [package.source]
    type = "legacy"
    url = "<bare>"
    reference = "my-index"
"""
PDM = """
    [project]
    name = "service"
    dependencies = ["alpha"]
    [[tool.pdm.source]]
    name = "pypi"
    url = "<filled>"
"""
PDM_LOCK = """
    [[package]]
    name = "alpha"
    version = "1.0"
    groups = ["default"]
    files = [{file = "x", hash = "sha256:<sha256>"}]
"""
PIPFILE_LOCK = json.dumps(
    {
        "_meta": {"sources": [{"name": "my-index", "url": "<filled>", "verify_ssl": True}]},
        "default": {"alpha": {"version": "==1.0", "hashes": ["sha256:<sha256>"], "index": "my-index"}},
    }
)
PROJECTS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "uv": (
        {"pyproject.toml": UV},
        {"UV_INDEX_MY_INDEX_USERNAME": "me", "UV_INDEX_MY_INDEX_PASSWORD": "hunter2"},
    ),
    "poetry": (
        {"pyproject.toml": "[tool.poetry]\npackage-mode = false\n", "poetry.lock": POETRY_LOCK},
        {"POETRY_HTTP_BASIC_MY_INDEX_USERNAME": "me", "POETRY_HTTP_BASIC_MY_INDEX_PASSWORD": "hunter2"},
    ),
    "pdm": ({"pyproject.toml": PDM, "pdm.lock": PDM_LOCK}, {"INDEX_USER": "me", "INDEX_PASSWORD": "hunter2"}),
    "pipenv": (
        {"Pipfile": "", "Pipfile.lock": PIPFILE_LOCK},
        {"INDEX_USER": "me", "INDEX_PASSWORD": "hunter2"},
    ),
}


@pytest.fixture
def index(tmp_path: Path) -> Iterator[IndexServer]:
    make_wheel(tmp_path / "wheels", "alpha")
    with IndexServer(tmp_path / "wheels", credentials=("me", "hunter2")) as server:
        yield server


@pytest.mark.parametrize("kind", PROJECTS)
def test_the_password_stays_in_the_environment(
    kind: str, index: IndexServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files, variables = PROJECTS[kind]
    bare = index.url.replace("me:hunter2@", "")
    root = tmp_path / "project"
    [wheel] = index.folder.iterdir()
    places = {
        "<bare>": bare,
        "<filled>": bare.replace("://", "://${INDEX_USER}:${INDEX_PASSWORD}@"),
        "<sha256>": hashlib.sha256(wheel.read_bytes()).hexdigest(),
    }
    write(root, {name: _written(text, places) for name, text in files.items()})
    monkeypatch.setenv("PIP_NO_INDEX", "")
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    if kind == "uv":
        command = [uv_executable(), "lock", "--python", sys.executable, "--no-python-downloads"]
        run(command, cwd=root, env=uv_environment(is_configured=True))
    chosen = service(root).options
    lines: list[str] = []
    asked = read_source(found(root), chosen)
    lock = resolve(
        asked,
        target_for("python3.12", "x86_64"),
        chosen,
        settings_for(asked, chosen),
        cache=tmp_path / "cache",
        offline=False,
        cancel=Event(),
        on_line=lines.append,
    )
    [pin] = lock.pins
    assert pin.wheel is not None
    assert pin.wheel.url.startswith(index.url.partition("simple")[0]), redact(pin.wheel.url)
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and path.parent.name != "wheels"]
    assert not [path for path in kept if b"hunter2" in path.read_bytes()]
    assert "hunter2" not in "\n".join([*lines, repr(asked), *map(str, asked.problems)])


def _written(text: str, places: dict[str, str]) -> str:
    for name, place in places.items():
        text = text.replace(name, place)
    return text


@pytest.mark.parametrize("kind", ["poetry", "pipenv"])
def test_without_the_password_it_is_said_what_is_wrong(kind: str, index: IndexServer, tmp_path: Path) -> None:
    files, _ = PROJECTS[kind]
    bare = index.url.replace("me:hunter2@", "")
    write(
        tmp_path / "p",
        {name: text.replace("<bare>", bare).replace("<filled>", bare) for name, text in files.items()},
    )
    options = service(tmp_path / "p").options
    asked = read_source(found(tmp_path / "p"), options)
    with pytest.raises(BuildError, match="refused the request"):
        resolve(
            asked,
            target_for("python3.12", "x86_64"),
            options,
            settings_for(asked, options),
            cache=None,
            offline=False,
            cancel=Event(),
            on_line=str,
        )
