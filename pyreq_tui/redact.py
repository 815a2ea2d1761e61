"""Keeps secrets out of logs, records and screens."""

from __future__ import annotations

import re

# Every repetition is bounded and starts at a word's edge: what is redacted may be long, and hostile.
_URL_CREDENTIALS = re.compile(
    r"(?<![a-z0-9+.-])(?P<scheme>[a-z][a-z0-9+.-]{0,20}://)(?!git@)[^/\s@'\"]{1,2000}@", re.IGNORECASE
)
"""User and password in front of a host; ``git@`` is how everybody logs in over SSH, and no secret."""
_SECRET_ASSIGNMENT = re.compile(
    r"(?<![\w.-])(?=[\w.-]{0,100}?(?:token|secret|passw(?:or)?d|api[_-]?key|access[_-]?key))"
    r"(?P<name>[\w.-]{1,200}[\"']?\s{0,8}[=:]\s{0,8})"
    r"(?!\*\*\*)(?:\"[^\"]*\"|'[^']*'|[^\s'\",;]+)",
    re.IGNORECASE,
)
_AUTHORIZATION = re.compile(
    r"\b(?P<kind>basic|bearer)\s{1,8}(?=[^\s\d=.]{0,400}[\d=.])[\w.~+/=-]{6,}", re.IGNORECASE
)


def redact(text: str) -> str:
    """``text`` with ``***`` for credentials in URLs and headers and for values of secret-looking names."""
    text = _URL_CREDENTIALS.sub(r"\g<scheme>***@", text)
    text = _AUTHORIZATION.sub(r"\g<kind> ***", text)
    return _SECRET_ASSIGNMENT.sub(r"\g<name>***", text)
