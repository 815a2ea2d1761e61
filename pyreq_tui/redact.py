"""Keeps secrets out of logs, records and screens."""

from __future__ import annotations

import re

_URL_CREDENTIALS = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*://)(?!git@)[^/\s@'\"]+@", re.IGNORECASE)
"""User and password in front of a host; ``git@`` is how everybody logs in over SSH, and no secret."""
_SECRET_ASSIGNMENT = re.compile(
    r"(?P<name>[\w.-]*(?:token|secret|passw(?:or)?d|api[_-]?key|access[_-]?key)[\w.-]*[\"']?\s*[=:]\s*)"
    r"(?!\*\*\*)(?:\"[^\"]*\"|'[^']*'|[^\s'\",;]+)",
    re.IGNORECASE,
)
_AUTHORIZATION = re.compile(r"\b(?P<kind>basic|bearer)\s+(?=\S*[\d=.])[\w.~+/=-]{6,}", re.IGNORECASE)


def redact(text: str) -> str:
    """``text`` with ``***`` for credentials in URLs and headers and for values of secret-looking names."""
    text = _URL_CREDENTIALS.sub(r"\g<scheme>***@", text)
    text = _AUTHORIZATION.sub(r"\g<kind> ***", text)
    return _SECRET_ASSIGNMENT.sub(r"\g<name>***", text)
