"""The services that are measured: one with many modules to build, one with very many to scan."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING

from pyreq_tui.errors import OptionChange
from pyreq_tui.service import edit_options, load_service
from pyreq_tui.sources import find_source
from tests.bench.children import Run, best_of, pyreq, run
from tests.bench.table import row
from tests.bench.without_us import install_and_zip

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MODULES = ("requests", "numpy", "pandas", "boto3", "pydantic")
HEAD = """\
service: bench
provider: {name: aws, runtime: python3.12, architecture: x86_64}
package: {individually: true}
custom: {pythonRequirements: {}}
functions:
"""


def make_modules(folder: Path, modules: tuple[str, ...] = MODULES, functions: int = 0) -> Path:
    """A service of modules, each asking for the package it is named after, and functions in turn of each."""
    for module in modules:
        (folder / module).mkdir(parents=True)
        (folder / module / "handler.py").write_text("def main(event, context):\n    return {}\n")
        (folder / module / "requirements.txt").write_text(f"{module}\n")
    names = [(f"f{number}", modules[number % len(modules)]) for number in range(functions or len(modules))]
    entries = (f"  {name}: {{handler: handler.main, module: {module}}}\n" for name, module in names)
    (folder / "serverless.yml").write_text(HEAD + "".join(entries))
    return folder


def module_rows(work: Path) -> list[dict[str, object]]:
    """A second build of five modules against installing and zipping each in turn, both with warm caches."""
    service, out = make_modules(work / "five"), work / "out-five"
    environment = {"XDG_CACHE_HOME": str(work / "cache"), "UV_CACHE_DIR": str(work / "uv")}
    build = pyreq("build", service, "--quiet", "-o", out)

    def warm_build() -> Run:
        shutil.rmtree(out, ignore_errors=True)
        return run(build, env=environment)

    def without_us() -> Run:
        runs = [install_and_zip(work, work / "uv-five", module) for module in MODULES]
        return Run(sum(each.seconds for each in runs), max(each.peak_bytes for each in runs), "")

    run(build, env=environment)
    without_us()
    ours, other = best_of(7, warm_build), best_of(2, without_us)
    return [
        row("warm build of 5 modules / each in turn, installed and zipped", ours.seconds, other.seconds, "s")
    ]


def reading_rows(work: Path) -> list[dict[str, object]]:
    """What reading and editing very large services takes, against a second."""
    many = make_modules(work / "many", tuple(f"module-{number}" for number in range(60)), functions=200)
    large = work / "large"
    large.mkdir()
    filling = "".join(
        f"  entry{number}: {{Type: AWS::SQS::Queue, Count: {number}}}\n" for number in range(90_000)
    )
    (large / "serverless.yml").write_text(f"{HEAD}  main: {{handler: handler.main}}\nresources:\n{filling}")

    def scan() -> object:
        service = load_service(many)
        return [find_source(service, module) for module in {each.module for each in service.functions}]

    # Each once: a text that was read before is known, and would be read in no time.
    scanning, reading = _seconds(scan), _seconds(lambda: load_service(large))
    service = load_service(large)
    editing = _seconds(lambda: edit_options(service, [OptionChange("slim", value=True)]))
    return [
        row("scan of 200 functions over 60 modules / 1 s", scanning, 1, "s"),
        row("an option set in 5 MB of serverless.yml / reading it", editing, reading, "s"),
    ]


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
