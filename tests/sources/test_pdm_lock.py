"""pdm.lock, read as ``pdm export --prod`` writes it out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import PyreqError
from pyreq_tui.sources import Requirements, read_source
from tests.sources.projects import found, service, write

if TYPE_CHECKING:
    from pathlib import Path

SHA = "ab" * 32
PROJECT = """
    [project]
    name = "x"
    requires-python = ">=3.10"
    dependencies = ["requests[socks]>=2", "colorama; sys_platform=='win32'", "tomli; python_version<'3.11'"]
    [project.optional-dependencies]
    opt = ["attrs"]
    [dependency-groups]
    dev = ["six"]
"""
LOCK = f"""
    [metadata]
    groups = ["default", "dev"]
    strategy = ["cross_platform", "inherit_metadata"]
    lock_version = "4.5.0"
    content_hash = "sha256:HASH"

    [[package]]
    name = "requests"
    version = "2.0"
    groups = ["default"]
    files = [{{file = "requests-2.0.tar.gz", hash = "sha256:{SHA}"}}]

    [[package]]
    name = "requests"
    version = "2.0"
    extras = ["socks"]
    groups = ["default"]
    files = [{{file = "requests-2.0.tar.gz", hash = "sha256:{SHA}"}}]

    [[package]]
    name = "colorama"
    version = "1.0"
    groups = ["default", "dev"]
    marker = "sys_platform == \\"win32\\""

    [[package]]
    name = "six"
    version = "1.0"
    groups = ["dev"]

    [[package]]
    name = "lib"
    version = "0"
    groups = ["default"]
    path = "./lib"

    [[package]]
    name = "repository"
    version = "0"
    groups = ["default"]
    git = "https://h/r.git"
    ref = "main"
    revision = "c0ffee"
"""


def read(root: Path, lock: str = LOCK) -> Requirements:
    write(root, {"pyproject.toml": PROJECT, "pdm.lock": lock, "lib/setup.py": ""})
    asked = read_source(found(root), service(root).options)
    assert isinstance(asked, Requirements)
    assert asked.is_complete
    return asked


def test_the_default_group_ships(tmp_path: Path) -> None:
    asked = read(tmp_path)
    assert [requirement.text for requirement in asked.requirements] == [
        "requests==2.0",
        'colorama==1.0 ; sys_platform == "win32"',
        "lib @ file:./lib",
        "repository @ git+https://h/r.git@c0ffee",
    ]
    assert asked.requirements[0].hashes == (f"sha256:{SHA}",)
    assert asked.requirements[2].path == tmp_path / "lib"


def test_indexes_take_what_the_environment_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("index_token", "s3cret")
    write(tmp_path, {"pyproject.toml": PROJECT, "pdm.lock": LOCK, "lib/setup.py": ""})
    with (tmp_path / "pyproject.toml").open("a") as manifest:
        manifest.write("[[tool.pdm.source]]\nurl = 'https://me:${index_token}@h/simple'\nname = 'mine'\n")
    asked = read_source(found(tmp_path), service(tmp_path).options)
    assert isinstance(asked, Requirements)
    assert asked.options == ("--extra-index-url", "https://me:s3cret@h/simple")
    assert asked.secrets == ("s3cret",)


# Each computed by the PDM of that age, over the project above.
@pytest.mark.parametrize(
    ("digest", "is_fresh"),
    [
        ("2f18c142d32cd90b5a975016b310282a22827292850aca1854576f08d5d71938", True),
        ("91be912158ab890a852ecd6d41849ac219cacd1c6f65f020f737a38335e87cc7", True),
        ("0" * 64, False),
    ],
)
def test_whether_it_answers_its_manifest(tmp_path: Path, digest: str, is_fresh: bool) -> None:
    write(tmp_path, {"pyproject.toml": PROJECT, "pdm.lock": LOCK.replace("HASH", digest)})
    assert found(tmp_path).is_fresh is is_fresh


def test_a_lock_that_does_not_tell_groups_apart_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PyreqError, match="which group") as caught:
        read(tmp_path, '[[package]]\nname = "a"\nversion = "1"\n')
    assert "inherit_metadata" in str(caught.value.hint)


@pytest.mark.parametrize("version", ["1", "'one'", "'1; os_name'", "[]"])
def test_mangled_values_are_pointed_at(tmp_path: Path, version: str) -> None:
    with pytest.raises(PyreqError, match=r"pdm\.lock can't be read: package a"):
        read(tmp_path, f'[[package]]\nname = "a"\nversion = {version}\ngroups = ["default"]\n')
