"""What is proposed makes everything fit, needs all of its parts, and is no riskier than it must be."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyreq_tui.build import plan
from pyreq_tui.build.fit import Fit, Remedy, changes_for, fit, in_runtime
from pyreq_tui.service import Options
from pyreq_tui.wheels import Graph
from tests.making import make_wheel
from tests.planning import synthetic
from tests.projects import make_project

if TYPE_CHECKING:
    from pathlib import Path

    from pyreq_tui.build import Plan
    from pyreq_tui.service import Service

LIMIT = 262_144_000
KEYS = ("tests", "stubs", "runtime", "metadata", "strip", "zip")


def fitted(folder: Path, files: int, **overrides: object) -> tuple[Fit, Service, Plan]:
    """The Fit of a synthetic service of ``files`` files of 49 KB on average, and its Plan once applied."""
    service, materials = synthetic(folder, files=files)
    service = service.with_overrides(overrides)
    found = fit(service, lambda changed: plan(changed, materials))
    chosen = [remedy for remedy in found.remedies if remedy.key in found.chosen]
    return found, service, plan(service.with_overrides(changes_for(service.options, chosen)), materials)


def test_what_fits_is_left_alone_and_still_shows_what_could_be_saved(tmp_path: Path) -> None:
    found, _, after = fitted(tmp_path, 1_000)
    assert not found.was_over
    assert not found.chosen
    assert found.is_enough
    assert [remedy.key for remedy in found.remedies] == ["tests", "stubs", "metadata", "zip"]
    assert all(remedy.change_bytes < 0 for remedy in found.remedies)
    [outcome] = found.outcomes
    assert outcome.after_bytes == outcome.before_bytes == after.artifacts[0].unzipped_bytes


def test_what_is_safe_comes_first(tmp_path: Path) -> None:
    found, service, after = fitted(tmp_path, 5_500)
    assert found.was_over
    assert found.chosen == {"tests"}
    assert found.is_enough
    assert after.artifacts[0].unzipped_bytes == found.outcomes[0].after_bytes <= LIMIT
    assert changes_for(service.options, found.remedies[:1]) == {
        "slim": True,
        "strip": False,
        "slimPatternsAppendDefaults": False,
        "slimPatterns": ["**/tests"],
    }


def test_what_turned_out_not_to_be_needed_is_dropped(tmp_path: Path) -> None:
    found, _, after = fitted(tmp_path, 10_000)
    assert found.chosen == {"zip"}, "tests and stubs were tried before, and are not needed with it"
    assert not after.artifacts[0].is_over_limit


def test_where_nothing_is_enough_all_is_chosen_and_the_rest_is_named(tmp_path: Path) -> None:
    found, _, after = fitted(tmp_path, 25_000)
    assert found.chosen == {"tests", "stubs", "metadata", "zip"}
    assert not found.is_enough
    [outcome] = found.outcomes
    assert outcome.excess_bytes == after.artifacts[0].unzipped_bytes - LIMIT > 0


def test_slim_that_is_on_keeps_what_it_does() -> None:
    options = Options().override({"slim": True, "slimPatterns": ["**/*.md"], "noDeploy": ["x"]})
    chosen = [Remedy("tests", "", ""), Remedy("runtime", "", "", ("boto3",))]
    assert changes_for(options, chosen) == {
        "slimPatterns": ["**/*.md", "**/tests"],
        "noDeploy": ["x", "boto3"],
    }


@given(st.sets(st.sampled_from(KEYS)), st.booleans(), st.booleans(), st.booleans())
def test_changes_say_only_what_changes(chosen: set[str], slim: bool, strip: bool, defaults: bool) -> None:
    options = Options().override({"slim": slim, "strip": strip, "slimPatternsAppendDefaults": defaults})
    changes = changes_for(options, [Remedy(key, "", "") for key in chosen])
    changed = options.override(changes)
    assert all(options.value(key) != changed.value(key) for key in changes)
    assert changed.slim == (slim or bool(chosen & {"tests", "stubs", "metadata", "strip"}))
    if changed.slim:
        assert changed.strip == ("strip" in chosen or (slim and strip))
        assert changed.slim_patterns_append_defaults == ("metadata" in chosen or (slim and defaults))


@pytest.mark.parametrize(
    ("requirements", "named"),
    [(["boto3"], ("boto3",)), (["boto3", "pandas"], ("boto3",)), (["pandas"], ())],
)
def test_of_what_the_runtime_has_only_what_nothing_else_needs(
    tmp_path: Path, requirements: list[str], named: tuple[str, ...]
) -> None:
    project = make_project(tmp_path, requirements=requirements)
    make_wheel(project.wheels, "boto3", requires=["botocore"])
    make_wheel(project.wheels, "botocore", requires=["urllib3", "python-dateutil"])
    make_wheel(project.wheels, "pandas", requires=["python-dateutil"])
    for name in ("urllib3", "python-dateutil"):
        make_wheel(project.wheels, name)
    now = project.plan()

    assert in_runtime(now) == named
    assert in_runtime(project.plan(noDeploy=["boto3"])) == ()


def test_a_lockfile_asks_for_every_package_so_each_is_named(tmp_path: Path) -> None:
    project = make_project(tmp_path, requirements=["boto3", "botocore"])
    make_wheel(project.wheels, "boto3", requires=["botocore"])
    make_wheel(project.wheels, "botocore")
    now = project.plan()
    assert in_runtime(now) == ("boto3", "botocore")
    assert in_runtime(replace(now, graphs={".": Graph((), {})})) == ("boto3", "botocore")
    assert in_runtime(replace(now, service=replace(now.service, provider="google"))) == ()
