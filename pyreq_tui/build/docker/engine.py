"""Reaches the Docker engine that the user's own ``docker`` command would, and says why where it can't."""

from __future__ import annotations

import errno
import os
import socket
import sys
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pyreq_tui.build.docker.tunnel import tunnel
from pyreq_tui.errors import BuildError
from pyreq_tui.processes import clean_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docker import APIClient
    from docker.tls import TLSConfig
    from requests import Response

    from pyreq_tui.processes import Cancel

TIMEOUT_SECONDS = 60
"""What the engine gets for a short answer; streams may be silent for longer."""
_SOCKETS = (
    "/var/run/docker.sock",
    "~/.docker/run/docker.sock",  # Docker Desktop
    "~/.colima/default/docker.sock",
    "$XDG_RUNTIME_DIR/docker.sock",  # rootless
    "$XDG_RUNTIME_DIR/podman/podman.sock",
    "/run/podman/podman.sock",
)
"""Where engines listen that nobody has named, in the order to try."""
_WITHOUT_DOCKER = "Packages that have wheels need no container: build those with --docker auto."


@dataclass(frozen=True)
class Endpoint:
    """Where the engine listens."""

    url: str
    """``unix://``, ``npipe://``, ``tcp://`` or ``ssh://``."""
    tls: TLSConfig | None = None

    @property
    def is_local(self) -> bool:
        """Whether the engine shares this machine's files, so that a socket here can be mounted there."""
        return self.url.startswith(("unix://", "npipe://"))


@dataclass(frozen=True)
class Engine:
    """An engine that has answered."""

    client: APIClient
    endpoint: Endpoint

    @property
    def environment(self) -> dict[str, str]:
        """With it the ``docker`` command reaches the same engine."""
        named = {} if self.endpoint.tls else {"DOCKER_HOST": self.endpoint.url}
        return {**os.environ, **named}


@contextmanager
def reach_engine(cancel: Cancel) -> Iterator[Engine]:
    """The engine that ``DOCKER_HOST``, ``DOCKER_CONTEXT`` or the current context names, or a socket known.

    Raises BuildError with the cause and its way out where none answers, and Cancelled.
    """
    try:
        import docker  # here, for only what is built in a container needs it
        from docker.errors import DockerException
    except ImportError as error:
        raise BuildError(
            f"Docker's client library can't be loaded: {error}.",
            hint="Install it: pip install 'docker>=7.2'.",
        ) from error
    endpoint = find_endpoint()
    with ExitStack() as open_things:
        url = endpoint.url
        if url.startswith("ssh://"):
            url = open_things.enter_context(tunnel(url, cancel))
        try:
            _knock(url)
            client = docker.APIClient(
                base_url=url, version="auto", timeout=TIMEOUT_SECONDS, tls=endpoint.tls or False
            )
        except (DockerException, OSError) as error:
            raise unreachable(endpoint, error) from error
        open_things.callback(client.close)
        open_things.callback(_end_streams, _streams_of(client))
        yield Engine(client, endpoint)


def _knock(url: str) -> None:
    """See that somebody listens at a local socket. Raises OSError with the plain cause where nobody does."""
    if url.startswith("unix://"):
        with socket.socket(socket.AF_UNIX) as knocking:
            knocking.settimeout(TIMEOUT_SECONDS)
            knocking.connect(url.removeprefix("unix://"))


def _streams_of(client: APIClient) -> list[Response]:
    """The client's answers that come in pieces, as they begin from here on."""
    streams: list[Response] = []

    def remember(response: Response, *_: object, **how: object) -> None:
        if how.get("stream"):
            streams.append(response)

    client.hooks["response"].append(remember)
    return streams


def _end_streams(streams: list[Response]) -> None:
    """Hang up: the engine stops what nobody listens to, and a thread that still reads goes on to its end."""
    for response in streams:
        with suppress(OSError, RuntimeError, ValueError, AttributeError):  # it is over already
            response.raw.shutdown()
        response.close()


