"""What goes wrong with a real engine: the message, the exit status, and that nothing is left behind."""

from __future__ import annotations

import hashlib
import io
import json
import shlex
import struct
import tarfile
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.build import LineLogged, StepAdvanced
from pyreq_tui.errors import BuildError, Cancelled
from tests.docker.conftest import STAND_IN
from tests.docker.registry import slow_registry
from tests.docker.sdists import require_waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pyreq_tui.build import Event
    from tests.docker.conftest import Dockerized

pytestmark = [pytest.mark.docker, pytest.mark.slow]

SEEN = '{"python": "/x", "version": [3, 9], "pip": true, "tools": {}, "free_bytes": 1}'
OLD_PYTHON = f"#!/bin/sh\\necho {shlex.quote(SEEN)}".replace("'", "\\047")
"""A python3.11 that is none."""


def cancelling(dockerized: Dockerized, is_time: Callable[[Event], bool]) -> Callable[[Event], None]:
    """A report that cancels as soon as an event says that it is time."""

    def report(event: Event) -> None:
        dockerized.events.append(event)
        if is_time(event):
            dockerized.cancel.set()

    return report


def test_cancelled_while_it_installs(dockerized: Dockerized) -> None:
    require_waiting(dockerized.project)

    def is_time(event: Event) -> bool:
        if isinstance(event, LineLogged) and "Preparing metadata" in event.text:
            assert len(dockerized.containers()) == 1
            return True
        return False

    with pytest.raises(Cancelled):
        dockerized.build(
            report=cancelling(dockerized, is_time), **dockerized.options(dockerEnv=["PIP_VERBOSE=1"])
        )
    assert Cancelled.exit_status == 130
    assert not dockerized.leftovers()


def test_cancelled_while_it_pulls(dockerized: Dockerized) -> None:
    with slow_registry() as registry:

        def is_time(event: Event) -> bool:
            return isinstance(event, StepAdvanced) and event.step == "prepare image" and event.done > 0

        with pytest.raises(Cancelled):
            dockerized.build(
                report=cancelling(dockerized, is_time), **dockerized.options(dockerImage=registry.reference)
            )
        assert registry.is_left.wait(30)
    assert not dockerized.leftovers()


def test_an_image_nobody_hands_out(dockerized: Dockerized) -> None:
    with pytest.raises(BuildError) as raised:
        dockerized.build(**dockerized.options(dockerImage="127.0.0.1:1/team/image:2"))
    assert "The image 127.0.0.1:1/team/image:2 is not here and can't be pulled: " in raised.value.message
    assert "docker pull" in str(raised.value.hint)
    assert raised.value.exit_status == 3


def test_offline_pulls_nothing(dockerized: Dockerized) -> None:
    with pytest.raises(BuildError, match="Offline, and the image"):
        dockerized.build(offline=True, **dockerized.options(dockerImage="127.0.0.1:1/a:1"))


@pytest.mark.parametrize(
    ("steps", "message"),
    [
        ("RUN rm -f /usr/bin/python3*", "has no Python."),
        ("RUN rm -rf /usr/lib/python3/dist-packages/pip", "has no pip."),
        (
            f"RUN printf '{OLD_PYTHON}' > /usr/bin/python3.11",
            "has Python 3.9, and the runtime",
        ),
    ],
)
def test_an_image_that_can_not_install(dockerized: Dockerized, steps: str, message: str) -> None:
    dockerized.project.write({"Dockerfile": f"FROM {STAND_IN}\n{steps}\n"})
    with pytest.raises(BuildError) as raised:
        dockerized.build(
            **dockerized.options(dockerFile="Dockerfile", dockerBuildCmdExtraArgs=["--network=host"])
        )
    assert message in raised.value.message
    assert raised.value.hint
    assert not dockerized.leftovers()


def test_a_dockerfile_that_fails(dockerized: Dockerized) -> None:
    dockerized.project.write({"Dockerfile": f"FROM {STAND_IN}\nRUN echo so far && false\n"})
    with pytest.raises(BuildError, match="Dockerfile could not be built") as raised:
        dockerized.build(
            **dockerized.options(dockerFile="Dockerfile", dockerBuildCmdExtraArgs=["--network=host"])
        )
    assert "so far" in raised.value.message
    assert not dockerized.leftovers()


def test_a_full_disk(dockerized: Dockerized) -> None:
    volume = dockerized.mark.replace("=", "-")
    dockerized.client.create_volume(
        volume, driver="local", driver_opts={"type": "tmpfs", "device": "tmpfs", "o": "size=8k"}
    )
    try:
        with pytest.raises(BuildError) as raised:
            dockerized.build(
                **dockerized.options(dockerRunCmdExtraArgs=["--volume", f"{volume}:/pyreq-tui/output"])
            )
        assert not dockerized.leftovers()
    finally:
        dockerized.client.remove_volume(volume)
    assert raised.value.message.startswith("The disk of the container is full")
    assert "docker system prune" in str(raised.value.hint)


@pytest.fixture
def foreign(dockerized: Dockerized) -> Iterator[str]:
    """An image for another architecture, of which nothing runs here."""
    name = f"foreign-{dockerized.mark.rpartition('=')[2]}:1"
    header = struct.pack("<HHIQQQIHHHHHH", 2, 0xB7, 1, 0x400000, 64, 0, 0, 64, 56, 1, 0, 0, 0)  # EM_AARCH64
    segment = struct.pack("<IIQQQQQQ", 1, 5, 0, 0x400000, 0x400000, 120, 120, 0x1000)
    layer = tar({"bin/sh": b"\x7fELF\x02\x01\x01" + bytes(9) + header + segment})
    layers = {"type": "layers", "diff_ids": [f"sha256:{hashlib.sha256(layer).hexdigest()}"]}
    config = {"architecture": "arm64", "os": "linux", "config": {}, "rootfs": layers}
    manifest = [{"Config": "config.json", "RepoTags": [name], "Layers": ["layer.tar"]}]
    image = {"config.json": json.dumps(config).encode(), "manifest.json": json.dumps(manifest).encode()}
    list(dockerized.client.load_image(tar({**image, "layer.tar": layer})))
    yield name
    dockerized.client.remove_image(name, force=True)


def tar(files: Mapping[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size, info.mode = len(data), 0o755
            archive.addfile(info, io.BytesIO(data))
    return packed.getvalue()


def test_an_image_for_another_architecture(dockerized: Dockerized, foreign: str) -> None:
    with pytest.raises(BuildError) as raised:
        dockerized.build(**dockerized.options(dockerImage=foreign))
    assert f"The image {foreign} is for arm64" in raised.value.message
    assert "x86_64" in raised.value.message


def test_another_architecture_without_emulation(dockerized: Dockerized, foreign: str) -> None:
    path = dockerized.project.root / "serverless.yml"
    path.write_text(path.read_text().replace("runtime:", "architecture: arm64\n  runtime:"))
    with pytest.raises(BuildError) as raised:
        dockerized.build(**dockerized.options(dockerImage=foreign))
    assert "exec format error" in raised.value.message.lower()
    assert "binfmt" in str(raised.value.hint)
    assert not dockerized.leftovers()
