"""Real little projects to find and read sources in."""

from __future__ import annotations

from dataclasses import replace
from textwrap import dedent
from typing import TYPE_CHECKING

from pyreq_tui.service import Options, Service
from pyreq_tui.sources import Requirements, Source, find_source, read_source

if TYPE_CHECKING:
    from pathlib import Path


def write(root: Path, files: dict[str, str]) -> Path:
    """Write ``files`` below ``root``; returns ``root``."""
    for name, text in files.items():
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text))
    return root


def service(root: Path, **options: object) -> Service:
    """A service in ``root`` with some options set."""
    return Service(
        name="tests",
        root=root,
        config_file=root / "serverless.yml",
        provider="aws",
        runtime="python3.12",
        architecture="x86_64",
        stage="dev",
        enabled=True,
        reason=None,
        options=replace(Options(), **options),  # type: ignore[arg-type]  # named by the caller
        functions=(),
        patterns=(),
        individually=False,
        layer_paths=(),
        uses_dotenv=False,
        problems=(),
    )


def found(root: Path, module: str = ".", **options: object) -> Source:
    source = find_source(service(root, **options), module)
    assert source is not None
    return source


def requirements(
    root: Path, text: str | bytes | None = None, module: str = ".", **options: object
) -> Requirements:
    """What the requirements file of a module says, after writing ``text`` into it."""
    if text is not None:
        (root / module).mkdir(parents=True, exist_ok=True)
        (root / module / "requirements.txt").write_bytes(text.encode() if isinstance(text, str) else text)
    read = read_source(found(root, module, **options), service(root, **options).options)
    assert isinstance(read, Requirements)
    return read