def find_endpoint() -> Endpoint:
    """Where the engine listens. Raises BuildError for a context or TLS files that are not there."""
    from docker.context import ContextAPI
    from docker.errors import DockerException
    from docker.utils import kwargs_from_env

    try:
        named = kwargs_from_env(environment=dict(os.environ))
        if "base_url" not in named:
            named = ContextAPI.kwargs_from_context(environment=dict(os.environ))
            name = os.environ.get("DOCKER_CONTEXT")
            if not named and name and name != "default":
                raise BuildError(
                    f"There is no Docker context {name!r}, which DOCKER_CONTEXT names.",
                    hint="See `docker context ls`, or unset DOCKER_CONTEXT.",
                )
    except (DockerException, OSError, ValueError, KeyError) as error:
        raise BuildError(
            f"Docker's configuration can't be used: {clean_line(str(error))}.",
            hint="Check DOCKER_HOST, DOCKER_CONTEXT, DOCKER_CERT_PATH and ~/.docker.",
        ) from error
    url, tls = named.get("base_url"), named.get("tls")
    is_default = not url or url in ("unix:///var/run/docker.sock", "http+unix:///var/run/docker.sock")
    if is_default and not os.environ.get("DOCKER_HOST"):
        return Endpoint(_known_socket())
    return Endpoint(str(url).replace("http+unix://", "unix://"), tls or None)


def _known_socket() -> str:
    if sys.platform == "win32":
        return "npipe:////./pipe/docker_engine"
    places = [Path(os.path.expandvars(place)).expanduser() for place in _SOCKETS]
    return f"unix://{next((place for place in places if place.is_socket()), places[0])}"


def unreachable(endpoint: Endpoint, error: Exception) -> BuildError:
    """Why nobody answers there, each cause with its own way out."""
    place = clean_line(endpoint.url)
    cause = _system_error(error)
    if isinstance(cause, PermissionError):
        return BuildError(
            f"You may not use the Docker engine at {place}: permission denied.",
            hint="Join its group (sudo usermod -aG docker $USER, then log in again), or use rootless Docker "
            "or Podman.",
        )
    if endpoint.is_local and isinstance(cause, FileNotFoundError):
        return BuildError(
            f"There is no Docker engine: nothing is at {place}.",
            hint=f"Install and start Docker or Podman, or name its engine in DOCKER_HOST. {_WITHOUT_DOCKER}",
        )
    if isinstance(cause, ConnectionRefusedError):
        start = (
            "Start it (sudo systemctl start docker, or Docker Desktop)."
            if endpoint.is_local
            else f"Start it on {urlsplit(endpoint.url).hostname}, or correct DOCKER_HOST or the context."
        )
        return BuildError(f"The Docker engine at {place} is not running.", hint=f"{start} {_WITHOUT_DOCKER}")
    reason = cause.strerror if cause is not None and cause.strerror else clean_line(str(error))
    return BuildError(
        f"The Docker engine at {place} can't be reached: {reason}.",
        hint=f"Check DOCKER_HOST, the context, and its TLS files. {_WITHOUT_DOCKER}",
    )


def _system_error(error: BaseException) -> OSError | None:
    """What the system said first: libraries wrap it several times, as a cause or among the arguments."""
    seen: list[BaseException] = []
    waiting: list[BaseException] = [error]
    while waiting:
        each = waiting.pop()
        if each in seen:
            continue
        seen.append(each)
        if isinstance(each, OSError) and each.errno in errno.errorcode:
            return each
        nested = (each.__cause__, each.__context__, getattr(each, "reason", None), *each.args)
        waiting += [item for item in nested if isinstance(item, BaseException)]
    return None


@contextmanager
def engine_errors(doing: str) -> Iterator[None]:
    """Turn what the engine refuses, or its silence, into a BuildError that says what was being done."""
    from docker.errors import APIError, DockerException
    from requests.exceptions import RequestException
    from urllib3.exceptions import HTTPError

    try:
        yield
    except APIError as error:
        said = clean_line(str(error.explanation or error))
        raise BuildError(f"Docker refused {doing}: {said}", hint=_refusal_hint(said)) from error
    except (DockerException, RequestException, HTTPError, OSError) as error:
        raise gone(doing) from error


def gone(doing: str) -> BuildError:
    """The engine answered before, and answers no more."""
    return BuildError(
        f"The Docker engine went away {doing}.",
        hint="It was stopped, or the connection broke. See that it runs (docker info), then build again.",
    )


def _refusal_hint(said: str) -> str | None:
    if "no space left on device" in said.lower():
        return DISK_HINT
    if "exec format error" in said:
        return EMULATION_HINT
    if "bind source path does not exist" in said:
        return "The engine runs elsewhere, or in a machine of its own: it can't mount this machine's files."
    return None


DISK_HINT = "Make room where the engine keeps its data: docker system df, then docker system prune."
EMULATION_HINT = (
    "Let the engine emulate it: docker run --privileged --rm tonistiigi/binfmt --install all; "
    "or build on such a machine, named by DOCKER_HOST."
)
