"""Flags of docker run and docker build, in the words of the engine's API."""

from __future__ import annotations

from pathlib import Path

import pytest

from pyreq_tui.build.docker.flags import build_flags, environment_of, run_flags
from pyreq_tui.errors import PyreqError

ROOT = Path("/srv/shop")


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--network", "host"], {"network_mode": "host"}),
        (["--network host"], {"network_mode": "host"}),
        (["--net=host"], {"network_mode": "host"}),
        (["-m", "2g", "--cpus=1.5"], {"mem_limit": "2g", "nano_cpus": 1_500_000_000}),
        (["-v", "/a:/b:ro", "--volume=./lib:/lib"], {"binds": ["/a:/b:ro", "/srv/shop/lib:/lib"]}),
        (["-eA=b", "-e", "C=d=e"], {"environment": {"A": "b", "C": "d=e"}}),
        (["--add-host", "db:10.0.0.1"], {"extra_hosts": {"db": "10.0.0.1"}}),
        (["--tmpfs", "/x:size=1m", "--tmpfs=/y"], {"tmpfs": {"/x": "size=1m", "/y": ""}}),
        (["--ulimit", "nofile=1:2"], {"ulimits": [{"Name": "nofile", "Soft": 1, "Hard": 2}]}),
        (["--privileged", "--rm", "-it", "--name", "x", "--entrypoint", ""], {"privileged": True}),
        (["--privileged=false"], {"privileged": False}),
    ],
)
def test_run(arguments: list[str], expected: dict[str, object]) -> None:
    flags = run_flags(arguments, ROOT)
    assert flags.all() == expected
    assert flags.unmapped == []


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["--build-arg", "A=b", "--build-arg=C=d"], {"buildargs": {"A": "b", "C": "d"}}),
        (["--no-cache", "--pull", "-q", "-t", "mine"], {"nocache": True, "pull": True}),
        (["--target=build", "--platform", "linux/arm64"], {"target": "build", "platform": "linux/arm64"}),
    ],
)
def test_build(arguments: list[str], expected: dict[str, object]) -> None:
    flags = build_flags(arguments, ROOT)
    assert flags.all() == expected
    assert flags.unmapped == []


def test_what_the_api_does_not_know_is_told_by_name() -> None:
    assert run_flags(["--gpus", "all", "--rm", "--oom-kill-disable"], ROOT).unmapped == [
        "--gpus",
        "--oom-kill-disable",
    ]
    assert build_flags(["--secret", "id=a,src=b"], ROOT).unmapped == ["--secret"]


def test_a_value_that_can_not_be() -> None:
    with pytest.raises(PyreqError, match="--cpu-shares does not take 'half'"):
        run_flags(["--cpu-shares", "half"], ROOT)


def test_a_name_alone_passes_on_the_value_it_has_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROXY_HERE", "http://proxy")
    monkeypatch.delenv("NOT_HERE", raising=False)
    given = environment_of(["PROXY_HERE", "NOT_HERE", "SET=1", "EMPTY="])
    assert given == {"PROXY_HERE": "http://proxy", "SET": "1", "EMPTY": ""}


def test_a_file_of_variables(tmp_path: Path) -> None:
    (tmp_path / "env").write_text("# comment\n\nA=1\nB=two words\n")
    assert run_flags(["--env-file", "env"], tmp_path).maps["environment"] == {"A": "1", "B": "two words"}
