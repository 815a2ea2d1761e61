"""The real tools, installed once for all workers, and a little world for them to lock in."""

from __future__ import annotations

import fcntl
import functools
import http.server
import os
import subprocess
import sys
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from textwrap import dedent
from typing import TYPE_CHECKING

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement as Specification
from packaging.utils import canonicalize_name

from pyreq_tui.locks import resolve, settings_for, target_for
from pyreq_tui.processes import uv_environment, uv_executable
from pyreq_tui.sources import read_source
from tests.index_server import IndexServer
from tests.making import make_wheel
from tests.sources.projects import found, service

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

TOOLS = {
    "poetry-1.8": ("poetry>=1.8,<1.9", "poetry-plugin-export<1.9"),
    "poetry-2": ("poetry>=2", "poetry-plugin-export"),
    "poetry-2 without its plugin": ("poetry>=2",),
    "pipenv": ("pipenv",),
    # The last before `pipenv requirements`; and what it starts with.
    "pipenv-2022.3": ("pipenv==2022.3.28", "setuptools<66"),
    "pipenv that does not start": ("pipenv==2022.3.28", "setuptools>=84"),
    "pdm": ("pdm[locked]",),
    # The last that resolves without httpx, which changes under newer ones; and what it was made for.
    "pdm-2.11": ("pdm==2.11.2", "findpython<0.7", "unearth<0.13"),
    "uv-0.4": ("uv==0.4.30",),
    "uv-0.8": ("uv==0.8.24",),
    "uv": ("uv",),
}
TARGETS = [
    target_for(f"python3.{minor}", architecture)
    for minor in (9, 10, 11, 12, 13)
    for architecture in ("x86_64", "arm64")
]
WHEELS: list[dict[str, object]] = [
    {
        "name": "alpha",
        "requires": [
            "beta>=1",
            "gamma; extra == 'x'",
            "delta; extra == 'x' and sys_platform == 'win32'",
            "old; python_version < '3.11'",
        ],
        "extras": ["x"],
    },
    {"name": "beta", "version": "1.0"},
    {"name": "beta", "version": "2.0", "requires": ["zeta; platform_machine == 'aarch64'"]},
    {"name": "gamma", "requires": ["beta"]},
    {"name": "split", "version": "1.0"},
    {"name": "split", "version": "2.0"},
    *[dict[str, object](name=name) for name in ("delta", "old", "zeta", "opt", "dev-only", "heavy", "tool")],
]
BACKEND = '''\
"""Builds a wheel of nothing but what pyproject.toml says."""

import pathlib
import re
import zipfile


def _metadata():
    text = pathlib.Path("pyproject.toml").read_text()
    name = re.search(r'^name = "(.*)"', text, re.M)[1]
    needs = re.findall(r'"([^"]+)"', re.search(r"^dependencies = \\[(.*)\\]", text, re.M)[1])
    lines = ["Metadata-Version: 2.1", f"Name: {name}", "Version: 1", "Requires-Python: >=3.9"]
    return name, "\\n".join([*lines, *(f"Requires-Dist: {need}" for need in needs)]) + "\\n"


def prepare_metadata_for_build_wheel(folder, settings=None):
    name, metadata = _metadata()
    info = pathlib.Path(folder, f"{name}-1.dist-info")
    info.mkdir()
    (info / "METADATA").write_text(metadata)
    (info / "WHEEL").write_text("Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
    return info.name


def build_wheel(folder, settings=None, metadata_folder=None):
    name, metadata = _metadata()
    filename = f"{name}-1-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(folder, filename), "w") as wheel:
        wheel.writestr(f"{name}.py", "")
        wheel.writestr(f"{name}-1.dist-info/METADATA", metadata)
        wheel.writestr(
            f"{name}-1.dist-info/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n"
        )
        wheel.writestr(f"{name}-1.dist-info/RECORD", "")
    return filename


prepare_metadata_for_build_editable, build_editable = prepare_metadata_for_build_wheel, build_wheel
'''
_STEERING = ("PIP_", "UV_", "POETRY_", "PIPENV_", "PDM_")


