"""A private index: what it serves can be had, and nobody else sees the password."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.locks import Lock, Pin, WheelFile, target_for
from pyreq_tui.locks.credentials import with_credentials
from pyreq_tui.locks.settings import Settings
from tests.index_server import IndexServer
from tests.projects import make_project

if TYPE_CHECKING:
    from pathlib import Path


def url_of(lock: Lock) -> str:
    [pin] = lock.pins
    assert pin.wheel is not None
    return pin.wheel.url


@pytest.mark.parametrize(
    ("file_url", "expected"),
    [
        ("https://index.invalid/files/a.whl", "https://me:secret@index.invalid/files/a.whl"),
        ("https://index.invalid:8443/files/a.whl", "https://index.invalid:8443/files/a.whl"),
        ("http://index.invalid/files/a.whl", "http://index.invalid/files/a.whl"),
        ("https://elsewhere.invalid/a.whl", "https://elsewhere.invalid/a.whl"),
        ("https://you:other@index.invalid/a.whl", "https://you:other@index.invalid/a.whl"),
    ],
)
def test_only_the_index_s_own_server_gets_them(file_url: str, expected: str) -> None:
    lock = Lock(
        target_for("python3.12", "x86_64"), (Pin("a", "1", WheelFile("a.whl", file_url, None, None)),), ()
    )

    given = with_credentials(lock, Settings(index_url="https://me:secret@index.invalid/simple"))

    assert url_of(given) == expected


def test_a_private_index_builds_twice_and_its_password_is_kept_nowhere(tmp_path: Path) -> None:
    project = make_project(tmp_path)
    with IndexServer(project.wheels, credentials=("me", "hunter2")) as index:
        project.write({"requirements.txt": "alpha\n"})
        private = {"PIP_INDEX_URL": index.url, "PIP_CONFIG_FILE": os.devnull, "PIP_EXTRA_INDEX_URL": ""}
        first = project.command("build", "--verbose", **private)
        second = project.command("build", "--json", **private)

    assert first.returncode == 0, first.stderr
    assert '"hit": true' in second.stdout, second.stderr
    assert "hunter2" not in first.stdout + first.stderr + second.stdout + second.stderr
    assert [
        path for path in project.cache.rglob("*") if path.is_file() and b"hunter2" in path.read_bytes()
    ] == []
