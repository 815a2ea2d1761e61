"""Makes real services for tests, whose requirements are real wheels in a folder beside them."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import chdir, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

from pyreq_tui.build import Materials, Plan, gather, plan
from pyreq_tui.cli import main
from pyreq_tui.service import Service, load_service
from pyreq_tui.tui import open_workbench
from tests.making import make_wheel
from tests.surroundings import acquaint

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SERVERLESS = """\
service: shop
provider:
  name: aws
  runtime: python3.12
custom:
  pythonRequirements: {}
functions:
  main:
    handler: handler.main
"""


@dataclass(frozen=True)
class Project:
    """A service on disk, with caches of its own."""

    root: Path
    wheels: Path
    cache: Path

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write files below the root, making folders as needed."""
        for name, content in files.items():
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)

    def require(self, *lines: str, module: str = ".") -> None:
        """Write a module's requirements.txt that resolves from the wheels folder alone."""
        text = f"--no-index\n--find-links {self.wheels}\n" + "".join(f"{line}\n" for line in lines)
        self.write({f"{module}/requirements.txt": text})

    def load(self, **overrides: object) -> Service:
        """The service, with options changed for this run."""
        return load_service(self.root, overrides=overrides)

    def materials(self, **overrides: object) -> Materials:
        """What a Plan of it is made of."""
        return gather(
            self.load(**overrides), report=lambda _: None, cancel=threading.Event(), cache=self.cache
        )

    def plan(self, **overrides: object) -> Plan:
        """What a build of it would write."""
        materials = self.materials(**overrides)
        return plan(materials.service, materials)

    def environment(self, **more: str) -> dict[str, str]:
        """For children: caches below this project's folder."""
        return {
            **os.environ,
            "XDG_CACHE_HOME": str(self.cache),
            "UV_CACHE_DIR": str(self.cache / "uv"),
            **more,
        }

    def command(
        self, *arguments: str, cwd: Path | None = None, **more: str
    ) -> subprocess.CompletedProcess[str]:
        """Run the command line in this process, given what a child would have: folder, environment, streams.

        Starting Python takes longer than most commands do; ``child`` is for what only a process can show.
        """
        taken, told = (TextIOWrapper(BytesIO(), encoding="utf-8", newline="") for _ in range(2))
        with (
            chdir(cwd or self.root),
            patch.dict(os.environ, self.environment(**more), clear=True),
            Path(os.devnull).open() as nothing,
            patch.object(sys, "stdin", nothing),
            redirect_stdout(taken),
            redirect_stderr(told),
        ):
            status = main(open_workbench, arguments)
        stdout, stderr = (stream.buffer.getvalue().decode() for stream in (taken, told))
        return subprocess.CompletedProcess(arguments, status, stdout, stderr)

    def child(self, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        """Run the real command line in a child process."""
        return subprocess.run(
            [sys.executable, "-m", "pyreq_tui", *arguments],
            cwd=self.root,
            env=self.environment(**more),
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            timeout=120,
        )

    def listing(self) -> dict[str, bytes]:
        """Every file of the user's, with its bytes: what a build must leave alone."""
        return {
            path.relative_to(self.root).as_posix(): path.read_bytes()
            for path in sorted(self.root.rglob("*"))
            if path.is_file() and ".serverless" not in path.parts
        }


def make_project(
    folder: Path, serverless: str = SERVERLESS, requirements: Sequence[str] | None = ("alpha",)
) -> Project:
    """A service with two small packages to be had: ``alpha`` needs ``beta``."""
    project = Project(folder / "service", folder / "wheels", folder / "cache")
    make_wheel(
        project.wheels,
        "alpha",
        "1.2",
        {"alpha/__init__.py": "import beta\n" * 50, "alpha/tests/test_alpha.py": "def test(): pass\n" * 9},
        requires=["beta>=1"],
    )
    make_wheel(project.wheels, "beta", "2.0", {"beta.py": "VALUE = 1\n" * 20})
    project.write(
        {
            "serverless.yml": serverless,
            "handler.py": "import alpha\n\n\ndef main(event, context):\n    return {}\n",
        }
    )
    if requirements is not None:
        project.require(*requirements)
    for caches in (
        project.cache,
        project.cache / "pyreq-tui",
    ):  # where a call is told to cache, and a command
        acquaint(caches / "uv")
    return project


def in_layer(project: Project) -> None:
    """Have the project's function name the layer of its requirements, should one be built."""
    text = (project.root / "serverless.yml").read_text()
    handler = "handler: handler.main"
    layers = f"{handler}\n    layers: [{{Ref: PythonRequirementsLambdaLayer}}]"
    project.write({"serverless.yml": text.replace(handler, layers)})
