"""A private index: what it serves can be had, and nobody else sees the password."""

from __future__ import annotations

import os
from dataclasses import replace
from hashlib import sha256
from threading import Event
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.locks import Lock, Pin, WheelFile, target_for
from pyreq_tui.locks.credentials import with_credentials
from pyreq_tui.locks.settings import Settings
from tests.index_server import IndexServer
from tests.projects import SERVERLESS, make_project
from tests.surroundings import forget_installers

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

    settings = Settings(index_url="https://me:secret@index.invalid/simple")
    given = with_credentials(lock, settings, cancel=Event())

    assert url_of(given) == expected


def test_the_keyring_is_asked_where_the_installer_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = "[ $2 = index.invalid ] && [ $3 = me@corp ] && echo s3/cret"
    (tmp_path / "keyring").write_text(f'#!/bin/sh\necho "$@" >> {tmp_path}/asked\n{answer}\n')
    (tmp_path / "keyring").chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    lock = Lock(
        target_for("python3.12", "x86_64"),
        (Pin("a", "1", WheelFile("a.whl", "https://index.invalid/a.whl", None, None)),),
        (),
    )
    named = Settings(index_url="https://me%40corp@index.invalid/simple")
    asking = replace(named, keyring_provider="subprocess")

    assert url_of(with_credentials(lock, named, cancel=Event())) == "https://me%40corp@index.invalid/a.whl"
    for _ in range(2):
        given = with_credentials(lock, asking, cancel=Event())
        assert url_of(given) == "https://me%40corp:s3%2Fcret@index.invalid/a.whl"
    asked = (tmp_path / "asked").read_text().splitlines()
    assert asked == ["get https://index.invalid me@corp", "get index.invalid me@corp"]
    elsewhere = replace(asking, index_url="https://token@other.invalid/simple")
    assert with_credentials(lock, elsewhere, cancel=Event()) == lock


NETRC = "machine 127.0.0.1 login me password hunter2\n"
LOCK = """
lock-version = "1.0"
created-by = "corp"
[[packages]]
name = "alpha"
version = "1.2"
[[packages.wheels]]
name = "alpha-1.2-py3-none-any.whl"
url = "{files}/alpha-1.2-py3-none-any.whl"
hashes = {{sha256 = "{sha256}"}}
"""


def _uv(serverless: str) -> str:
    return serverless.replace("pythonRequirements: {}", "pythonRequirements: {installer: uv}")


WAYS: dict[str, tuple[dict[str, str], dict[str, str]]] = {
    "a variable of pip's": ({"requirements.txt": "alpha\n"}, {"PIP_INDEX_URL": "{private}"}),
    "a line of the requirements": (
        {"requirements.txt": "--index-url http://${{CORP}}@{server}/simple/\nalpha\n"},
        {"CORP": "me:hunter2"},
    ),
    "pip's configuration": (
        {"requirements.txt": "alpha\n", "../pip.conf": "[global]\nindex-url = {private}\nretries = 1\n"},
        {"PIP_CONFIG_FILE": "{place}/pip.conf"},
    ),
    "netrc": (
        {"requirements.txt": "--index-url {open}\nalpha\n", "../netrc": NETRC},
        {"NETRC": "{place}/netrc"},
    ),
    "an argument, with what only pip understands": (
        {
            "requirements.txt": "alpha\n",
            "serverless.yml": SERVERLESS.replace(
                "pythonRequirements: {}",
                "pythonRequirements: {pipCmdExtraArgs: ['--extra-index-url ${env:CORP_URL}', --no-index,"
                " --ignore-requires-python, '-f ${env:CORP_URL}alpha/', '-f ${env:CORP_URL}beta/']}",
            )
            .replace("{", "{{")
            .replace("}", "}}"),
        },
        {"CORP_URL": "{private}"},
    ),
    "a named index of the project's": (
        {
            "requirements.txt": "alpha\n",
            "serverless.yml": _uv(SERVERLESS).replace("{", "{{").replace("}", "}}"),
            "pyproject.toml": '[[tool.uv.index]]\nname = "the-corp"\nurl = "{open}"\ndefault = true\n',
        },
        {"UV_INDEX_THE_CORP_USERNAME": "me", "UV_INDEX_THE_CORP_PASSWORD": "hunter2"},
    ),
    "uv's configuration": (
        {
            "requirements.txt": "alpha\n",
            "serverless.yml": _uv(SERVERLESS).replace("{", "{{").replace("}", "}}"),
            "../uv.toml": 'index-url = "{private}"\n',
        },
        {"UV_CONFIG_FILE": "{place}/uv.toml"},
    ),
    "a variable of uv's": (
        {
            "requirements.txt": "alpha\n",
            "serverless.yml": _uv(SERVERLESS).replace("{", "{{").replace("}", "}}"),
        },
        {"UV_DEFAULT_INDEX": "corp={private}"},
    ),
    "a lock of the project's": ({"pylock.toml": LOCK}, {"PIP_EXTRA_INDEX_URL": "{private}"}),
}


@pytest.mark.parametrize(
    "way", [pytest.param(way, marks=[] if "pip's" in way else pytest.mark.slow) for way in WAYS]
)
def test_a_private_index_builds_twice_and_its_password_is_kept_nowhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
    forget_installers(monkeypatch)
    project = make_project(tmp_path, requirements=None)
    files, variables = WAYS[way]
    with IndexServer(project.wheels, credentials=("me", "hunter2")) as index:
        words = {
            "private": index.url,
            "open": index.url.replace("me:hunter2@", ""),
            "server": index.url.partition("@")[2].partition("/")[0],
            "files": index.file_url("", with_credentials=False).rstrip("/"),
            "place": str(tmp_path),
            "sha256": sha256((project.wheels / "alpha-1.2-py3-none-any.whl").read_bytes()).hexdigest(),
        }
        project.write({name: text.format(**words) for name, text in files.items()})
        private = {
            "PIP_CONFIG_FILE": os.devnull,
            **{name: value.format(**words) for name, value in variables.items()},
        }
        scanned = project.command("estimate", "--verbose", "--json", **private)
        first = project.command("build", "--verbose", **private)
        second = project.command("build", "--json", **private)

    assert first.returncode == 0, first.stderr
    assert '"hit": true' in second.stdout, second.stderr
    said = "".join(run.stdout + run.stderr for run in (scanned, first, second))
    assert "hunter2" not in said
    written = [*project.cache.rglob("*"), *(project.root / ".serverless").rglob("*")]
    assert [path for path in written if path.is_file() and b"hunter2" in path.read_bytes()] == []


def test_a_wrong_password_is_said_without_being_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = make_project(tmp_path, requirements=None)
    with IndexServer(project.wheels, credentials=("me", "hunter2")) as index:
        wrong = index.url.replace("hunter2", "wr0ng")
        project.write({"requirements.txt": f"--index-url {wrong}\nalpha\n"})
        refused = project.command("build", PIP_CONFIG_FILE=os.devnull)
    assert refused.returncode == 3
    assert "refused" in refused.stderr
    assert "wr0ng" not in refused.stdout + refused.stderr
