"""A pattern made for a row takes what the row stands for, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyreq_tui.bundle import (
    KINDS,
    SERVICE_CODE,
    Bundle,
    Entry,
    LiteralBytes,
    amount_of,
    compose,
    exclusion_of,
    slim,
)

NAMES = ["a", "a.py", "a.pyi", "a.pyc", "tests", "tests.py", ".h", "p-1.dist-info", "__pycache__", "l.so.1"]
SEGMENTS = st.sampled_from(NAMES) | st.text("a.*?[]{},()!@+|\\#~ é^-", min_size=1, max_size=8).filter(
    lambda name: set(name) != {"."}
)
PATHS = st.lists(SEGMENTS, min_size=1, max_size=4).map("/".join)


def bundle_of(*paths: str, owner: str = "demo") -> Bundle:
    return compose([Entry(path, 3, 2, owner, LiteralBytes(b"xxx")) for path in paths])


def kind_names(path: str) -> set[str]:
    return {kind.name for kind in KINDS if kind.matches(path)}


@st.composite
def shipped(draw: st.DrawFn) -> tuple[Bundle, str]:
    """A Bundle, and a file or a folder of it."""
    paths = draw(st.sets(PATHS, min_size=1, max_size=12))
    files = [path for path in paths if not any(other.startswith(f"{path}/") for other in paths)]
    parts = draw(st.sampled_from(sorted(files))).split("/")
    return bundle_of(*files), "/".join(parts[: draw(st.integers(1, len(parts)))])


@given(shipped(), st.booleans())
def test_slim_takes_what_the_exclusion_says_it_takes(case: tuple[Bundle, str], only_this: bool) -> None:
    bundle, path = case
    excluded = exclusion_of(path, only_this=only_this)

    left = [entry.path for entry in slim(bundle, [excluded.pattern], False).entries]

    assert left == [entry.path for entry in bundle.entries if not excluded.matches(entry.path)]
    below = [
        entry.path for entry in bundle.entries if entry.path == path or entry.path.startswith(f"{path}/")
    ]
    assert not set(below) & set(left)
    if excluded.kind is None:
        assert len(left) + len(below) == len(bundle.entries)
    assert amount_of(bundle.entries, excluded).files == len(bundle.entries) - len(left)


@pytest.mark.parametrize(
    ("path", "pattern"),
    [
        ("pandas/tests", "**/tests"),
        ("pandas/tests/test_a.py", "pandas/tests/test_a.py"),
        ("pandas/.hidden/tests", "pandas/.hidden/tests"),
        ("pandas/_libs/lib.pyi", "**/*.pyi"),
        ("pandas-2.dist-info", "**/*.dist-info*"),
        ("pandas-2.dist-info/RECORD", "pandas-2.dist-info/RECORD"),
        ("pandas/__pycache__", "**/__pycache__*"),
        ("pandas/a.pyc", "**/*.py[c|o]"),
        ("scipy/_core/lib.so", "scipy/_core/lib.so"),
        ("a/[b]{c,d}", "a/[[]b]\\{c,d}"),
    ],
)
def test_the_shortest_right_pattern(path: str, pattern: str) -> None:
    assert exclusion_of(path).pattern == pattern


def test_only_this_one_names_its_path_even_where_there_is_a_kind() -> None:
    assert exclusion_of("pandas/tests", only_this=True).pattern == "pandas/tests"


def test_a_layer_puts_a_prefix_before_what_slim_sees() -> None:
    excluded = exclusion_of("python/six.py", prefix="python/")
    assert excluded.pattern == "six.py"
    assert excluded.matches("python/six.py")


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("pandas/tests/data/a.json", {"tests"}),
        ("pandas/data/a.json", {"data"}),
        ("pandas/a.py", set()),
        ("numpy.libs/libopenblas-1.so.0", {".so"}),
        ("a/b.cpython-312-x86_64-linux-gnu.so", {".so"}),
        ("a/b.pyi", {"stubs"}),
        ("a/__pycache__/b.cpython-312.pyc", {"bytecode"}),
        ("a-1.dist-info/licenses/LICENSE", {"dist-info"}),
    ],
)
def test_kinds_of_files(path: str, names: set[str]) -> None:
    assert kind_names(path) == names


def test_the_users_own_code_is_not_slimmed() -> None:
    own = bundle_of("tests/a.py", owner=SERVICE_CODE)
    assert amount_of(own.entries, exclusion_of("numpy/tests")).files == 0
