"""Values as YAML text: plain where every reader agrees on the meaning, quoted where one might not."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyreq_tui.errors import PyreqError
from pyreq_tui.service.scalars import javascript_text, read_scalar

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pyreq_tui.service.nodes import Style

_PLAIN = re.compile(r"[A-Za-z0-9_./-](?:[A-Za-z0-9_./@+=~ -]|:(?=[^\s:]))*(?<! )")
_READ_OTHERWISE = re.compile(
    r"(?i:y|n|yes|no|on|off|true|false|null)|-|---.*|\.\.\..*|- .*|[-+.]?[0-9][0-9_.:eE+xXobTt-]*(?: .*)?"
)
"""What YAML 1.1, or js-yaml's dates, would not read as the text it is."""
_VARIABLE = re.compile(r"\$\{[^{}#\n]*\}")
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


@dataclass(frozen=True)
class Writing:
    """How a file is written, so that what is added looks like the rest."""

    line_break: str = "\n"
    step: int = 2
    """Blanks of one level of indentation."""
    is_json: bool = False


def render_scalar(
    value: object, style: Style = "plain", *, is_json: bool = False, in_flow: bool = False
) -> str:
    """One scalar; ``style`` is how a text should be quoted where it may be either way."""
    if is_json:
        return json.dumps(value, ensure_ascii=False)
    if value is None or isinstance(value, bool | int):
        return javascript_text(value)
    if isinstance(value, float):
        return javascript_text(value) if value.is_integer() else repr(value)
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} is not a scalar")
    if any(0xD800 <= ord(character) <= 0xDFFF for character in value):
        raise PyreqError("Half of a surrogate pair can't be written to a file.")
    if style == "double" or not value.isprintable():
        return '"' + "".join(_escaped(character) for character in value) + '"'
    if style == "single" or not (_is_plain(value) or (_is_variable(value) and not in_flow)):
        return "'" + value.replace("'", "''") + "'"
    return value


def render_flow(value: object, *, style: Style = "plain", is_json: bool = False) -> str:
    """A value on one line: ``[a, b]``, ``{a: b}``."""
    if isinstance(value, dict):
        pairs = (
            f"{render_scalar(str(key), is_json=is_json)}: {render_flow(part, style=style, is_json=is_json)}"
            for key, part in value.items()
        )
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(render_flow(item, style=style, is_json=is_json) for item in value) + "]"
    return render_scalar(value, style, is_json=is_json, in_flow=True)


def render_entry(key: str, value: object, indent: str, step: int) -> list[str]:
    """An entry of a block map as lines: maps below one another, lists on one line."""
    name = indent + render_scalar(key)
    if isinstance(value, dict) and value:
        lines = [f"{name}:"]
        for part, inner in value.items():
            lines += render_entry(str(part), inner, indent + " " * step, step)
        return lines
    is_scalar = not isinstance(value, dict | list | tuple)
    return [f"{name}: {render_scalar(value) if is_scalar else render_flow(value)}"]


def render_map(value: Mapping[str, object]) -> str:
    """A map as a block of YAML, with a newline at its end."""
    return "".join(
        f"{line}\n" for key, part in value.items() for line in render_entry(key, part, "", Writing().step)
    )


def _is_plain(text: str) -> bool:
    return (
        _PLAIN.fullmatch(text) is not None
        and _READ_OTHERWISE.fullmatch(text) is None
        and read_scalar(text) == text
    )


def _is_variable(text: str) -> bool:
    return _VARIABLE.fullmatch(text) is not None and ": " not in text


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    if character.isprintable():
        return character
    code = ord(character)
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
