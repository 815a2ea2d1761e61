"""Private dependencies over SSH: cloned in the container, with a key or an agent, which it does not keep."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.errors import BuildError
from tests.docker.git_host import git_host, ssh_agent

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyreq_tui.build import Result
    from tests.docker.conftest import Dockerized
    from tests.docker.git_host import GitHost

pytestmark = [pytest.mark.docker, pytest.mark.slow]

PRIVATE = {
    "pyproject.toml": (
        '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
        '[project]\nname = "private"\nversion = "3.0"\n'
    ),
    "private.py": "SECRET = 'sauce'\n",
}


@pytest.fixture
def host(dockerized: Dockerized, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[GitHost]:
    """A service that requires what only this host has; a home that knows it."""
    with git_host(tmp_path / "host", PRIVATE) as host:
        home = tmp_path / "home"
        host.trusted_by(home)
        monkeypatch.setenv("HOME", str(home))
        monkeypatch.setenv("GIT_SSH_COMMAND", host.command(home))
        monkeypatch.delenv("SSH_AUTH_SOCK", raising=False)
        dockerized.project.write({"requirements.txt": f"private @ {host.url}\n"})
        yield host


def ships_it(result: Result) -> bool:
    with zipfile.ZipFile(result.artifacts[0].path) as archive:
        return archive.read("private.py") == PRIVATE["private.py"].encode()


def where_it_is(dockerized: Dockerized, text: str) -> list[str]:
    """Where ``text`` stands: among what is kept here, in the log, in images made since, in the volume."""
    kept = [path for path in dockerized.project.cache.rglob("*") if path.is_file()]
    found = [str(path) for path in kept if text.encode() in path.read_bytes()]
    found += ["the log"] if text in dockerized.log() else []
    image = dockerized.client.create_container(
        "public.ecr.aws/sam/build-python3.11:latest-x86_64",
        ["grep", "-rl", text, "/downloads"],
        host_config=dockerized.client.create_host_config(binds=["pyreq-tui-downloads:/downloads"]),
    )
    dockerized.client.start(image["Id"])
    dockerized.client.wait(image["Id"])
    found += dockerized.client.logs(image["Id"]).decode().split()
    dockerized.client.remove_container(image["Id"])
    return found


def test_a_key_is_used_and_not_kept(dockerized: Dockerized, host: GitHost) -> None:
    result = dockerized.build(**dockerized.compiling(dockerSsh=True, dockerPrivateKey=str(host.key)))
    assert ships_it(result)
    assert "Cloning ssh://" in dockerized.log()
    secret = host.key.read_text().splitlines()[2]
    assert where_it_is(dockerized, secret) == []
    assert not dockerized.leftovers()
    again = dockerized.build(**dockerized.compiling(dockerSsh=True, dockerPrivateKey=str(host.key)))
    assert again.cache.is_hit


def test_the_agent_is_handed_on(
    dockerized: Dockerized, host: GitHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ssh_agent(host.key) as socket:
        monkeypatch.setenv("SSH_AUTH_SOCK", str(socket))
        result = dockerized.build(**dockerized.compiling(dockerSsh=True))
    assert ships_it(result)
    assert not dockerized.leftovers()


def test_an_unknown_host_is_not_trusted(dockerized: Dockerized, host: GitHost, tmp_path: Path) -> None:
    options = dockerized.compiling(dockerSsh=True, dockerPrivateKey=str(host.key))
    materials = dockerized.project.materials(**options)
    (tmp_path / "home" / ".ssh" / "known_hosts").write_text("")
    with pytest.raises(BuildError, match="Host key verification failed") as raised:
        dockerized.carry_out(materials)
    assert "ssh-keyscan" in (raised.value.hint or "")
    assert not dockerized.leftovers()


def test_an_image_without_git_is_said_so(dockerized: Dockerized, host: GitHost) -> None:
    with pytest.raises(BuildError, match="no git and no ssh"):
        dockerized.build(**dockerized.options(dockerSsh=True, dockerPrivateKey=str(host.key)))
    assert not dockerized.leftovers()


def test_what_this_machine_can_not_clone_the_container_resolves(
    dockerized: Dockerized, host: GitHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_SSH_COMMAND", "ssh -o BatchMode=yes -o IdentitiesOnly=yes -i /none")
    with dockerized.project.root.joinpath("requirements.txt").open("a") as file:
        file.write(f"--find-links {dockerized.project.wheels}\nalpha\n")
    options = dockerized.compiling(dockerSsh=True, dockerPrivateKey=str(host.key))
    estimate = dockerized.project.plan(**options)
    [told] = [finding for finding in estimate.problems if finding.code == "docker-resolves"]
    assert "A repository could not be fetched" in told.message
    assert not estimate.artifacts[0].is_exact
    result = dockerized.build(**options)
    assert ships_it(result)
    sizes = {package.name: package.version for package in result.plan.artifacts[0].packages}
    assert (sizes["private"], sizes["alpha"], sizes["beta"]) == ("3.0", "1.2", "2.0")
    assert dockerized.build(**options).cache.is_hit
    assert dockerized.project.plan(**options).artifacts[0].is_exact


def test_without_docker_ssh_this_machine_clones(dockerized: Dockerized, host: GitHost) -> None:
    result = dockerized.build(**dockerized.compiling())
    assert ships_it(result)
    assert "Cloning ssh://" not in dockerized.log()
