"""What is typed finds names and kinds; a filter never makes up a file."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyreq_tui.bundle import Entry, LiteralBytes
from pyreq_tui.tui.filtering import Listing

FILES = {
    "sklearn/tree/_tree.so": "scikit-learn",
    "sklearn/tree/tests/test_tree.py": "scikit-learn",
    "sklearn/tree/_tree.pyi": "scikit-learn",
    "botocore/data/ec2/service.json.gz": "botocore",
    "botocore-1.0.dist-info/RECORD": "botocore",
    "botocore/__pycache__/a.cpython-312.pyc": "botocore",
}
LISTING = Listing(
    tuple(Entry(path, 1, 1, owner, LiteralBytes(b"x")) for path, owner in sorted(FILES.items()))
)


def found(text: str) -> list[str]:
    return [entry.path for entry in LISTING.matching(text)]


@pytest.mark.parametrize(
    ("text", "paths"),
    [
        ("tests", ["sklearn/tree/tests/test_tree.py"]),
        (".so", ["sklearn/tree/_tree.so"]),
        ("SO", ["sklearn/tree/_tree.so"]),
        ("data", ["botocore/data/ec2/service.json.gz"]),
        ("stubs", ["sklearn/tree/_tree.pyi"]),
        ("dist-info", ["botocore-1.0.dist-info/RECORD"]),
        ("bytecode", ["botocore/__pycache__/a.cpython-312.pyc"]),
        ("ec2/serv", ["botocore/data/ec2/service.json.gz"]),
        ("srvjs", ["botocore/data/ec2/service.json.gz"]),
        ("scikit tests", ["sklearn/tree/tests/test_tree.py"]),
        ("scikit stubs tests", []),
        ("b[", []),
        ("  ", sorted(FILES)),
    ],
)
def test_words_find_names_and_kinds(text: str, paths: list[str]) -> None:
    assert found(text) == paths


def test_letter_by_letter_only_where_the_word_stands_nowhere() -> None:
    assert len(found("sklrn")) == 3
    assert found("tree") == [path for path in sorted(FILES) if "tree" in path]


@given(st.text(max_size=12))
def test_whatever_is_typed_gives_some_of_the_files_in_order(text: str) -> None:
    shown = found(text)
    assert shown == [path for path in sorted(FILES) if path in set(shown)]
