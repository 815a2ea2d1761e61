"""``info``: what a bug report should say of this machine. Nothing secret: of variables the names alone."""

from __future__ import annotations

import locale
import os
import platform
import shutil
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

from platformdirs import user_config_path

from pyreq_tui import __version__, processes
from pyreq_tui.aws import facts
from pyreq_tui.build import cache_folder, engine_version, list_caches
from pyreq_tui.cli.output import write_json, write_text
from pyreq_tui.errors import BuildError
from pyreq_tui.locks import find_interpreter, target_for
from pyreq_tui.redact import redact
from pyreq_tui.sizes import format_size

if TYPE_CHECKING:
    from collections.abc import Mapping

_LIBRARIES = ("click", "deflate", "docker", "packaging", "pip", "pyyaml", "requests", "rich", "textual", "uv")
_TERMINAL = ("TERM", "TERM_PROGRAM", "COLORTERM", "NO_COLOR", "LANG", "LC_ALL", "TMUX", "SSH_CONNECTION")
"""Variables that decide how the screens look."""
_SAID = frozenset({"TERM", "TERM_PROGRAM", "COLORTERM", "LANG", "LC_ALL"})
"""Those of them whose values are harmless."""
_STEERING = ("PIP_", "UV_", "DOCKER_", "PIPENV_", "POETRY_", "XDG_", "PYENV_")
_PROXIES = frozenset({"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"})
_CERTIFICATES = frozenset({"SSL_CERT_FILE", "REQUESTS_CA_BUNDLE"})


def info(*, as_json: bool) -> None:
    """Print it."""
    data = gather_info()
    if as_json:
        write_json(data)
    else:
        write_text("\n".join(_lines(data)))


def gather_info() -> dict[str, object]:
    """What is known, by topic."""
    cache = cache_folder(None)
    return {
        "pyreq-tui": __version__,
        "python": f"{platform.python_version()} at {_home(sys.executable)}",
        "platform": f"{platform.platform()} {platform.machine()}",
        "uv": _uv(),
        "docker engine": redact(engine_version()),
        "libraries": {name: _installed(name) for name in _LIBRARIES},
        "terminal": _terminal(),
        "cache": {
            "folder": _home(str(cache)),
            "bytes": sum(each.size_bytes for each in list_caches(cache)),
        },
        "settings folder": _home(str(user_config_path("pyreq-tui", appauthor=False))),
        "interpreters": _interpreters(),
        "variables set": _steering(),
        "lambda facts": f"as of {facts().as_of}",
    }


def _lines(data: Mapping[str, object]) -> list[str]:
    lines = []
    for topic, value in data.items():
        if isinstance(value, dict):
            width = max((len(name) for name in value), default=0)
            lines += [topic, *(f"  {name:<{width}}  {_shown(name, part)}" for name, part in value.items())]
        elif isinstance(value, list):
            lines.append(f"{topic}: {', '.join(map(str, value)) or 'none'}")
        else:
            lines.append(f"{topic}: {value}")
    return lines


def _shown(name: str, value: object) -> str:
    return format_size(value) if name == "bytes" and isinstance(value, int) else str(value)


def _home(path: str) -> str:
    """The path with ``~`` for the user's folder: whose it is, is nobody's business."""
    home = str(Path.home())
    return f"~{path.removeprefix(home)}" if path == home or path.startswith(home + os.sep) else path


def _installed(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed"


def _uv() -> str:
    try:
        executable = processes.uv_executable()
        said = processes.run([executable, "--version"], cancel=threading.Event()).strip()
    except BuildError as error:
        return error.message
    return f"{said.removeprefix('uv ')} at {_home(executable)}"


def _terminal() -> dict[str, str]:
    size = shutil.get_terminal_size()
    is_one = all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))
    said = {
        "size": f"{size.columns} by {size.lines}" if is_one else "none: input or output is no terminal",
        "encoding": f"{getattr(sys.stdout, 'encoding', None)}, locale {locale.getpreferredencoding(False)}",
    }
    for name in _TERMINAL:
        if name in os.environ:
            said[name] = os.environ[name] if name in _SAID else "set"
    return said


def _interpreters() -> dict[str, str]:
    """By runtime that AWS still takes: the Python here that could build for it."""
    known = facts()
    current = [name for name, runtime in known.runtimes.items() if runtime.deprecated > known.as_of]
    with ThreadPoolExecutor() as looking:
        return dict(zip(current, looking.map(_interpreter, current), strict=True))


def _interpreter(runtime: str) -> str:
    executable = find_interpreter(target_for(runtime, "x86_64").python, None, cancel=threading.Event())
    return _home(executable) if executable else "none"


def _steering() -> list[str]:
    """Names of variables that steer the tools used here."""
    return sorted(
        name for name in os.environ if name.startswith(_STEERING) or name.upper() in _PROXIES | _CERTIFICATES
    )
