"""Who needs whom."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from pyreq_tui.locks import Lock, Pin, Unbuilt, target_for
from pyreq_tui.wheels import Contents, Graph, dependency_graph

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

NOT_BUILT = Unbuilt("sdist", "https://index/x.tar.gz")


def graph_of(
    requires: Mapping[str, Sequence[str] | None],
    direct: Sequence[str | tuple[str, tuple[str, ...]]],
    runtime: str = "python3.12",
) -> Graph:
    """The graph of packages with these ``Requires-Dist`` lines; ``None`` where nothing is known."""
    lock = Lock(
        target_for(runtime, "x86_64"),
        tuple(Pin(name, "1.0", unbuilt=NOT_BUILT) for name in sorted(requires)),
        tuple((one, ()) if isinstance(one, str) else one for one in direct),
    )
    return dependency_graph(
        lock,
        {
            name: Contents(f"{name}-1.0-py3-none-any.whl", None, 1, (), tuple(lines))
            for name, lines in requires.items()
            if lines is not None
        },
    )


def test_edges_are_what_requires_dist_says() -> None:
    graph = graph_of(
        {
            "pandas": ["numpy>=1.26", "Python_DateUtil (>=2.8)"],
            "python-dateutil": ["six"],
            "numpy": [],
            "six": [],
        },
        ["pandas"],
    )
    assert graph.direct == ("pandas",)
    assert graph.needs("pandas") == ("numpy", "python-dateutil")
    assert graph.needs("unheard-of") == ()
    assert graph.required_by("six") == ("python-dateutil",)
    assert graph.required_by("pandas") == ()
    assert graph.reachable(["python-dateutil"]) == {"python-dateutil", "six"}
    assert graph.paths_to("six") == (("pandas", "python-dateutil", "six"),)
    assert graph.paths_to("pandas") == (("pandas",),)
    assert graph.paths_to("unheard-of") == ()


def test_markers_are_the_targets_not_this_machines() -> None:
    requires = {
        "a": [
            "old ; python_version < '3.11'",
            "new ; python_version >= '3.11'",
            "windows ; sys_platform == 'win32'",
            "arm ; platform_machine == 'aarch64'",
        ],
        **dict.fromkeys(["old", "new", "windows", "arm"], ()),
    }
    assert graph_of(requires, ["a"]).needs("a") == ("new",)
    assert graph_of(requires, ["a"], "python3.9").needs("a") == ("old",)


def test_extras_bring_in_what_they_ask_for_and_go_on_along_edges() -> None:
    requires = {
        "app": ["tool[fast_mode]>=1"],
        "tool": [
            "base",
            'speed ; extra == "Fast-Mode"',
            'docs ; extra == "docs"',
            'tool[docs] ; extra == "all"',
        ],
        **dict.fromkeys(["base", "speed", "docs"], ()),
    }
    assert graph_of(requires, ["app"]).needs("tool") == ("base", "speed")
    assert graph_of({**requires, "app": []}, ["tool"]).needs("tool") == ("base",)
    assert graph_of(requires, ["app", ("tool", ("all",))]).needs("tool") == ("base", "docs", "speed")


def test_what_is_not_pinned_is_no_edge_and_old_lines_count_by_name() -> None:
    requires = {"a": ["b (>=1.0.*, what", "not-shipped>=2", "???", ""], "b": []}
    assert graph_of(requires, ["a"]).needs("a") == ("b",)


def test_orphans_are_what_only_the_omitted_needed() -> None:
    graph = graph_of(
        {
            "boto3": ["botocore", "jmespath", "s3transfer"],
            "s3transfer": ["botocore"],
            "botocore": ["jmespath", "urllib3"],
            "requests": ["urllib3"],
            "jmespath": [],
            "urllib3": [],
        },
        ["boto3", "requests", "jmespath"],
    )
    assert graph.orphans([]) == ()
    assert graph.orphans(["boto3"]) == ("botocore", "s3transfer")
    assert graph.without(["boto3"]) == ("boto3", "botocore", "s3transfer")
    assert graph.orphans(["s3transfer"]) == ()
    assert graph.orphans(["boto3", "requests"]) == ("botocore", "s3transfer", "urllib3")


def test_what_something_unbuilt_may_need_is_no_orphan() -> None:
    graph = graph_of({"mystery": None, "dep": ["six"], "six": [], "other": []}, ["mystery", "other"])
    assert graph.needs("dep") == ("six",)
    assert graph.orphans(["other"]) == ()


def test_direct_names_that_do_not_ship_are_left_out() -> None:
    assert graph_of({"a": []}, ["a", "windows-only"]).direct == ("a",)


def test_circles_end() -> None:
    graph = graph_of({"a": ["b"], "b": ["c"], "c": ["a"]}, ["a"])
    assert graph.reachable(["b"]) == {"a", "b", "c"}
    assert graph.paths_to("c") == (("a", "b", "c"),)
    assert graph.orphans(["b"]) == ("c",)


def test_paths_are_shortest_first_and_bounded() -> None:
    layers = {
        f"l{depth}-{n}": [f"l{depth + 1}-{m}" for m in range(6)] for depth in range(8) for n in range(6)
    }
    requires = {**layers, **{f"l8-{n}": ["goal"] for n in range(6)}, "goal": []}
    graph = graph_of(requires, [*(f"l0-{n}" for n in range(6)), "l8-3"])
    paths = graph.paths_to("goal", limit=10)
    assert paths[0] == ("l8-3", "goal")
    assert len(paths) <= 10
    assert list(map(len, paths)) == sorted(map(len, paths))


NAMES = st.sampled_from("abcdef")


@given(
    edges=st.dictionaries(NAMES, st.lists(NAMES, max_size=4)),
    direct=st.lists(NAMES, unique=True),
    without=st.sets(NAMES),
)
def test_properties(edges: dict[str, list[str]], direct: list[str], without: set[str]) -> None:
    graph = graph_of({name: edges.get(name, ()) for name in "abcdef"}, direct)
    shipped = graph.reachable(graph.direct)
    orphans = set(graph.orphans(without))
    assert orphans <= shipped - without - set(direct)
    assert set(graph.without(without)) == orphans | without
    for name in orphans:  # every path to an orphan leads through what is gone
        assert all(set(path) & without for path in graph.paths_to(name))
    for name in "abcdef":
        assert bool(graph.paths_to(name)) == (name in shipped)
        for path in graph.paths_to(name):
            assert path[0] in direct
            assert all(later in graph.needs(earlier) for earlier, later in itertools.pairwise(path))
        assert all(name in graph.needs(parent) for parent in graph.required_by(name))
