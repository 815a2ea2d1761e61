"""Whatever a lockfile holds: it is read, or refused with its name; nothing else happens."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pyreq_tui.errors import PyreqError
from pyreq_tui.sources import find_source, read_source
from tests.sources.projects import service, write
from tests.sources.test_pdm_lock import LOCK as PDM_LOCK
from tests.sources.test_pdm_lock import PROJECT as PDM_PROJECT
from tests.sources.test_poetry_lock import LOCK_1, LOCK_2, PROJECT_1, PROJECT_2

if TYPE_CHECKING:
    from pathlib import Path

    from pyreq_tui.sources import Source

PIPFILE = '[[source]]\nurl = "https://h"\n[packages]\na = "*"\n'
PIPFILE_LOCK = json.dumps(
    {
        "_meta": {"hash": {"sha256": "00"}, "sources": [{"name": "x", "url": "https://h"}]},
        "default": {
            "a": {"version": "==1.0", "hashes": ["sha256:00"], "markers": "os_name == 'x'", "extras": ["b"]},
            "c": {"git": "https://h/r", "ref": "00"},
        },
    },
    indent=1,
)
PYLOCK = 'lock-version = "1.0"\ncreated-by = "x"\n[[packages]]\nname = "a"\nversion = "1"\n'
PROJECTS = {
    "poetry 1": ("pyproject.toml", PROJECT_1, "poetry.lock", LOCK_1),
    "poetry 2": ("pyproject.toml", PROJECT_2, "poetry.lock", LOCK_2),
    "pdm": ("pyproject.toml", PDM_PROJECT, "pdm.lock", PDM_LOCK),
    "pipenv": ("Pipfile", PIPFILE, "Pipfile.lock", PIPFILE_LOCK),
    "pylock": ("README", "", "pylock.toml", PYLOCK),
}
JUNK = st.sampled_from(
    ["", "[]", "{}", "1", "true", '"x"', "[[", "\x00", "\\", "é", "{a = {b = 1}}", "*", "-1.5"]
)


def read(root: Path, names: tuple[str, str]) -> PyreqError | None:
    """Read the source below ``root``; what was refused, if anything, says so in few words with its place."""
    refusal: PyreqError | None = None
    try:
        source = find_source(service(root), ".")
        if source is not None and source.lockfile is not None:
            read_source(source, service(root).options)
    except PyreqError as error:
        refusal = error
    if refusal is not None:
        assert refusal.where is not None
        assert refusal.where.file.name in names
        assert len(str(refusal)) < 2000
    return refusal


@pytest.mark.parametrize("kind", PROJECTS)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_damage_is_a_crash(kind: str, tmp_path: Path, data: st.DataObject) -> None:
    manifest, project, lockfile, lock = PROJECTS[kind]
    write(tmp_path, {manifest: project, lockfile: lock, "lib/setup.py": ""})
    name = data.draw(st.sampled_from([lockfile, lockfile, manifest]))
    text = (tmp_path / name).read_text()
    start = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 30) | st.just(len(text)))
    damaged = text[:start] + data.draw(JUNK) + text[start + length :]
    (tmp_path / name).write_bytes(damaged.encode() + data.draw(st.sampled_from([b"", b"\xff", b"\r\n"])))
    read(tmp_path, (manifest, lockfile))


VALUES = ["1", "true", "'x y'", "['x', 1]", "{x = 1}", "[{x = 1}]", "1979-05-27", "nan", "''"]


@pytest.mark.parametrize("kind", ["poetry 1", "poetry 2", "pdm"])
@pytest.mark.parametrize("value", VALUES)
def test_no_wrong_type_is_a_crash(kind: str, value: str, tmp_path: Path) -> None:
    manifest, project, lockfile, lock = PROJECTS[kind]
    for name, text in ((lockfile, lock), (manifest, project)):
        lines = text.splitlines()
        for number, line in enumerate(lines):
            key, separator, _ = line.partition(" = ")
            if separator and "[" not in line.partition("=")[2]:
                write(tmp_path, {manifest: project, lockfile: lock, "lib/setup.py": ""})
                changed = [*lines[:number], f"{key} = {value}", *lines[number + 1 :]]
                write(tmp_path, {name: "\n".join(changed)})
                read(tmp_path, (manifest, lockfile))


@pytest.mark.parametrize(
    "text",
    ["a = " + "[" * 50_000, "a = " + "{a = " * 20_000, "a" + ".a" * 2_000 + " = 1", "a = " + "9" * 10_000],
    ids=["lists", "tables", "keys", "number"],
)
@pytest.mark.parametrize("name", ["poetry.lock", "pdm.lock", "pylock.toml", "uv.lock", "pyproject.toml"])
def test_what_is_too_deep_is_refused(name: str, text: str, tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": "[tool.poetry]\nname = 'x'\n" if name == "poetry.lock" else ""})
    (tmp_path / name).write_text(text)
    assert read(tmp_path, (name, name)) is not None


DEEP = "(" * 5000 + "os_name == 'x'" + ")" * 5000
DEEP_MARKERS = {
    "requirements.txt": {"requirements.txt": f"six; {DEEP}\n"},
    "a path": {"requirements.txt": f"./lib; {DEEP}\n"},
    "Pipfile.lock": {
        "Pipfile": "",
        "Pipfile.lock": json.dumps({"default": {"a": {"version": "==1", "markers": DEEP}}}),
    },
    "poetry.lock, its packages": {
        "pyproject.toml": "[tool.poetry]\nname = 'x'\n",
        "poetry.lock": f'[[package]]\nname = "a"\nversion = "1"\ngroups = ["main"]\nmarkers = "{DEEP}"\n',
    },
    "poetry.lock, its edges": {
        "pyproject.toml": "[tool.poetry.dependencies]\na = '1'\n",
        "poetry.lock": '[[package]]\nname = "a"\nversion = "1"\n[package.dependencies]\n'
        f'b = {{version = "*", markers = "{DEEP}"}}\n[[package]]\nname = "b"\nversion = "1"\n',
    },
    "a Poetry project": {
        "pyproject.toml": f'[project]\nname = "x"\ndependencies = ["a; {DEEP}"]\n',
        "poetry.lock": '[[package]]\nname = "a"\nversion = "1"\n',
    },
    "pdm.lock": {
        "pyproject.toml": "",
        "pdm.lock": f'[[package]]\nname = "a"\nversion = "1"\ngroups = ["default"]\nmarker = "{DEEP}"\n',
    },
    "uv.lock": {
        "pyproject.toml": f'[project]\nname = "x"\nversion = "1"\ndependencies = ["a; {DEEP}"]\n',
        "uv.lock": 'version = 1\nrequires-python = ">=3.11"\n[[package]]\nname = "x"\n',
    },
}


@pytest.mark.parametrize("kind", DEEP_MARKERS)
def test_a_marker_that_is_nested_too_deep_is_refused(kind: str, tmp_path: Path) -> None:
    write(tmp_path, DEEP_MARKERS[kind] | {"lib/setup.py": ""})
    with pytest.raises(PyreqError) as caught:
        read_source(found_in(tmp_path), service(tmp_path).options)
    assert len(str(caught.value)) < 2000
    assert "deep" in caught.value.message or kind == "uv.lock"  # which uv refuses in its own words


@pytest.mark.parametrize("name", ["poetry.lock", "pdm.lock", "pylock.toml", "pyproject.toml"])
@pytest.mark.parametrize("key", ["a." * 20_000 + "b", '"a b" . ' * 20_000 + "b"])
def test_a_key_of_endless_parts_takes_no_memory(name: str, key: str, tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": "[tool.poetry]\nname = 'x'\n" if name == "poetry.lock" else ""})
    (tmp_path / name).write_text(f"x = 1\n{key} = 1\n")
    with pytest.raises(PyreqError, match="nested too deep") as caught:
        read_source(found_in(tmp_path), service(tmp_path).options)
    assert str(caught.value.where) == f"{tmp_path / name}:2"


@pytest.mark.parametrize("name", ["poetry.lock", "Pipfile.lock", "pdm.lock"])
def test_what_is_too_large_is_refused(name: str, tmp_path: Path) -> None:
    write(tmp_path, {"Pipfile": "", "pyproject.toml": "[tool.poetry]\nname = 'x'\n"})
    with (tmp_path / name).open("wb") as file:
        file.truncate(33 * 2**20)
    options = {"use_poetry": name == "poetry.lock", "use_pipenv": name == "Pipfile.lock"}
    with pytest.raises(PyreqError, match="too large"):
        read_source(found_in(tmp_path, **options), service(tmp_path, **options).options)


def found_in(root: Path, **options: bool) -> Source:
    source = find_source(service(root, **options), ".")
    assert source is not None
    return source
