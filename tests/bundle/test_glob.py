from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyreq_tui.bundle import compile_globs, literal_base
from pyreq_tui.bundle.braces import expand_braces
from pyreq_tui.errors import PyreqError

PATHS = [
    *("a", "a/b", "a/.h", "a/.d/x", ".env", "x.py", "src/(a)/b", "src/a/b", "../s/x", "a/b/c.pyc"),
    *("t/y.py|", ".c/z.pyc", "p/__pycache__/x", "n-1.dist-info/R", "{q}", "[id].py", "z!"),
]


def matched(pattern: str, *, dot: bool) -> set[str]:
    matches = compile_globs((pattern,), dot=dot).match
    return {path for path in PATHS if matches(path)}


# What micromatch 4.0.8 with {dot: true} gave for these paths.
MICROMATCH = {
    "a": {"a"},
    "a/": set(),
    "a/**": {"a", "a/b", "a/.h", "a/.d/x", "a/b/c.pyc"},
    "a/*": {"a/b", "a/.h"},
    "**/a": {"a"},
    "*": {"a", ".env", "x.py", "{q}", "[id].py", "z!"},
    "./a/**": {"a", "a/b", "a/.h", "a/.d/x", "a/b/c.pyc"},
    "/a/**": set(),
    "src/(a)/b": {"src/(a)/b", "src/a/b"},
    "src/(a|b)/b": {"src/a/b"},
    "../s/**": {"../s/x"},
    "**/*.py[c|o]": {"a/b/c.pyc", ".c/z.pyc", "t/y.py|"},
    ".env*": {".env"},
    "{a,x.py}": {"a", "x.py"},
    "a/!(b)": {"a/.h"},
    "?": {"a"},
    "[a-c]": {"a"},
    "[!a]": {"a"},
    "+(a|b)": {"a"},
    "**/c.*": {"a/b/c.pyc"},
    "a**": {"a"},
    "**/.*": {".env", "a/.h"},
    "[id].py": {"[id].py"},
    "{q}": {"{q}"},
    "z!": {"z!"},
}

# What node-glob 10.5.0 gave for these paths as files of a folder.
NODE_GLOB = {
    "**": {"a", "a/b", "x.py", "src/(a)/b", "src/a/b", "a/b/c.pyc", "t/y.py|", "p/__pycache__/x"}
    | {"n-1.dist-info/R", "{q}", "[id].py", "z!"},
    "a/**": {"a", "a/b", "a/b/c.pyc"},
    "**/*.py[c|o]": {"a/b/c.pyc", "t/y.py|"},
    "x.py/**": {"x.py"},
    "*.py/**": set(),
    "*/**": {"a/b", "src/(a)/b", "src/a/b", "a/b/c.pyc", "t/y.py|", "p/__pycache__/x", "n-1.dist-info/R"},
    "{a,x.py}": {"a", "x.py"},
    "{q}": {"{q}"},
    "src/(a)/b": {"src/(a)/b"},
    "@(z!|a)": {"a", "z!"},
    "**/.*": {"a/.h", ".env"},
    "./a": {"a"},
    "/a": {"a"},
    "../x": set(),
    "!a": set(),
    "[!a]": set(),
    "[^b]": {"a"},
}


@pytest.mark.parametrize("pattern", MICROMATCH)
def test_package_patterns_match_what_micromatch_matches(pattern: str) -> None:
    assert matched(pattern, dot=True) == MICROMATCH[pattern]


@pytest.mark.parametrize("pattern", NODE_GLOB)
def test_slim_patterns_match_what_node_glob_matches(pattern: str) -> None:
    assert matched(pattern, dot=False) == NODE_GLOB[pattern]


def test_everything_outside_of_the_root_and_nothing_else_escapes_the_star() -> None:
    assert set(PATHS) - matched("**", dot=True) == {"../s/x"}
    assert matched("*/**", dot=True) == {path for path in PATHS if "/" in path} - {"../s/x"}


def test_a_leading_exclamation_mark_turns_a_package_pattern_round() -> None:
    assert matched("!a/**", dot=True) == set(PATHS) - matched("a/**", dot=True)


@pytest.mark.parametrize(
    ("pattern", "expanded"),
    [
        ("a{b,c}d", ("abd", "acd")),
        ("{a,{b,c}}", ("a", "b", "c")),
        ("{1..3}.py", ("1.py", "2.py", "3.py")),
        ("{08..10}", ("08", "09", "10")),
        ("{3..1..2}", ("3", "1")),
        ("{a..c}", ("a", "b", "c")),
        ("{a}", ("{a}",)),
        ("{a,b", ("{a,b",)),
        ("{x{a,b}", ("{xa", "{xb")),
        ("\\{a,b}", ("\\{a,b}",)),
        ("{,a}b", ("b", "ab")),
    ],
)
def test_braces(pattern: str, expanded: tuple[str, ...]) -> None:
    assert expand_braces(pattern) == expanded


@pytest.mark.parametrize(
    "pattern",
    [
        "{a,b}" * 11,
        "{1..5000}",
        "x" * 1_025,
        "!(a)" * 9,
        "{,{,{,{,{,{,{,{,{,{,{,{,{,{,{,{,{,{,{,{,{,{,a}}}}}}}}}}}}}}}}}}}}}}",
    ],
)
def test_a_pattern_that_grows_without_bounds_is_refused(pattern: str) -> None:
    with pytest.raises(PyreqError):
        compile_globs((pattern,), dot=True)


def test_a_pattern_of_many_stars_ends() -> None:
    # Backtracking over thirty stars would go on for years.
    assert not compile_globs(("*a" * 30 + "b",), dot=False).match("a" * 250)
    assert compile_globs(("*a" * 30 + "b",), dot=False).match("a" * 250 + "b")


def test_literal_base() -> None:
    assert literal_base("lib/common/**/*.py") == "lib/common"
    assert literal_base("./lib/x.py") == "lib/x.py"
    assert literal_base("**/*.py") == ""
    assert literal_base("../shared/{a,b}") == "../shared"


@given(st.text(alphabet="ab.*?[]!^-{},()|\\/@+1é&~:", max_size=25), st.booleans())
def test_any_text_is_a_pattern_or_is_refused(pattern: str, dot: bool) -> None:
    try:
        matches = compile_globs((pattern,), dot=dot).match
    except PyreqError:
        return
    matches("a/b.py")


@given(st.text(alphabet="ab.-_é /", min_size=1, max_size=20).filter(lambda text: not text.startswith("./")))
def test_a_pattern_without_wildcards_matches_itself_alone(path: str) -> None:
    assert compile_globs((path,), dot=True).match(path)
    assert not compile_globs((path,), dot=True).match(path + "x")
