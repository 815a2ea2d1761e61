"""Times ``check`` on a built artifact, with nothing known of it and with everything."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from tests.bench.children import Run, best_of, pyreq, run
from tests.bench.table import row

if TYPE_CHECKING:
    from collections.abc import Mapping

COLD_SECONDS = 2.0
"""What a check may take where nothing is cached, for 267 MB in 7,500 files."""
WARM_SECONDS = 0.3
"""What it may take where everything is."""


def check_rows(service: Path, environment: Mapping[str, str]) -> list[dict[str, object]]:
    """``environment`` names the caches, in which the wheels of ``service`` are."""
    run(pyreq("build", service, "--quiet"), env=environment)

    def check() -> Run:
        return run(pyreq("check", service, "--quiet"), env=environment, statuses=(0, 1))

    def forgetful() -> Run:
        for folder in Path(environment["XDG_CACHE_HOME"]).rglob("findings"):
            shutil.rmtree(folder)
        return check()

    return [
        row(
            "check of the built artifact, nothing known / 2 s",
            best_of(3, forgetful).seconds,
            COLD_SECONDS,
            "s",
        ),
        row("check of the built artifact again / 0.3 s", best_of(7, check).seconds, WARM_SECONDS, "s"),
    ]
