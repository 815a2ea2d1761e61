"""How long a toggle takes to become a new estimate: ``python -m tests.bench.toggles FILES`` prints JSON."""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

from pyreq_tui.build import plan
from tests.planning import synthetic


def toggle_milliseconds(files: int, rounds: int = 21) -> dict[str, float]:
    """Median milliseconds of ``plan`` after each kind of toggle, over ``files`` entries.

    Each round uses values not seen before where there are any, so that nothing remembered answers for it.
    """
    with tempfile.TemporaryDirectory() as folder:
        service, materials = synthetic(Path(folder), files=files)
        plan(service, materials)
        toggles = {
            "slim": lambda turn: {"slim": True, "slimPatterns": [f"**/tests{turn}/**", "**/*.pyi"]},
            "noDeploy": lambda turn: {"noDeploy": [f"package-{turn % 20}", f"absent-{turn}"]},
            "zip": lambda turn: {"zip": turn % 2 == 0, "noDeploy": [f"absent-{turn}"]},
            "layer": lambda turn: {"layer": turn % 2 == 0, "noDeploy": [f"absent-{turn}"]},
        }
        found = {}
        for name, toggle in toggles.items():
            times = []
            for turn in range(rounds):
                changed = service.with_overrides(toggle(turn))
                started = time.perf_counter()
                made = plan(changed, materials)
                assert sum(artifact.zipped_bytes + artifact.unzipped_bytes for artifact in made.artifacts)
                times.append((time.perf_counter() - started) * 1000)
            found[name] = statistics.median(times)
        return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(toggle_milliseconds(int(sys.argv[1]))))
