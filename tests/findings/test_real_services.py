"""The demo and the six-package stack, built from the package index: nothing false is told, and quickly."""

from __future__ import annotations

import shutil
import threading
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

import pytest

from pyreq_tui.build import gather, plan, run
from pyreq_tui.findings import findings_of, findings_on_disk
from pyreq_tui.service import load_service
from tests.projects import make_project

if TYPE_CHECKING:
    from pathlib import Path

    from pyreq_tui.build import Plan
    from pyreq_tui.service import Service

pytestmark = [pytest.mark.index, pytest.mark.slow]

STACK = ("numpy", "scipy", "pandas", "scikit-learn", "requests", "boto3")


def built(service: Service, cache: Path) -> Plan:
    """The Plan of ``service`` as it was carried out."""
    cancel = threading.Event()
    materials = gather(service, report=lambda _: None, cancel=cancel, cache=cache)
    return run(plan(service, materials), materials, report=lambda _: None, cancel=cancel).plan


@pytest.mark.parametrize("slim", [False, True])
def test_the_demo_is_told_what_it_shows_and_no_more(tmp_path: Path, *, slim: bool) -> None:
    with as_file(files("pyreq_tui") / "demo") as demo:
        shutil.copytree(demo, tmp_path / "shop")
    made = built(load_service(tmp_path / "shop", overrides={"slim": slim}), tmp_path / "cache")

    told = {finding.code for finding in findings_of(made)} - {"strip-undone", "strip-unavailable"}

    assert told == {
        "over-unzipped-limit", "over-direct-upload", "layer-leaves-modules", "unhashed-requirements",
    }  # fmt: skip
    assert not findings_on_disk(made, made.service.output, tmp_path / "cache")


def test_the_stack_gives_no_alarm_whether_read_or_known(tmp_path: Path) -> None:
    project = make_project(tmp_path, requirements=None)
    project.write({"requirements.txt": "".join(f"{name}\n" for name in STACK)})
    made = built(project.load(), project.cache)

    assert made.artifacts[0].unzipped_bytes > 250_000_000
    assert not findings_on_disk(made, made.service.output, project.cache)
    kept = {path: path.read_bytes() for path in (project.cache / "findings").rglob("*.json")}
    assert len(kept) > 100
    assert not findings_on_disk(made, made.service.output, project.cache)
    assert {path: path.read_bytes() for path in (project.cache / "findings").rglob("*.json")} == kept
