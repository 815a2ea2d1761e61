"""What was learnt of a content, kept as JSON beside the other caches: a file is there whole or not at all."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from typing import TYPE_CHECKING

from pyreq_tui.whole import write_whole

if TYPE_CHECKING:
    from pathlib import Path


class Kept:
    """The records of one kind; ``form`` changes with what is read, and with it every record's name."""

    def __init__(self, cache: Path, kind: str, form: int) -> None:
        self._folder = cache / "findings" / kind
        self._form = form

    def recall(self, content: str) -> object:
        """What is known of ``content``; ``None`` where nothing is, or where it is damaged."""
        try:
            return json.loads(self._path(content).read_bytes())
        except (OSError, ValueError):
            return None

    def remember(self, content: str, known: object) -> None:
        """Keep ``known``, which JSON can hold. A cache that can't be written costs time, not the answer."""
        with suppress(OSError):
            write_whole(self._path(content), json.dumps(known))

    def _path(self, content: str) -> Path:
        name = hashlib.sha256(f"{self._form}\n{content}".encode()).hexdigest()
        return self._folder / name[:2] / f"{name}.json"
