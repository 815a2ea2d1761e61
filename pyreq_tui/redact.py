"""Keeps secrets out of logs, records and screens."""

from __future__ import annotations

import re

_URL_CREDENTIALS = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]*://)[^/\s@'\"]+@", re.IGNORECASE)
_SECRET_ASSIGNMENT = re.compile(
    r"(?P<name>[\w.-]*(?:token|secret|password|passwd|api[_-]?key|access[_-]?key)[\w.-]*)"
    r"(?P<equals>\s*[=:]\s*)(?P<value>(?!\*\*\*)[^\s'\",;]+)",
    re.IGNORECASE,
)


def redact(text: str) -> str:
    """``text`` with credentials in URLs and values of secret-looking names replaced by ``***``."""
    text = _URL_CREDENTIALS.sub(r"\g<scheme>***@", text)
    return _SECRET_ASSIGNMENT.sub(r"\g<name>\g<equals>***", text)
