"""Runtime and architecture decide which wheels load."""

from __future__ import annotations

import pytest
from packaging.markers import Marker, default_environment
from packaging.tags import Tag, parse_tag

from pyreq_tui.aws import facts
from pyreq_tui.errors import PyreqError
from pyreq_tui.locks import target_for


def loads(tags: str, runtime: str, architecture: str = "x86_64") -> bool:
    return bool(parse_tag(tags) & set(target_for(runtime, architecture).tags()))


@pytest.mark.parametrize(
    ("tags", "runtime", "architecture", "expected"),
    [
        ("py3-none-any", "python3.13", "arm64", True),
        ("py2.py3-none-any", "python3.9", "x86_64", True),
        ("py2-none-any", "python3.9", "x86_64", False),
        ("cp312-cp312-manylinux_2_34_x86_64", "python3.12", "x86_64", True),
        ("cp312-cp312-manylinux_2_35_x86_64", "python3.12", "x86_64", False),
        ("cp311-cp311-manylinux_2_28_x86_64", "python3.11", "x86_64", False),
        ("cp311-cp311-manylinux_2_26_x86_64", "python3.11", "x86_64", True),
        ("cp311-cp311-manylinux_2_24_x86_64.manylinux_2_28_x86_64", "python3.11", "x86_64", True),
        ("cp312-cp312-manylinux2014_x86_64", "python3.12", "x86_64", True),
        ("cp312-cp312-manylinux2010_x86_64", "python3.12", "x86_64", True),
        ("cp312-cp312-manylinux1_x86_64", "python3.12", "x86_64", True),
        ("cp312-cp312-manylinux_2_5_x86_64", "python3.12", "x86_64", True),
        ("cp312-cp312-manylinux2014_aarch64", "python3.12", "arm64", True),
        ("cp312-cp312-manylinux_2_17_aarch64", "python3.12", "arm64", True),
        ("cp312-cp312-manylinux2010_aarch64", "python3.12", "arm64", False),
        ("cp312-cp312-manylinux2014_x86_64", "python3.12", "arm64", False),
        ("cp312-cp312-linux_x86_64", "python3.12", "x86_64", True),
        ("cp37-abi3-manylinux2014_x86_64", "python3.12", "x86_64", True),
        ("cp313-abi3-manylinux2014_x86_64", "python3.12", "x86_64", False),
        ("cp311-cp311-manylinux2014_x86_64", "python3.12", "x86_64", False),
        ("cp313-cp313t-manylinux2014_x86_64", "python3.13", "x86_64", False),
        ("cp37-cp37m-manylinux2014_x86_64", "python3.7", "x86_64", True),
        ("cp27-cp27mu-manylinux1_x86_64", "python2.7", "x86_64", True),
        ("py2-none-any", "python2.7", "x86_64", True),
        ("py3-none-manylinux2014_x86_64", "python3.12", "x86_64", True),
        ("cp312-cp312-musllinux_1_2_x86_64", "python3.12", "x86_64", False),
        ("cp312-cp312-macosx_11_0_arm64", "python3.12", "arm64", False),
        ("cp312-cp312-win_amd64", "python3.12", "x86_64", False),
        ("pp310-pypy310_pp73-manylinux2014_x86_64", "python3.10", "x86_64", False),
    ],
)
def test_what_loads(tags: str, runtime: str, architecture: str, expected: bool) -> None:
    assert loads(tags, runtime, architecture) is expected


def test_the_order_is_the_most_specific_first() -> None:
    tags = target_for("python3.12", "x86_64").tags()
    order = [
        Tag("cp312", "cp312", "manylinux_2_34_x86_64"),
        Tag("cp312", "cp312", "manylinux_2_17_x86_64"),
        Tag("cp312", "cp312", "manylinux2014_x86_64"),
        Tag("cp312", "cp312", "linux_x86_64"),
        Tag("cp312", "abi3", "manylinux_2_34_x86_64"),
        Tag("cp38", "abi3", "manylinux2014_x86_64"),
        Tag("py3", "none", "manylinux2014_x86_64"),
        Tag("py312", "none", "any"),
        Tag("py3", "none", "any"),
    ]
    places = [tags.index(tag) for tag in order]
    assert places == sorted(places)
    assert tags[0] == order[0]
    assert len(tags) == len(set(tags))


@pytest.mark.parametrize(
    ("runtime", "python", "glibc", "has_note"),
    [
        ("python3.13", (3, 13), (2, 34), False),
        ("python3.11", (3, 11), (2, 26), False),
        ("python39", (3, 9), (2, 26), False),
        ("python310", (3, 10), (2, 26), False),
        ("python:3.11", (3, 11), (2, 26), False),
        ("python:3", (3, 14), (2, 34), True),
        ("Python3.12", (3, 12), (2, 34), False),
        ("python3.15", (3, 15), (2, 34), True),
        ("python3.5", (3, 5), (2, 17), True),
    ],
)
def test_names_of_runtimes(
    runtime: str, python: tuple[int, int], glibc: tuple[int, int], has_note: bool
) -> None:
    target = target_for(runtime, "x86_64")
    assert (target.python, target.glibc, target.note is not None) == (python, glibc, has_note)
    assert target.runtime == runtime


@pytest.mark.parametrize(
    "runtime", [None, "nodejs20.x", "provided.al2023", "python", "python3.12-x", "cpython3.12"]
)
def test_what_is_no_python_is_refused(runtime: str | None) -> None:
    with pytest.raises(PyreqError, match="runtime") as caught:
        target_for(runtime, "x86_64")
    assert "python3.13" in str(caught.value.hint)


def test_an_unknown_architecture_is_refused() -> None:
    with pytest.raises(PyreqError, match="riscv64"):
        target_for("python3.12", "riscv64")


def test_markers_are_those_of_the_runtime() -> None:
    environment = target_for("python3.11", "arm64").environment()
    assert set(environment) == set(default_environment())
    assert environment["python_full_version"].startswith("3.11.")
    for marker, holds in (
        ("sys_platform == 'linux' and platform_machine == 'aarch64'", True),
        ("python_version < '3.12' and implementation_name == 'cpython'", True),
        ("python_full_version < '3.11.3'", False),  # what redis asks about: the runtime is well past it
        ("os_name == 'nt' or platform_system == 'Darwin'", False),
    ):
        assert Marker(marker).evaluate({**environment}) is holds


def test_every_runtime_of_the_facts_has_a_target() -> None:
    for name, fact in facts().runtimes.items():
        target = target_for(name, "x86_64")
        assert (target.glibc, target.note) == (fact.glibc, None)
        assert str(target) == f"{name} on x86_64"
