"""What is looked for in a container before anything is installed there."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.build.docker.installer import Surroundings, check_surroundings
from pyreq_tui.build.docker.order import Order, order_of
from pyreq_tui.errors import BuildError
from pyreq_tui.locks import Lock, Pin, Settings, Unbuilt, WheelFile, target_for
from pyreq_tui.service import load_service
from tests.projects import SERVERLESS

if TYPE_CHECKING:
    from pathlib import Path

PLENTY = Surroundings(
    "/usr/bin/python3.12", has_pip=True, tools={"git": "/g", "ssh": "/s", "uv": None}, free_bytes=10**9
)
WHEEL = WheelFile("a-1-py3-none-any.whl", "https://index.invalid/a-1-py3-none-any.whl", "0" * 64, 1)


def order(folder: Path, *pins: Pin, installer: str = "pip", **overrides: object) -> Order:
    (folder / "serverless.yml").write_text(SERVERLESS)
    service = load_service(folder, overrides={"dockerizePip": True, **overrides})
    target = target_for("python3.12", "x86_64")
    made = order_of(service, target, Lock(target, pins, ()), Settings(installer=installer))
    assert made is not None
    return made


def test_a_disk_that_is_nearly_full(tmp_path: Path) -> None:
    asked = order(tmp_path, Pin("a", "1", WHEEL))
    check_surroundings(PLENTY, asked, 10**9)
    with pytest.raises(BuildError, match=r"has 953\.7 MB of disk left, and 1\.9 GB are needed") as raised:
        check_surroundings(PLENTY, asked, 2 * 10**9)
    assert "docker system prune" in str(raised.value.hint)


def test_an_installer_that_is_not_there(tmp_path: Path) -> None:
    asked = order(tmp_path, Pin("a", "1", WHEEL), installer="uv")
    check_surroundings(PLENTY, asked, 1)  # AWS's own image: pip brings uv
    own = order(tmp_path, Pin("a", "1", WHEEL), installer="uv", dockerImage="team/image:1")
    with pytest.raises(BuildError, match="team/image:1 has no uv, and installer is uv"):
        check_surroundings(PLENTY, own, 1)
    with pytest.raises(BuildError, match="has no pip"):
        check_surroundings(replace(PLENTY, has_pip=False), order(tmp_path, Pin("a", "1", WHEEL)), 1)


def test_git_is_needed_only_for_what_the_container_clones(tmp_path: Path) -> None:
    pin = Pin("a", "1", unbuilt=Unbuilt("vcs", "ssh://git@host/team/a", "0" * 40))
    without = replace(PLENTY, tools={"git": None, "ssh": "/s", "uv": None})
    check_surroundings(without, order(tmp_path, pin), 1)
    with pytest.raises(BuildError, match="has no git to clone a private package with"):
        check_surroundings(without, order(tmp_path, pin, dockerSsh=True), 1)


def test_every_input_is_in_the_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSED_ON", "one")
    pin = Pin("a", "1", WHEEL)
    (tmp_path / "Dockerfile").write_text("FROM a\n")
    asked = [
        order(tmp_path, pin),
        order(tmp_path, replace(pin, wheel=replace(WHEEL, sha256="1" * 64))),
        order(tmp_path, pin, installer="uv"),
        order(tmp_path, pin, dockerImage="b:1"),
        order(tmp_path, pin, dockerFile="Dockerfile"),
        order(tmp_path, pin, dockerFile="Dockerfile", dockerBuildCmdExtraArgs=["--pull"]),
        order(tmp_path, pin, dockerEnv=["A=1"]),
        order(tmp_path, pin, dockerEnv=["A=2"]),
        order(tmp_path, pin, dockerEnv=["PASSED_ON"]),
        order(tmp_path, pin, dockerRunCmdExtraArgs=["-e", "PASSED_ON"]),
        order(tmp_path, pin, dockerExtraFiles=["/x"]),
        order(tmp_path, pin, dockerSsh=True),
    ]
    monkeypatch.setenv("PASSED_ON", "two")
    asked += [
        order(tmp_path, pin, dockerEnv=["PASSED_ON"]),
        order(tmp_path, pin, dockerRunCmdExtraArgs=["-e", "PASSED_ON"]),
    ]
    (tmp_path / "Dockerfile").write_text("FROM b\n")
    asked += [order(tmp_path, pin, dockerFile="Dockerfile")]
    keys = [each.key for each in asked]
    assert None not in keys
    assert len(set(keys)) == len(keys)
    assert order(tmp_path, pin).key == asked[0].key


def test_secrets_are_in_no_readable_input(tmp_path: Path) -> None:
    asked = order(
        tmp_path,
        Pin("a", "1", WHEEL),
        dockerEnv=["API_TOKEN=hunter2"],
        dockerRunCmdExtraArgs=["-e", "PASSWORD=hunter2"],
    )
    assert "hunter2" not in str(asked.inputs)
    assert asked.secrets == ("hunter2",)


def test_the_context_counts_only_where_it_is_copied_from(tmp_path: Path) -> None:
    pin = Pin("a", "1", WHEEL)

    def key(dockerfile: str, code: str) -> str | None:
        (tmp_path / "Dockerfile").write_text(dockerfile)
        (tmp_path / "handler.py").write_text(code)
        return order(tmp_path, pin, dockerFile="Dockerfile").key

    assert key("FROM a\nRUN true\n", "one") == key("FROM a\nRUN true\n", "two")
    assert key("FROM a\nCOPY . /x\n", "one") != key("FROM a\nCOPY . /x\n", "two")
    (tmp_path / ".dockerignore").write_text("*.py\n")
    assert key("FROM a\nCOPY . /x\n", "one") == key("FROM a\nCOPY . /x\n", "two")
