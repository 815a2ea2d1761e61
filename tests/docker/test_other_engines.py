"""Engines that are elsewhere, are of another make, or go away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pyreq_tui.build import LineLogged
from pyreq_tui.errors import BuildError
from tests.docker.conftest import STAND_IN
from tests.docker.engines import own_dockerd, own_podman
from tests.docker.sdists import require_waiting

if TYPE_CHECKING:
    from pyreq_tui.build import Event
    from tests.docker.conftest import Dockerized

pytestmark = [pytest.mark.docker, pytest.mark.slow]


LIMITS = ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"]
"""Those that Podman would set may be above what is allowed here."""


def test_over_tcp_and_when_the_daemon_is_killed(
    dockerized: Dockerized, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_host = dockerized.build(dockerizePip=False)
    with own_dockerd(dockerized, STAND_IN) as engine:
        monkeypatch.setenv("DOCKER_HOST", engine.url)
        over_tcp = dockerized.build(**dockerized.options())
        assert over_tcp.artifacts[0].sha256 == on_host.artifacts[0].sha256
        assert "run container" in dockerized.steps()

        require_waiting(dockerized.project)

        def report(event: Event) -> None:
            if isinstance(event, LineLogged) and "Preparing metadata" in event.text:
                engine.kill()

        with pytest.raises(BuildError) as raised:
            dockerized.build(report=report, **dockerized.options())
    assert raised.value.message.startswith("The Docker engine went away")
    assert "docker info" in str(raised.value.hint)
    assert raised.value.exit_status == 3
    assert not dockerized.leftovers()


def test_over_podman(dockerized: Dockerized, monkeypatch: pytest.MonkeyPatch) -> None:
    on_host = dockerized.build(dockerizePip=False)
    with own_podman(dockerized, STAND_IN) as engine:
        monkeypatch.setenv("DOCKER_HOST", engine.url)
        options = dockerized.options(
            dockerExtraFiles=["/etc/os-release"], dockerRunCmdExtraArgs=["--network=host", *LIMITS]
        )
        in_podman = dockerized.build(**options)
    assert in_podman.artifacts[0].unzipped_bytes > on_host.artifacts[0].unzipped_bytes
    assert "Successfully installed alpha-1.2 beta-2.0" in dockerized.log()
    assert not dockerized.leftovers()
