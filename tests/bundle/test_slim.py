from __future__ import annotations

import glob
import shutil
import tempfile
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyreq_tui.bundle import Bundle, Entry, LiteralBytes, compose, slim

NAMES = ["a", "b", "a.py", "a.pyc", "tests", "__pycache__", ".h", "p-1.dist-info"]
PARTS = [*NAMES, "*", "**", "?", "[ab]*", "*.py", "*.py[co]", "t*", "*info*", ".*"]


def bundle_of_paths(*paths: str) -> Bundle:
    return compose([Entry(path, 1, 1, "demo", LiteralBytes(b"x")) for path in paths])


def paths_of(bundle: Bundle) -> list[str]:
    return [entry.path for entry in bundle.entries]


def has_wildcard(pattern: str) -> bool:
    return not set(pattern.removesuffix("/**")).isdisjoint("*?[")


def left_on_disk(paths: list[str], patterns: list[str]) -> list[str]:
    """What stays when each pattern's matches are deleted from a real folder, one pattern after the other."""
    root = Path(tempfile.mkdtemp())
    try:
        for path in paths:
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).touch()
        for pattern in patterns:
            if set(pattern.split("/")) == {"**"}:
                return []  # node-glob matches the folder itself, Python's glob only what is in it
            for match in glob.glob(pattern, root_dir=root, recursive=True):  # noqa: PTH207 - the oracle
                if (root / match).is_dir():
                    shutil.rmtree(root / match)
                # Python's glob also gives ``file/``, there or not; node-glob only where no wildcard found it.
                elif (root / match).exists() and not (match.endswith("/") and has_wildcard(pattern)):
                    (root / match).unlink()
        return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    finally:
        shutil.rmtree(root, ignore_errors=True)


def without_files_in_place_of_folders(paths: set[str]) -> list[str]:
    return sorted(path for path in paths if not any(other.startswith(f"{path}/") for other in paths))


@given(
    st.sets(st.lists(st.sampled_from(NAMES), min_size=1, max_size=4).map("/".join), max_size=12),
    st.lists(
        st.lists(st.sampled_from(PARTS), min_size=1, max_size=3)
        .filter(lambda parts: ("**", "**") not in pairwise(parts))  # says no more than one
        .map("/".join),
        max_size=3,
    ),
)
def test_slim_leaves_what_deleting_the_matches_leaves(paths: set[str], patterns: list[str]) -> None:
    shipped = without_files_in_place_of_folders(paths)
    assert paths_of(slim(bundle_of_paths(*shipped), patterns, False)) == left_on_disk(shipped, patterns)


def test_the_default_patterns_take_bytecode_and_metadata() -> None:
    bundle = bundle_of_paths(
        "six.py",
        "six.pyc",
        "demo/a.pyo",
        "demo/.hidden/a.pyc",
        "demo/__pycache__/a.cpython-312.pyc",
        "demo/__pycache__/notes.txt",
        "demo/tests/test_a.py",
        "demo-1.0.dist-info/METADATA",
        "demo-1.0.dist-info/licenses/LICENSE",
        "demo/vendored-2.dist-info/RECORD",
        "demo.egg-info/PKG-INFO",
    )
    assert paths_of(slim(bundle, ())) == [
        "demo.egg-info/PKG-INFO",
        "demo/.hidden/a.pyc",
        "demo/tests/test_a.py",
        "six.py",
    ]


@pytest.mark.parametrize(
    ("patterns", "left"),
    [
        (["**/tests"], ["demo/a.py", "other/testing.py"]),
        (["**/tests/"], ["demo/a.py", "other/testing.py"]),
        (["**/tests/**"], ["demo/a.py", "other/testing.py"]),
        (["**/a.py/"], ["demo/a.py", "demo/tests/.h", "demo/tests/a.py", "other/testing.py"]),
        (["demo/*"], ["other/testing.py"]),
        (["{demo,none}/**"], ["other/testing.py"]),
        (["**/{tests,testing.py}"], ["demo/a.py"]),
        (["**/"], []),
        (["**"], []),
        (["!demo"], ["demo/a.py", "demo/tests/.h", "demo/tests/a.py", "other/testing.py"]),
        ([], ["demo/a.py", "demo/tests/.h", "demo/tests/a.py", "other/testing.py"]),
    ],
)
def test_patterns_of_ones_own(patterns: list[str], left: list[str]) -> None:
    bundle = bundle_of_paths("demo/a.py", "demo/tests/a.py", "demo/tests/.h", "other/testing.py")
    assert paths_of(slim(bundle, patterns, append_defaults=False)) == left


def test_the_same_question_gives_the_same_bundle() -> None:
    bundle = bundle_of_paths("a.py", "a.pyc")
    assert slim(bundle, ("**/x",)) is slim(bundle, ["**/x"])
