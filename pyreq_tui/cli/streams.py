"""Text on its way to stdout and stderr, whatever they are: a terminal, a pipe, a file, an old code page."""

from __future__ import annotations

import codecs
import io
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import TextIO

_PLAIN = {"✗": "x", "✓": "+", "·": "-", "–": "-", "→": "->", "…": "..."}
"""What stands for our own signs where a stream's encoding lacks them."""
_ERRORS = "pyreq-plain"


_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def without_controls(text: str) -> str:
    """``text`` with ``?`` for control characters, which names may hold and a terminal would obey."""
    return _CONTROLS.sub("?", text)


def write(stream: TextIO | None, text: str) -> None:
    """Write ``text`` and see it through. What the encoding lacks is written plainly, or as ``\\u…``.

    ``None`` is a stream that was closed before we began: nothing is written. Raises OSError.
    """
    if stream is None:
        return
    if isinstance(stream, io.TextIOWrapper) and stream.errors != _ERRORS:
        stream.reconfigure(errors=_ERRORS)
    stream.write(text)
    stream.flush()


def is_unicode(stream: TextIO | None) -> bool:
    """Whether every character can be written to ``stream`` as it is."""
    return codecs.lookup(getattr(stream, "encoding", None) or "utf-8").name.startswith("utf-")


def _plainly(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    missing = error.object[error.start : error.end]
    plain = (_PLAIN.get(sign) or sign.encode("ascii", "backslashreplace").decode() for sign in missing)
    return "".join(plain), error.end


codecs.register_error(_ERRORS, _plainly)
