"""What a plain YAML scalar means: the 1.2 core schema, with the spellings js-yaml adds to it.

The Framework reads serverless.yml with js-yaml, so ``yes`` and ``12:30`` are strings here and ``0o17`` is 15.
"""

from __future__ import annotations

import math
import re

ScalarValue = str | int | float | bool | None
"""What a scalar can be."""

_CONSTANTS: dict[str, bool | None] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}
_INTEGER = re.compile(
    r"(?P<sign>[-+]?)(?:0b(?P<binary>[01_]+)|0o(?P<octal>[0-7_]+)|0x(?P<hex>[0-9a-fA-F_]+)|(?P<decimal>[0-9][0-9_]*))"
)
_FLOAT = re.compile(r"[-+]?[0-9][0-9_]*(?:\.[0-9_]*)?(?:[eE][-+]?[0-9]+)?|\.[0-9_]+(?:[eE][-+]?[0-9]+)?")
_INFINITY = re.compile(r"[-+]?\.(?:inf|Inf|INF)")
_NOT_A_NUMBER = re.compile(r"\.(?:nan|NaN|NAN)")
_BASES = {"binary": 2, "octal": 8, "hex": 16, "decimal": 10}
_LARGEST_PLAIN = 1e21
"""From here on JavaScript writes numbers with an exponent."""
_LONGEST_NUMBER = 400
"""Longer digit strings stay text: no option is that large, and reading them takes quadratic time."""


def read_scalar(text: str) -> ScalarValue:
    """The value of a plain (unquoted, untagged) scalar."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if text[0] not in "-+.0123456789" or len(text) > _LONGEST_NUMBER:
        return text
    integer = _read_integer(text)
    if integer is not None:
        return integer
    number = _read_float(text)
    return text if number is None else number


def _read_integer(text: str) -> int | None:
    match = _INTEGER.fullmatch(text)
    if match is None or text.endswith("_"):
        return None
    kind = match.lastgroup or "decimal"
    digits = match[kind].replace("_", "")
    if not digits:
        return None
    return int(match["sign"] + digits, _BASES[kind])


def _read_float(text: str) -> float | None:
    if _INFINITY.fullmatch(text):
        return -math.inf if text.startswith("-") else math.inf
    if _NOT_A_NUMBER.fullmatch(text):
        return math.nan
    if text.endswith("_") or not _FLOAT.fullmatch(text):
        return None
    digits = text.replace("_", "")
    return float(digits) if digits != "." else None


def javascript_text(value: ScalarValue) -> str:
    """A scalar as JavaScript writes it into a string, or names a property: ``true``, ``null``, ``10``."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, float):
        return str(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "Infinity" if value > 0 else "-Infinity"
    return str(int(value)) if value.is_integer() and abs(value) < _LARGEST_PLAIN else repr(value)
