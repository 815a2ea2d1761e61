"""Options for a service that is described in code, which nobody edits but its author: ready to paste."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from pyreq_tui.service.loading import CODE_NAMES, CONFIG_NAMES
from pyreq_tui.service.option_block import BLOCK

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_STEP = "  "


def code_file(folder: Path) -> Path | None:
    """The serverless.ts or .js that the Framework runs in ``folder``; ``None`` without one."""
    if any((folder / name).is_file() for name in CONFIG_NAMES):
        return None
    return next((folder / name for name in CODE_NAMES if (folder / name).is_file()), None)


def render_code(options: Mapping[str, object]) -> str:
    """The block with ``options`` as part of an object literal, which JavaScript and TypeScript share."""
    block: dict[str, object] = {BLOCK[0]: {BLOCK[1]: dict(options)}}
    return "".join(f"{line}\n" for line in _entries(block, ""))


def _entries(value: Mapping[str, object], indent: str) -> list[str]:
    lines = []
    for key, part in value.items():
        name = key if _IDENTIFIER.fullmatch(key) else _text(key)
        if isinstance(part, dict) and part:
            lines += [f"{indent}{name}: {{", *_entries(part, indent + _STEP), f"{indent}}},"]
        else:
            lines.append(f"{indent}{name}: {_literal(part)},")
    return lines


def _literal(value: object) -> str:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_literal, value))}]"
    if isinstance(value, dict):
        parts = (
            f"{key if _IDENTIFIER.fullmatch(key) else _text(key)}: {_literal(part)}"
            for key, part in value.items()
        )
        return f"{{ {', '.join(parts)} }}" if value else "{}"
    return json.dumps(value)


def _text(text: str) -> str:
    """In single quotes; everything that is not plain ASCII escaped, as JSON and JavaScript both read it."""
    inner = json.dumps(text)[1:-1].replace('\\"', '"').replace("'", "\\'")
    return f"'{inner}'"
