"""Bytes become logical lines as in pip."""

from __future__ import annotations

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyreq_tui.errors import PyreqError
from pyreq_tui.sources.lines import decode, logical_lines

FILE = Path("requirements.txt")


def lines(text: str, **environment: str) -> list[tuple[int, str]]:
    return [(line.number, line.text) for line in logical_lines(text, environment)]


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"caf\xc3\xa9", "café"),
        (codecs.BOM_UTF8 + b"six", "six"),
        (codecs.BOM_UTF16_LE + "six".encode("utf-16-le"), "six"),
        (codecs.BOM_UTF16_BE + "six".encode("utf-16-be"), "six"),
        (codecs.BOM_UTF32_LE + "six".encode("utf-32-le"), "six"),
        (b"# -*- coding: latin-1 -*-\n# caf\xe9", "# -*- coding: latin-1 -*-\n# café"),
        (b"#!x\n# coding=latin-1\n\xe9", "#!x\n# coding=latin-1\né"),
    ],
)
def test_encodings(data: bytes, text: str) -> None:
    assert decode(data, FILE) == text


def test_bytes_that_no_encoding_explains_are_pointed_at() -> None:
    with pytest.raises(PyreqError, match="0xe9") as caught:
        decode(b"six\ncaf\xe9\n", FILE)
    assert str(caught.value.where) == "requirements.txt:2"


def test_an_unknown_encoding_is_named() -> None:
    with pytest.raises(PyreqError, match="'klingon'"):
        decode(b"# coding: klingon\n", FILE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\n\n  b  \n", [(1, "a"), (3, "b")]),
        ("a\r\nb\r\n", [(1, "a"), (2, "b")]),
        ("a # why\n# all\nb#kept\n", [(1, "a"), (3, "b#kept")]),
        (
            "a \\\n  --hash=sha256:1 \\\n  --hash=sha256:2\nb",
            [(1, "a   --hash=sha256:1   --hash=sha256:2"), (4, "b")],
        ),
        ("a \\\r\n  b", [(1, "a   b")]),
        ("a \\\n# comment\nb", [(1, "a"), (3, "b")]),
        ("# comment \\\nb", [(2, "b")]),
        ("a \\", [(1, "a")]),
        ("a \\ \nb", [(1, "a \\"), (2, "b")]),
        ("x @ https://h/p#egg=x", [(1, "x @ https://h/p#egg=x")]),
    ],
)
def test_logical_lines(text: str, expected: list[tuple[int, str]]) -> None:
    assert lines(text) == expected


def test_only_set_variables_in_braces_are_filled_in() -> None:
    text = "https://${USER_1}:${EMPTY}@h/${unset} $USER_1 ${MISSING}"
    assert lines(text, USER_1="me", EMPTY="", unset="no") == [
        (1, "https://me:${EMPTY}@h/${unset} $USER_1 ${MISSING}")
    ]


def test_what_is_shown_is_what_was_written() -> None:
    [line] = logical_lines("  i ${TOKEN}  # x", {"TOKEN": "secret"})
    assert (line.text, line.written, line.column) == ("i secret", "i ${TOKEN}", 3)


@given(st.text(alphabet="ab \\\n\r#$-{}\t\x0b\x85", max_size=60))
def test_no_text_breaks_it_and_numbers_rise(text: str) -> None:
    numbers = [line.number for line in logical_lines(text, {})]
    assert numbers == sorted(set(numbers))
    assert all(1 <= number <= len(text.splitlines()) for number in numbers)
