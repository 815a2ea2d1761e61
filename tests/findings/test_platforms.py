"""What names tell of where wheels and libraries load."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.findings.telling import is_told, told
from tests.making import make_wheel
from tests.projects import SERVERLESS, make_project

if TYPE_CHECKING:
    from pathlib import Path

SHARED = """\
service: shop
provider: {name: aws, runtime: python3.12}
custom: {pythonRequirements: {}}
functions:
  main: {handler: handler.main}
  other: {handler: handler.main, architecture: arm64}
"""


def test_one_artifact_for_two_architectures(tmp_path: Path) -> None:
    project = make_project(tmp_path, SHARED)
    tag = "cp312-cp312-manylinux2014_x86_64"
    make_wheel(project.wheels, "fast", files={"fast.cpython-312-x86_64-linux-gnu.so": b"x"}, tag=tag)
    project.require("fast", "alpha")

    [finding] = told(project.plan(), "wrong-platform-wheel")

    assert finding.severity == "error"
    assert "other runs on python3.12 on arm64" in finding.message
    assert finding.package == "fast"
    assert is_told(project.plan(zip=True), "wrong-platform-wheel")
    assert not is_told(project.plan(noDeploy=["fast"]), "wrong-platform-wheel")
    project.write({"serverless.yml": SHARED + "package: {individually: true}\n"})
    make_wheel(project.wheels, "fast", tag=tag.replace("x86_64", "aarch64"))
    assert not is_told(project.plan(), "wrong-platform-wheel")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["fast.cpython-312-darwin.so"], True),
        (["fast.cp312-win_amd64.pyd"], True),
        (["fast.cpython-311-x86_64-linux-gnu.so"], True),
        (["fast.cpython-312-aarch64-linux-gnu.so"], True),
        (["fast.cpython-312-x86_64-linux-gnu.so"], False),
        (["fast.abi3.so"], False),
        (["libfast.so"], False),
        (["fast.cpython-312-darwin.so", "fast.cpython-312-x86_64-linux-gnu.so"], False),
    ],
)
def test_libraries_among_the_users_own_files(tmp_path: Path, names: list[str], *, expected: bool) -> None:
    project = make_project(tmp_path, SERVERLESS + "package: {patterns: ['vendored/**']}\n")
    project.write({f"vendored/{name}": b"library" for name in names})

    assert is_told(project.plan(), "wrong-platform-file") is expected
