"""The uv that comes with pyreq-tui, and the environment in which it answers the same everywhere."""

from __future__ import annotations

import os
import re
import shutil
import threading

from pyreq_tui.errors import BuildError
from pyreq_tui.processes.failure import INSTALL_HINTS

_UV_SURROUNDINGS = re.compile(
    r"UV_(CACHE_DIR|NO_CACHE|OFFLINE|INSECURE_HOST|KEYRING_PROVIDER|NATIVE_TLS|SYSTEM_CERTS|CREDENTIALS_DIR"
    r"|REQUEST_TIMEOUT|HTTP_\w+|CONCURRENT_\w+|INDEX_\w+_(USERNAME|PASSWORD))"
)
"""uv's variables that say how it reaches the world, not what it resolves."""

_FINDING_UV = threading.Lock()


def uv_executable() -> str:
    """The path of the uv that came with pyreq-tui, or else of the one on PATH.

    Raises BuildError without either.
    """
    from uv import find_uv_bin

    try:
        # sysconfig fills its variables in on first use, without a lock: a second thread sees them half done.
        with _FINDING_UV:
            return os.fspath(find_uv_bin())
    except FileNotFoundError:
        if found := shutil.which("uv"):
            return found
        raise BuildError(
            "uv was not found, though it comes with pyreq-tui.", hint=INSTALL_HINTS["uv"]
        ) from None


def uv_environment(*, is_configured: bool = False) -> dict[str, str]:
    """The environment for a uv that answers the same whatever the user's own uv is set up to do.

    Where to cache, how to reach the network and credentials stay; what would steer a resolution goes, unless
    ``is_configured`` (the user chose uv, so its variables are meant).
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if is_configured or not name.startswith("UV_") or _UV_SURROUNDINGS.fullmatch(name)
    }
    kept.pop("COLUMNS", None)  # uv would break its lines there
    return {**kept, "NO_COLOR": "1", "UV_NO_PROGRESS": "1", "UV_PYTHON_DOWNLOADS": "never"}
