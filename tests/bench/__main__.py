"""Runs every benchmark: ``python -m tests.bench [--json FILE]``. Needs the package index and minutes."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from functools import partial
from pathlib import Path

from tests.bench.checks import check_rows
from tests.bench.children import Run, best_of, pyreq, run
from tests.bench.screens import screen_rows
from tests.bench.services import module_rows, reading_rows
from tests.bench.table import row
from tests.bench.without_us import copy_bytes, install_and_zip

NAME_WIDTH = 60
STACK = ("numpy", "scipy", "pandas", "scikit-learn", "requests", "boto3")
SERVICE = """\
service: bench
provider: {name: aws, runtime: python3.12, architecture: x86_64}
custom: {pythonRequirements: {}}
functions: {main: {handler: handler.main}}
"""


def make_service(folder: Path) -> Path:
    """A service with the six-package stack."""
    folder.mkdir()
    (folder / "serverless.yml").write_text(SERVICE)
    (folder / "handler.py").write_text("def main(event, context):\n    return {}\n")
    (folder / "requirements.txt").write_text("\n".join(STACK) + "\n")
    return folder


def build_rows(work: Path) -> list[dict[str, object]]:
    """Cold and warm builds of the stack, against the ways around us."""
    service = make_service(work / "service")
    locked = work / "locked.txt"
    cold_cache, cold_uv = work / "cache-cold", work / "uv-cold"
    environment = {"XDG_CACHE_HOME": str(work / "cache"), "UV_CACHE_DIR": str(work / "uv")}

    estimate = run(
        pyreq("estimate", service, "--json", "--quiet"),
        env={"XDG_CACHE_HOME": str(work / "cache-estimate"), "UV_CACHE_DIR": str(work / "uv-estimate")},
    )
    estimated = json.loads(estimate.output)
    cold = run(
        pyreq("build", service, "--quiet", "-o", work / "out-cold"),
        env={"XDG_CACHE_HOME": str(cold_cache), "UV_CACHE_DIR": str(cold_uv)},
    )
    run(pyreq("build", service, "--quiet", "-o", work / "out"), env=environment)

    def warm_build() -> Run:
        shutil.rmtree(work / "out", ignore_errors=True)
        return run(pyreq("build", service, "--quiet", "-o", work / "out"), env=environment)

    warm = best_of(5, warm_build)
    unchanged = best_of(
        5, lambda: run(pyreq("build", service, "--quiet", "-o", work / "out"), env=environment)
    )
    packages = estimated["artifacts"][0]["packages"]
    locked.write_text("".join(f"{each['name']}=={each['version']}\n" for each in packages if each["version"]))
    cold_other = install_and_zip(work, work / "uv-other-cold", "--no-deps", "-r", locked)
    other = best_of(3, lambda: install_and_zip(work, work / "uv-other-cold", "--no-deps", "-r", locked))
    wheels = list((work / "cache").rglob("*.whl"))
    copied = best_of(5, lambda: copy_bytes(wheels, work / "copied"))
    wheel_bytes = sum(wheel.stat().st_size for wheel in wheels)
    return [
        row("warm build / uv pip install --target + zip -6", warm.seconds, other.seconds, "s"),
        row("warm build, nothing changed / the same", unchanged.seconds, other.seconds, "s"),
        row("warm build / copying the wheels' bytes", warm.seconds, copied.seconds, "s"),
        row("cold build / uv pip install --target + zip -6, cold", cold.seconds, cold_other.seconds, "s"),
        row(
            "bytes fetched by an estimate / the wheels' bytes",
            estimated["bytes_fetched"],
            wheel_bytes,
            "bytes",
        ),
        *check_rows(service, environment),
        row("peak memory of a warm build / 150 MB", warm.peak_bytes / 2**20, 150, "MB"),
        row("peak memory of a cold build / 150 MB", cold.peak_bytes / 2**20, 150, "MB"),
    ]


def start_rows() -> list[dict[str, object]]:
    """Start-up against the libraries it can't do without."""

    def importing(statement: str) -> Run:
        return best_of(7, lambda: run([sys.executable, "-c", statement]))

    return [
        row(
            "pyreq-tui --version / import click",
            best_of(7, lambda: run(pyreq("--version"))).seconds,
            importing("import click").seconds,
            "s",
        ),
        row(
            "import of the screens / import textual.app",
            importing("import pyreq_tui.tui.app").seconds,
            importing("import textual.app").seconds,
            "s",
        ),
    ]


def toggle_rows() -> list[dict[str, object]]:
    """A toggle's new estimate, against 20 ms."""
    rows = []
    for files in (10_000, 50_000):
        # A child of its own, so that its entries do not count as memory of the builds measured after it.
        found = json.loads(run([sys.executable, "-m", "tests.bench.toggles", str(files)]).output)
        for name, milliseconds in found.items():
            rows.append(row(f"{name} toggled over {files:,} entries / 20 ms", milliseconds, 20, "ms"))
    return rows


def show(rows: list[dict[str, object]]) -> None:
    """Print what was measured, as soon as it is: all of it takes minutes."""
    width = max(NAME_WIDTH, *(len(str(each["name"])) for each in rows))
    for each in rows:
        values = f"{each['ours']:>12} {each['other']:>12} {each['unit']:<6}"
        sys.stdout.write(f"{each['name']:<{width}} {values} {each['ratio']:.4f}\n")
    sys.stdout.flush()


def main() -> None:
    """Measure, print the table, keep the JSON where asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, help="Also write the figures here.")
    arguments = parser.parse_args()
    rows: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory(prefix="pyreq-bench-") as folder:
        work = Path(folder)
        for measure in (
            toggle_rows,
            start_rows,
            partial(build_rows, work),
            partial(module_rows, work),
            partial(reading_rows, work),
            partial(screen_rows, work),
        ):
            found = measure()
            show(found)
            rows += found
    if arguments.json:
        arguments.json.write_text(json.dumps(rows, indent=2) + "\n")


if __name__ == "__main__":
    main()
