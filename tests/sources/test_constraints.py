"""Poetry's constraints mean what Poetry means by them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.markers import Marker
from packaging.version import Version

from pyreq_tui.sources.constraints import parse_constraint


@pytest.mark.parametrize(
    ("text", "allowed", "refused"),
    [
        ("*", "0 1 2.0b1", ""),
        ("", "1", ""),
        ("^1.2.3", "1.2.3 1.9", "1.2.2 2.0 2.0a1"),
        ("^1.2", "1.2 1.99", "1.1 2"),
        ("^0.2.3", "0.2.3 0.2.9", "0.3 0.2.2"),
        ("^0.0.3", "0.0.3", "0.0.4 0.0.2"),
        ("^0.0", "0.0.9", "0.1"),
        ("^0", "0.9", "1"),
        ("~1.2.3", "1.2.3 1.2.9", "1.3"),
        ("~1.2", "1.2 1.2.9", "1.3"),
        ("~1", "1.9", "2"),
        ("~=1.2", "1.9", "2"),
        ("1.2.*", "1.2.7", "1.3"),
        ("==1.2.*", "1.2.7", "1.3"),
        ("1.2", "1.2 1.2.0", "1.2.1"),
        ("=1.2", "1.2", "1.3"),
        (">=1 <2", "1.5", "2"),
        (">= 1, < 2,", "1.5", "2"),
        (">=1,!=1.5", "1.4", "1.5"),
        (">=0.14.0,<0.15.0 || >0.15.0,<0.15.1 || >0.15.1", "0.14 0.16", "0.15 0.15.1"),
        ("<1|>2", "0.5 3", "1.5"),
        ("^2.0+cpu", "2.1", "3"),
    ],
)
def test_what_is_allowed(text: str, allowed: str, refused: str) -> None:
    constraint = parse_constraint(text)
    assert [version for version in allowed.split() if not constraint.allows(Version(version))] == []
    assert [version for version in refused.split() if constraint.allows(Version(version))] == []


@pytest.mark.parametrize("text", ["~", "^x", ">=", "1.2 oops!", "^^1", "||=", ">=1,<"])
def test_what_is_no_constraint(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_constraint(text)


@pytest.mark.parametrize(
    ("text", "marker"),
    [
        ("*", None),
        ("^3.8", 'python_version >= "3.8" and python_version < "4"'),
        (">=3.8.1", 'python_full_version >= "3.8.1"'),
        ("3.9.*", 'python_version == "3.9"'),
        ("<3.8 || >=3.11", 'python_version < "3.8" or python_version >= "3.11"'),
    ],
)
def test_markers_for_python(text: str, marker: str | None) -> None:
    assert parse_constraint(text).python_marker == marker


PYTHONS = [f"3.{minor}.{patch}" for minor in range(6, 15) for patch in (0, 5)]
CLAUSES = st.builds(
    str.__add__, st.sampled_from(["==", "!="]), st.sampled_from(["3.8.*", "3.10.*"])
) | st.builds(str.__add__, st.sampled_from([">=", "<", "^", "~"]), st.sampled_from(["3.8", "3.9", "3.12"]))


@given(st.lists(st.lists(CLAUSES, min_size=1, max_size=3), min_size=1, max_size=3))
def test_a_marker_and_its_opposite_share_no_python_and_leave_none_out(parts: list[list[str]]) -> None:
    constraint = parse_constraint(" || ".join(",".join(part) for part in parts))
    marker, other = constraint.python_marker, constraint.other_python_marker
    assert marker is not None
    assert other is not None
    for python in PYTHONS:
        environment = {
            "python_version": python.rpartition(".")[0],
            "python_full_version": python,
        }
        is_allowed = constraint.allows(Version(python))
        assert Marker(marker).evaluate(environment) is is_allowed
        assert Marker(other).evaluate(environment) is not is_allowed
