"""A Docker engine to test with: the one that answers here, or none and a reason."""

from __future__ import annotations

import os
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from docker.errors import DockerException, ImageNotFound

from pyreq_tui.build import Event, Materials, Report, Result, gather, plan, run
from pyreq_tui.build.docker.container import remove
from pyreq_tui.build.docker.engine import reach_engine
from pyreq_tui.errors import BuildError
from tests.projects import SERVERLESS, Project, make_project

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from docker import APIClient

    from pyreq_tui.service import Service

STAND_IN = "public.ecr.aws/sam/build-python3.11:latest-x86_64"
"""Named as AWS's own image; where it can't be pulled, another stands in for it under its name."""
REQUIRED = "PYREQ_TEST_DOCKER"
"""Set where a skipped test would be a failure: in CI."""
COMPILER = f"""\
FROM {STAND_IN}
RUN apt-get update -qq && apt-get install -yqq --no-install-recommends gcc python3-dev git openssh-client
"""
"""Built once for all tests: the same Dockerfile has the same image."""
HOST_NETWORK = ["--network", "host"]


@pytest.fixture(scope="session")
def engine() -> Iterator[APIClient]:
    """An engine that has the image of python3.11; without one the test is skipped, or fails in CI."""
    try:
        with reach_engine(threading.Event()) as reached:
            reached.client.inspect_image(STAND_IN)  # type: ignore[no-untyped-call]
            yield reached.client
            return
    except ImageNotFound:
        reason = f"the Docker engine has no {STAND_IN}"
    except BuildError as error:
        reason = error.message
    if os.environ.get(REQUIRED):
        pytest.fail(reason)
    pytest.skip(reason)


@dataclass
class Dockerized:
    """A service for python3.11, and what containers of its own are known by."""

    project: Project
    client: APIClient
    mark: str
    events: list[Event]
    cancel: threading.Event

    def options(self, **more: object) -> dict[str, object]:
        """Options of a build in containers that can be told from those of other tests."""
        arguments = more.pop("dockerRunCmdExtraArgs", [])
        assert isinstance(arguments, list)
        return {"dockerizePip": True, "dockerRunCmdExtraArgs": [*arguments, "--label", self.mark], **more}

    def compiling(self, **more: object) -> dict[str, object]:
        """The same, in an image that has a compiler, git and ssh."""
        self.project.write({"Dockerfile": COMPILER})
        return self.options(
            dockerFile="Dockerfile",
            dockerBuildCmdExtraArgs=HOST_NETWORK,
            dockerRunCmdExtraArgs=list(HOST_NETWORK),
            **more,
        )

    def build(self, *, report: Report | None = None, offline: bool = False, **options: object) -> Result:
        """Estimate and build."""
        return self.carry_out(self.project.materials(**options), report=report, offline=offline)

    def build_service(self, service: Service) -> Result:
        """The same for a service that is changed otherwise than by its options."""
        return self.carry_out(
            gather(service, report=lambda _: None, cancel=self.cancel, cache=self.project.cache)
        )

    def carry_out(
        self, materials: Materials, *, report: Report | None = None, offline: bool = False
    ) -> Result:
        """Build what was estimated."""
        self.events.clear()
        return run(
            plan(materials.service, materials),
            materials,
            report=report or self.events.append,
            cancel=self.cancel,
            offline=offline,
        )

    def log(self) -> str:
        """The lines of the last build."""
        return "\n".join(event.text for event in self.events if hasattr(event, "text"))

    def steps(self) -> list[str]:
        """The steps of the last build that began."""
        return [event.step for event in self.events if type(event).__name__ == "StepStarted"]

    def containers(self) -> list[dict[str, object]]:
        """Those of this test that are there, running or not."""
        return list(self.client.containers(all=True, filters={"label": self.mark}))

    def leftovers(self) -> list[str]:
        """Work of pyreq-tui that was left unfinished here or with the engine."""
        unfinished = self.project.cache / "wheels" / "unfinished"
        here = [str(path) for path in unfinished.iterdir()] if unfinished.is_dir() else []
        return here + [str(container["Id"]) for container in self.containers()]


@pytest.fixture
def dockerized(engine: APIClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Dockerized]:
    """A service whose requirements are installed in containers; none of them outlives the test."""
    for name in [name for name in os.environ if name.startswith(("PIP_", "UV_")) and name != "PIP_CERT"]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    project = make_project(tmp_path, SERVERLESS.replace("python3.12", "python3.11"))
    made = Dockerized(project, engine, f"pyreq-test={uuid4().hex}", [], threading.Event())
    yield made
    for container in made.containers():
        with suppress(DockerException):
            remove(engine, str(container["Id"]))
