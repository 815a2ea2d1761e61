"""What grew, as lines for people."""

from __future__ import annotations

from pyreq_tui.build import ArtifactChange, Baseline, Change
from pyreq_tui.build.comparison import Measure
from pyreq_tui.cli.comparison import comparison_text


def test_each_package_says_which_version_became_which() -> None:
    packages = (
        Change("numpy", Measure("1.26", 30_000_000, 1), Measure("2.0", 40_000_000, 1)),
        Change("new", None, Measure("3.0", 5_000, 1)),
        Change("gone", Measure("4.0", 5_000, 1), None),
        Change("same-version", Measure("5.0", 5_000, 1), Measure("5.0", 4_000, 1)),
    )
    whole = Change("shop", Measure("", 30_010_000, 9_000), Measure("", 40_009_000, 9_500))
    changes = [
        ArtifactChange("shop.zip", "service", whole, packages),
        ArtifactChange("late.zip", "function", Change("late", None, Measure("", 5_000, 1)), ()),
    ]
    title, *lines = [" ".join(line.split()) for line in comparison_text(Baseline("stage", "prod"), changes)]
    assert title == f"Compared with {Baseline('stage', 'prod').title}"
    assert lines == [
        "shop.zip +9.5 MB unzipped, +500 B zipped (from 28.6 MB)",
        "numpy +9.5 MB 1.26 → 2.0",
        "new +4.9 KB new 3.0",
        "gone −4.9 KB gone 4.0",
        "same-version −1000 B 5.0",
        "late.zip new, 4.9 KB unzipped",
    ]
