"""Which Docker engine answers here, asked without waiting for one that does not."""

from __future__ import annotations

from pyreq_tui.errors import BuildError
from pyreq_tui.processes import clean_line

PATIENCE_SECONDS = 1
"""A local engine answers in a few milliseconds."""


def engine_version() -> str:
    """The engine's version and where it listens; or why there is none, in a few words."""
    try:
        import docker  # here, for it takes as long to load as most commands take to run
        from docker.errors import DockerException
        from requests.exceptions import RequestException

        from pyreq_tui.build.docker.engine import find_endpoint
    except ImportError as error:
        return f"no client library ({error})"
    try:
        endpoint = find_endpoint()
    except BuildError as error:
        return error.message
    if endpoint.url.startswith("ssh://"):
        return "not asked: it is reached over SSH"
    try:
        client = docker.APIClient(
            base_url=endpoint.url, version="auto", timeout=PATIENCE_SECONDS, tls=endpoint.tls or False
        )
        try:
            return clean_line(f"{client.version().get('Version', '?')} at {endpoint.url}")
        finally:
            client.close()
    except (DockerException, RequestException, OSError):
        return clean_line(f"none answers at {endpoint.url}")
