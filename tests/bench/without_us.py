"""What people do without us: ``uv pip install --target``, then ``zip -6``; or just copying the bytes."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from uv import find_uv_bin

from tests.bench.children import Run, run

if TYPE_CHECKING:
    from pathlib import Path


def install_and_zip(work: Path, cache: Path, *requirements: str | Path) -> Run:
    """Install what is asked for, as arguments of ``uv pip install``, and zip it."""
    target = work / "target"
    shutil.rmtree(target, ignore_errors=True)
    (work / "target.zip").unlink(missing_ok=True)
    foreign = ["--python-version", "3.12", "--python-platform", "x86_64-manylinux_2_34"]
    command = [find_uv_bin(), "pip", "install", "-q", "--no-python-downloads", *foreign]
    install = run([*command, "--target", target, *requirements], env={"UV_CACHE_DIR": str(cache)})
    packed = run(["zip", "-6", "-q", "-r", work / "target.zip", "."], cwd=target)
    return Run(
        install.seconds + packed.seconds,
        max(install.peak_bytes, packed.peak_bytes),
        install.output + packed.output,
    )


def copy_bytes(wheels: list[Path], place: Path) -> Run:
    """The floor: the same wheels' bytes, copied."""
    place.mkdir(exist_ok=True)
    return run(["cp", *wheels, place])