@dataclass(frozen=True)
class Workshop:
    """Installs tools, and runs them on projects against an index of a few wheels."""

    tools: Path
    index: str
    by_url: str
    """The URL of a wheel that no index has, ``byurl``: it needs ``beta``."""
    repository: str
    """A git repository (``file:``) with the projects ``gitlib`` and, in its folder ``sub``, ``gitsub``."""
    served_repository: str
    """The same over ``http:``, which is what PDM takes."""

    def written(self, text: str) -> str:
        """A manifest with the places of this world filled in."""
        for name in ("index", "by_url", "repository", "served_repository"):
            text = text.replace(f"<{name}>", getattr(self, name))
        return dedent(text)

    def run(self, tool: str, *arguments: str, cwd: Path) -> str:
        """What ``arguments[0]`` of the environment of ``tool`` says to the rest of them."""
        done = subprocess.run(
            [str(self.installed(tool) / arguments[0]), *arguments[1:]],
            cwd=cwd,
            env=self.environment(tool, cwd),
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def environment(self, tool: str, home: Path) -> dict[str, str]:
        """``tool`` first on PATH; nothing that steers it, and nothing it leaves behind outside ``home``."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(_STEERING)}
        return {
            **kept,
            "PATH": f"{self.installed(tool)}:{os.environ['PATH']}",
            "HOME": str(home / "home"),
            "PIP_CONFIG_FILE": os.devnull,
            "PIPENV_VENV_IN_PROJECT": "1",
            "PIPENV_IGNORE_VIRTUALENVS": "1",
            "POETRY_VIRTUALENVS_IN_PROJECT": "true",
            "PDM_CHECK_UPDATE": "0",
            "UV_PYTHON_DOWNLOADS": "never",
        }

    def use(self, tool: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        """Have this process find ``tool`` where it would look for one."""
        environment = self.environment(tool, home)
        for name in set(os.environ) - set(environment):
            monkeypatch.delenv(name)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)

    def pinned(self, module: Path, monkeypatch: pytest.MonkeyPatch, **options: object) -> set[str]:
        """Of what speaks for ``module``, what is pinned for one Target, on a machine without own settings."""
        for name in [name for name in os.environ if name.startswith(_STEERING)]:
            monkeypatch.delenv(name)
        monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
        chosen = service(module, **options).options
        source = read_source(found(module), chosen)
        lock = resolve(
            source,
            TARGETS[-2],
            chosen,
            settings_for(source, chosen),
            cache=None,
            offline=False,
            cancel=threading.Event(),
            on_line=str,
        )
        assert all((pin.wheel is None) is not (pin.unbuilt is None) for pin in lock.pins)
        return {pin.name for pin in lock.pins}

    def installed(self, tool: str) -> Path:
        """The folder of the programs of ``tool``, which is installed on first use."""
        folder = self.tools / tool.replace(" ", "-")
        with (self.tools / f"{folder.name}.lock").open("w") as held:
            fcntl.flock(held, fcntl.LOCK_EX)  # until it is closed: other workers wait, and find it installed
            if not (folder / "ready").exists():
                uv = uv_executable()
                install = [uv, "pip", "install", "--python", str(folder / "bin/python"), *TOOLS[tool]]
                for command in ([uv, "venv", "--python", sys.executable, str(folder)], install):
                    done = subprocess.run(
                        command,
                        env=uv_environment(),
                        capture_output=True,
                        text=True,
                        timeout=500,
                        check=False,
                    )
                    if done.returncode:
                        pytest.skip(f"{tool} can't be installed here: {done.stderr[-500:]}")
                (folder / "ready").touch()
        return folder / "bin"


@contextmanager
def opened_workshop(tools: Path, world: Path) -> Iterator[Workshop]:
    """A Workshop whose wheels and repository are made in ``world`` and served while it is open."""
    tools.mkdir(exist_ok=True)
    for arguments in WHEELS:
        make_wheel(world / "wheels", **arguments)  # type: ignore[arg-type]  # as make_wheel takes them
    by_url = make_wheel(world / "elsewhere", "byurl", requires=["beta"])
    repository = world / "repository"
    make_project(repository, "gitlib", "old")
    make_project(repository / "sub", "gitsub", "zeta")
    git = ["git", "-c", "user.name=x", "-c", "user.email=x@x", "-C", str(repository)]
    for command in (["init", "-q", "-b", "main"], ["add", "."], ["commit", "-qm", "x"]):
        subprocess.run([*git, *command], check=True)
    subprocess.run([*git, "clone", "-q", "--bare", ".", str(world / "served.git")], check=True)
    subprocess.run(["git", "-C", str(world / "served.git"), "update-server-info"], check=True)
    with ExitStack() as stack:
        index = stack.enter_context(IndexServer(world / "wheels"))
        elsewhere = stack.enter_context(IndexServer(world / "elsewhere"))
        files = stack.enter_context(_served(world))
        yield Workshop(
            tools,
            index.url,
            elsewhere.file_url(by_url.name),
            f"file://{repository}",
            f"{files}/served.git",
        )


@contextmanager
def _served(folder: Path) -> Iterator[str]:
    """``folder`` over HTTP: its URL."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *_: object) -> None:
            """Nothing on the terminal of the tests."""

    server = http.server.ThreadingHTTPServer(
        ("127.0.0.1", 0), functools.partial(Handler, directory=str(folder))
    )
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def make_project(folder: Path, name: str, *needs: str) -> Path:
    """A project that any tool can build without an index: its build backend lies beside it."""
    folder.mkdir(parents=True)
    (folder / "backend.py").write_text(BACKEND)
    (folder / "pyproject.toml").write_text(
        f'[project]\nname = "{name}"\nversion = "1"\nrequires-python = ">=3.9"\n'
        f"dependencies = [{', '.join(f'{chr(34)}{need}{chr(34)}' for need in needs)}]\n"
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    )
    return folder


def shipped(lines: Iterable[str]) -> list[set[str]]:
    """By Target: of the lines whose marker holds, names with versions or the place they come from."""
    specifications = [Specification(line) for line in lines]
    return [
        {
            f"{canonicalize_name(item.name)}{item.specifier}{_place(item.url)}"
            for item in specifications
            if item.marker is None or Marker(str(item.marker)).evaluate({**target.environment(), "extra": ""})
        }
        for target in TARGETS
    ]


def exported(text: str) -> list[set[str]]:
    """By Target: what a tool's own export names."""
    lines = [line.removeprefix("-e ").strip() for line in text.splitlines()]
    return shipped(_named(line) for line in lines if line and not line.startswith(("-", "#")))


def _named(line: str) -> str:
    """A line of a requirements file with the name that it may leave to the place it points to."""
    place, separator, marker = line.partition(" ;")
    if " @ " in place or not ("/" in place or place.startswith(".")):
        return line
    bare, _, fragment = place.partition("#")
    parts = dict(part.split("=") for part in fragment.split("&") if part)
    name = parts.get("egg") or bare.rstrip("/").rsplit("/", 1)[-1].split("-1", 1)[0]
    inside = f"#subdirectory={parts['subdirectory']}" if "subdirectory" in parts else ""
    url = bare if "://" in bare else f"file:{bare}"
    return f"{name} @ {url}{inside}{separator}{marker}"


def _place(url: str | None) -> str:
    """Where a package comes from; of a path the last part, for each tool writes the rest in its way."""
    if not url:
        return ""
    path = url.removeprefix("file:")
    return f" @ {url if path == url else path.rstrip('/').rsplit('/', 1)[-1]}"
