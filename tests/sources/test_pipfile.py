"""Pipfile.lock, read as ``pipenv requirements`` writes it out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import PyreqError
from pyreq_tui.sources import Requirements, read_source
from tests.sources.projects import found, service, write

if TYPE_CHECKING:
    from pathlib import Path

SHA = "sha256:" + "ab" * 32


def read(root: Path, *sources: dict[str, object], **packages: object) -> Requirements:
    lock = {"_meta": {"sources": sources}, "default": packages, "develop": {"dev": {"version": "==1"}}}
    write(root, {"Pipfile": "[packages]\n", "Pipfile.lock": ""})
    (root / "Pipfile.lock").write_text(json.dumps(lock, indent=4))
    asked = read_source(found(root), service(root).options)
    assert isinstance(asked, Requirements)
    assert asked.is_complete
    return asked


def test_the_default_section_ships(tmp_path: Path) -> None:
    asked = read(
        tmp_path,
        requests={
            "version": "==2.0",
            "extras": ["socks"],
            "hashes": [SHA],
            "markers": "python_version >= '3'",
            "index": "pypi",
        },
        colorama={"version": "*", "markers": "sys_platform == 'win32'"},
    )
    assert [requirement.text for requirement in asked.requirements] == [
        'requests[socks]==2.0 ; python_version >= "3"',
        'colorama ; sys_platform == "win32"',
    ]
    assert asked.requirements[0].hashes == (SHA,)
    assert str(asked.requirements[0].where) == f"{tmp_path}/Pipfile.lock:6"


def test_what_pipenv_could_not_lock_keeps_the_marker_of_the_pipfile(tmp_path: Path) -> None:
    write(tmp_path, {"Pipfile": ""})
    (tmp_path / "Pipfile").write_text(
        """
        [packages]
        Win_Only = {version = "*", sys_platform = "== 'win32'", markers = "os_name == 'x' or os_name == 'nt'"}
        pinned = {version = "*", sys_platform = "== 'win32'"}
        """
    )
    lock = {"default": {"win-only": {"version": "*"}, "pinned": {"version": "==1"}}}
    (tmp_path / "Pipfile.lock").write_text(json.dumps(lock))
    asked = read_source(found(tmp_path), service(tmp_path).options)
    assert isinstance(asked, Requirements)
    assert [requirement.text for requirement in asked.requirements] == [
        'win-only ; (os_name == "x" or os_name == "nt") and sys_platform == "win32"',
        "pinned==1",
    ]


def test_a_lock_that_holds_nothing_is_no_answer_to_packages(tmp_path: Path) -> None:
    write(tmp_path, {"Pipfile": "[packages]\nsix = '*'\n", "Pipfile.lock": '{"default": {}}'})
    with pytest.raises(PyreqError, match="locks nothing, though Pipfile asks for 1 package") as caught:
        read_source(found(tmp_path), service(tmp_path).options)
    assert str(caught.value.where) == str(tmp_path / "Pipfile.lock")


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ({"git": "https://h/r.git", "ref": "c0ffee", "editable": True}, "a @ git+https://h/r.git@c0ffee"),
        ({"git": "git+ssh://git@h/r", "ref": "c0", "subdirectory": "s"}, "a @ git+ssh://git@h/r@c0#subdirectory=s"),
        ({"file": "https://h/a.zip", "hashes": [SHA]}, "a @ https://h/a.zip"),
        ({"path": "./lib", "editable": True}, "a @ file:./lib"),
        ({"file": "lib"}, "a @ file:lib"),
    ],
)  # fmt: skip
def test_where_packages_come_from(tmp_path: Path, said: dict[str, object], text: str) -> None:
    write(tmp_path, {"lib/setup.py": ""})
    [requirement] = read(tmp_path, a=said).requirements
    assert (requirement.text, requirement.is_editable) == (text, False)
    assert requirement.path == (tmp_path / "lib" if "lib" in text else None)


def test_indexes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("token", "s3cret")
    pypi = {"name": "pypi", "url": "https://pypi.org/simple", "verify_ssl": True}
    mine = {"name": "mine", "url": "https://me:$token@h/simple", "verify_ssl": False}
    assert read(tmp_path, pypi).options == ()
    asked = read(tmp_path, mine, pypi)
    assert asked.options == (
        "--index-url", "https://me:s3cret@h/simple",
        "--extra-index-url", "https://pypi.org/simple",
        "--trusted-host", "h",
    )  # fmt: skip
    assert asked.secrets == ("s3cret",)
    assert read(tmp_path, pypi, mine).options[:2] == ("--extra-index-url", "https://me:s3cret@h/simple")


@pytest.mark.parametrize(
    "lock",
    [
        "", "[]", "{", "{}", '{"default": []}', '{"default": {"a": 1}}', '{"default": {"a": {}}}',
        '{"default": {"a b": {"version": "==1"}}}', '{"default": {"a": {"version": 1}}}',
        '{"default": {"a": {"version": "==1; os_name"}}}', '{"default": {"a": {"git": []}}}',
        '{"default": {"a": {"path": "gone"}}, "x": ' + "[" * 100_000,
        '{"default": {"a": {"version": "==1", "markers": "?"}}}',
        '{"default": {"a": {"version": "==1", "hashes": ["sha256:zz"]}}, "x": ' + "9" * 5000 + "}",
    ],
)  # fmt: skip
def test_what_is_no_lock_is_refused(tmp_path: Path, lock: str) -> None:
    write(tmp_path, {"Pipfile": "[packages]\n"})
    (tmp_path / "Pipfile.lock").write_text(lock)
    with pytest.raises(PyreqError) as caught:
        read_source(found(tmp_path), service(tmp_path).options)
    assert caught.value.where is not None
    assert caught.value.where.file == tmp_path / "Pipfile.lock"


def test_what_a_message_quotes_is_short_and_holds_no_secret(tmp_path: Path) -> None:
    for url in ("https://me:s3cret@h/a b^`.zip", "https://h/" + "x" * 10_000):
        with pytest.raises(PyreqError) as caught:
            read(tmp_path, a={"version": f"=={url}"})
        assert "s3cret" not in str(caught.value)
        assert len(caught.value.message) < 400
