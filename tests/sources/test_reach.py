"""What a project needs of a lock: the same, for every environment, as walking it with markers decided."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.markers import Marker
from packaging.version import Version

from pyreq_tui.sources.constraints import parse_constraint
from pyreq_tui.sources.reach import Need, Node, NotLocked, reached

MARKERS = [
    None,
    'sys_platform == "win32"',
    'python_version < "3.11"',
    'python_version >= "3.11"',
    'extra == "x"',
    'extra == "x" and sys_platform == "win32"',
    'python_version < "3.11" or extra == "x"',
    '(sys_platform != "win32" or python_version >= "3.11") and extra == "x"',
]
ENVIRONMENTS = [
    {"sys_platform": platform, "python_version": version, "python_full_version": f"{version}.1"}
    for platform in ("win32", "linux")
    for version in ("3.10", "3.12")
]
NAMES = ["a", "b", "c", "d", "e"]


def needs(markers: list[str | None]) -> st.SearchStrategy[Need]:
    return st.builds(
        Need,
        name=st.sampled_from(NAMES),
        extras=st.sampled_from([frozenset[str](), frozenset({"x"})]),
        marker=st.sampled_from(markers),
    )


@st.composite
def graphs(draw: st.DrawFn) -> tuple[list[Need], list[Node]]:
    nodes = [
        Node(name, Version("1"), needs=tuple(draw(st.lists(needs(MARKERS), max_size=4)))) for name in NAMES
    ]
    return draw(st.lists(needs(MARKERS[:4]), max_size=3)), nodes


def walked(roots: list[Need], nodes: list[Node], environment: dict[str, str]) -> set[str]:
    """The plain way, for one environment."""
    by_name = {node.name: node for node in nodes}
    seen: set[tuple[str, str]] = set()
    waiting = [(need, "") for need in roots]
    while waiting:
        need, extra = waiting.pop()
        if need.marker and not Marker(need.marker).evaluate({**environment, "extra": extra}):
            continue
        for wanted in {"", *need.extras}:
            if (need.name, wanted) not in seen:
                seen.add((need.name, wanted))
                waiting += [(further, wanted) for further in by_name[need.name].needs]
    return {name for name, _ in seen}


@given(graphs())
def test_the_same_as_walking_it_in_every_environment(graph: tuple[list[Need], list[Node]]) -> None:
    roots, nodes = graph
    markers = reached(roots, nodes)
    for environment in ENVIRONMENTS:
        ours = {
            nodes[index].name
            for index, marker in markers.items()
            if marker is None or Marker(marker).evaluate({**environment, "extra": ""})
        }
        assert ours == walked(roots, nodes, environment)


def test_of_two_versions_the_newest_that_serves() -> None:
    nodes = [
        Node("top", Version("1"), needs=(Need("a", versions=parse_constraint(">=1")),)),
        Node("a", Version("1"), parse_constraint(">=3.8")),
        Node("a", Version("2"), parse_constraint(">=3.10")),
    ]
    markers = reached([Need("top")], nodes)
    assert markers[2] == '(python_version >= "3.10")'
    assert Marker(str(markers[1])).evaluate({"python_version": "3.9"})
    assert not Marker(str(markers[1])).evaluate({"python_version": "3.12"})


def test_of_two_versions_those_the_project_tells_apart() -> None:
    nodes = [
        Node("top", Version("1"), needs=(Need("a"),)),
        Node("a", Version("1"), parse_constraint(">=3.8")),
        Node("a", Version("2"), parse_constraint(">=3.8")),
    ]
    roots = [
        Need("a", versions=parse_constraint("1"), marker='sys_platform == "linux"'),
        Need("a", versions=parse_constraint("2"), marker='sys_platform != "linux"'),
        Need("top"),
    ]
    assert reached(roots, nodes) == {
        0: None,
        1: '(sys_platform == "linux")',
        2: '(sys_platform != "linux")',
    }


def test_optional_needs_come_with_their_extra_only() -> None:
    nodes = [
        Node("a", Version("1"), needs=(Need("b", is_optional=True),), extras={"x": frozenset({"b"})}),
        Node("b", Version("1")),
    ]
    assert set(reached([Need("a")], nodes)) == {0}
    assert set(reached([Need("a", frozenset({"x"}))], nodes)) == {0, 1}
    assert set(reached([Need("a", is_optional=True)], nodes)) == set()


def test_what_is_always_needed_must_be_there() -> None:
    node = Node("a", Version("1"), needs=(Need("gone", marker='python_version < "3"'),))
    assert reached([Need("a"), Need("setuptools")], [node]) == {0: None}
    with pytest.raises(NotLocked, match="gone"):
        reached([Need("gone")], [node])
    with pytest.raises(NotLocked, match="a"):
        reached([Need("a", versions=parse_constraint(">1"))], [node])


def test_a_lock_in_which_all_need_all_ends() -> None:
    names = [f"n{number}" for number in range(120)]
    nodes = [
        Node(
            name,
            Version("1"),
            needs=tuple(
                Need(other, marker=f'platform_node == "{name}-{other}"') for other in names if other != name
            ),
        )
        for name in names
    ]
    # Paths through it outnumber atoms: following each would never end.
    assert len(reached([Need("n0"), Need("n1", marker='os_name == "x"')], nodes)) == len(names)
