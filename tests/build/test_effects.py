"""What each option says it would change is what changing it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pyreq_tui.build import effects, plan
from tests.making import make_wheel
from tests.projects import Project, make_project

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def project(tmp_path: Path) -> Project:
    project = make_project(tmp_path, requirements=["alpha", "boto3"])
    make_wheel(project.wheels, "boto3", requires=["botocore"])
    make_wheel(project.wheels, "botocore", files={"botocore/data.json": "{}" * 5_000})
    return project


def test_each_effect_is_the_difference_that_the_change_makes(project: Project) -> None:
    materials = project.materials(noDeploy=["Alpha"])
    service = materials.service
    [now] = plan(service, materials).artifacts

    found = effects(service, materials, now.filename)

    assert {"slim", "zip", "layer", "noDeploy Alpha", "noDeploy boto3", "noDeploy botocore"} <= set(found)
    for name, effect in found.items():
        if effect.unzipped_change_bytes is None:
            assert effect.note, name
            continue
        changed = plan(service.with_overrides({effect.key: effect.value}), materials)
        then = next(each for each in changed.artifacts if each.filename == now.filename)
        assert effect.unzipped_change_bytes == then.unzipped_bytes - now.unzipped_bytes, name
        assert effect.zipped_change_bytes == then.zipped_bytes - now.zipped_bytes, name


def test_omitting_a_package_counts_what_leaves_with_it(project: Project) -> None:
    materials = project.materials()

    found = effects(materials.service, materials)

    alone, both = found["noDeploy botocore"], found["noDeploy boto3"]
    assert alone.unzipped_change_bytes is not None
    assert both.unzipped_change_bytes is not None
    assert both.unzipped_change_bytes < alone.unzipped_change_bytes < 0


def test_what_is_omitted_now_shows_what_it_would_cost(project: Project) -> None:
    materials = project.materials(noDeploy=["alpha"])

    change = effects(materials.service, materials)["noDeploy alpha"].unzipped_change_bytes

    assert change is not None
    assert change > 0
