"""Plain scalars as js-yaml reads them."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pyreq_tui.service.scalars import javascript_text, read_scalar


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("", None),
        ("~", None),
        ("null", None),
        ("Null", None),
        ("NULL", None),
        ("nULL", "nULL"),
        ("true", True),
        ("True", True),
        ("TRUE", True),
        ("tRUE", "tRUE"),
        ("false", False),
        ("yes", "yes"),
        ("no", "no"),
        ("on", "on"),
        ("off", "off"),
        ("y", "y"),
        ("0", 0),
        ("-0", 0),
        ("+12", 12),
        ("010", 10),
        ("1_000", 1000),
        ("1_", "1_"),
        ("_1", "_1"),
        ("0b101", 5),
        ("0o17", 15),
        ("-0o17", -15),
        ("0x1F", 31),
        ("0x", "0x"),
        ("0o8", "0o8"),
        ("0b", "0b"),
        ("12:30", "12:30"),
        ("1:2:3", "1:2:3"),
        ("1.5", 1.5),
        ("1.", 1.0),
        (".5", 0.5),
        ("-.5", "-.5"),
        (".", "."),
        ("1e3", 1000.0),
        ("1.5E-2", 0.015),
        ("1e", "1e"),
        (".inf", math.inf),
        ("-.Inf", -math.inf),
        (".infinity", ".infinity"),
        ("2024-01-01", "2024-01-01"),
        ("3.12", 3.12),
        ("3.12.1", "3.12.1"),
        ("python3.12", "python3.12"),
        ("--upgrade", "--upgrade"),
        ("٣", "٣"),
    ],
)
def test_reads_what_js_yaml_reads(text: str, value: object) -> None:
    read = read_scalar(text)
    assert read == value
    assert type(read) is type(value)


def test_reads_not_a_number() -> None:
    assert math.isnan(float(read_scalar(".nan") or 0))


def test_endless_digits_stay_text() -> None:
    assert read_scalar("9" * 100_000) == "9" * 100_000


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert isinstance(read_scalar(text), str | int | float | None)


@given(st.integers(-(10**30), 10**30))
def test_integers_are_read_back(number: int) -> None:
    assert read_scalar(str(number)) == number


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (True, "true"),
        (None, "null"),
        (12, "12"),
        (1.0, "1"),
        (1.5, "1.5"),
        (math.inf, "Infinity"),
        (math.nan, "NaN"),
    ],
)
def test_scalars_in_a_text_look_as_in_javascript(value: float | None, text: str) -> None:
    assert javascript_text(value) == text
