"""Globs, translated to regular expressions over whole POSIX paths.

Two dialects are needed, for the Framework uses two libraries:

* ``dot=False``: node-glob, which slim patterns go through. ``*``, ``?`` and ``**`` pass over names that start
  with a dot; ``[!a]`` and ``[^a]`` are the same; parentheses are plain characters; ``a/**`` matches a file
  ``a``, but ``*/**`` no file at the root.
* ``dot=True``: micromatch with its ``dot`` option, which ``package.patterns`` go through. Dots are nothing
  special; only ``[^a]`` turns a class round; ``(a|b)`` is a group; a pattern that equals the path matches it;
  a leading ``!`` turns the match round; ``a*b/**`` matches a file ``ab``, but ``a*/**`` does not.

Both know ``**`` as a whole segment, ``*``, ``?``, ``[a-z]``, ``{a,b}``, ``{1..3}`` and the extended forms
``?(…)``, ``*(…)``, ``+(…)``, ``@(…)``, ``!(…)``. Upper and lower case differ on every system, so that an
artifact is the same wherever it is built.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from pyreq_tui.bundle.braces import expand_braces
from pyreq_tui.errors import PyreqError

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_PATTERN_LENGTH = 1_024
"""Longer patterns are refused: nobody writes them, and what translates them recurses."""
MAX_GROUPS = 8
"""Extended groups in one segment: each ``!(…)`` repeats what follows it, so their number is held small."""

_NO_MATCH = r"(?!)"
_POSIX_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": " \\t",
    "digit": "0-9",
    "lower": "a-z",
    "space": "\\s",
    "upper": "A-Z",
    "word": "\\w",
    "xdigit": "A-Fa-f0-9",
}
_GROUP_REPEATS = {"?": "?", "*": "*", "+": "+", "@": ""}
_SEGMENT_END = r"(?:/|\Z)"
_STAR = "[^/]*"


@lru_cache(maxsize=256)
def compile_globs(patterns: tuple[str, ...], *, dot: bool) -> re.Pattern[str]:
    """One expression, anchored at both ends, for the paths that any of ``patterns`` matches.

    Raises PyreqError for a pattern that is too long or has too many alternatives.
    """
    translated = [translate(pattern, dot=dot) for pattern in patterns]
    return re.compile("|".join(translated) if translated else _NO_MATCH, re.DOTALL)


def translate(pattern: str, *, dot: bool) -> str:
    """The regular expression, anchored at both ends, for one glob."""
    if len(pattern) > MAX_PATTERN_LENGTH:
        raise PyreqError(f"The pattern {pattern[:40]!r}… is longer than {MAX_PATTERN_LENGTH} characters.")
    if dot and pattern.startswith("!") and not pattern.startswith("!("):
        return rf"\A(?!{translate(pattern[1:], dot=dot)})[^\0]+\Z"
    alternatives = [_translate_path(expanded, dot=dot) for expanded in expand_braces(pattern)]
    if dot:
        alternatives.append(re.escape(pattern))
    return rf"\A(?:{'|'.join(dict.fromkeys(alternatives))})\Z"


def literal_base(pattern: str) -> str:
    """The leading folders of a glob that hold no wildcard: ``lib/common/**/*.py`` -> ``lib/common``.

    A pattern without any wildcard is its own base.
    """
    base = []
    for segment in _without_dot_slash(pattern).split("/"):
        if _has_wildcard(segment):
            break
        base.append(segment)
    return "/".join(base)


def _has_wildcard(segment: str) -> bool:
    return re.search(r"[*?\[\]{}()!|\\]", segment) is not None


def _without_dot_slash(pattern: str) -> str:
    while pattern.startswith("./"):
        pattern = pattern[2:].lstrip("/")
    return pattern


def _translate_path(pattern: str, *, dot: bool) -> str:
    any_name = _guard(dot) + "[^/]+"
    segments = [s for s in _split(_without_dot_slash(pattern), "/") if dot or s not in ("", ".")]
    kept: list[str] = []
    for segment in segments:
        if not (segment == "**" and kept and kept[-1] == "**"):
            kept.append(segment)
    expression = ""
    for index, segment in enumerate(kept):
        is_last = index == len(kept) - 1
        if segment != "**":
            comes_before_all = index == len(kept) - 2 and kept[-1] == "**"
            expression += _translate_segment(segment, dot=dot) + ("" if is_last or comes_before_all else "/")
        elif not is_last:
            expression += f"(?:{any_name}/)*"
        elif index == 0:
            expression += f"(?:{any_name}(?:/{any_name})*)?"
        else:
            needs_more = kept[index - 1].endswith("*") if dot else any(map(_has_wildcard, kept[:index]))
            expression += f"(?:/{any_name})" + ("+" if needs_more else "*")
    return expression


def _guard(dot: bool) -> str:
    """What a wildcard at the start of a name must not meet: ``.`` and ``..``, or any leading dot."""
    return rf"(?!\.{{1,2}}{_SEGMENT_END})" if dot else r"(?!\.)"


def _translate_segment(segment: str, *, dot: bool) -> str:
    if not segment:
        return ""
    expression, starts_wild = _Segment(segment, dot=dot).translate()
    if not starts_wild:
        return expression
    return _guard(dot) + ("[^/]+" if expression == _STAR else expression)


class _Segment:
    """Translates the text between two slashes."""

    def __init__(self, text: str, *, dot: bool) -> None:
        self.text = text
        self.is_micromatch = dot
        self.groups_left = MAX_GROUPS

    def translate(self) -> tuple[str, bool]:
        """The expression, and whether the name's first character is matched by a wildcard."""
        parts = self._parts(self.text)
        return _join(parts), bool(self.text) and self._is_wild_at_start()

    def _is_wild_at_start(self) -> bool:
        first = self.text[0]
        return (
            first in "*?"
            or (first == "[" and _class_end(self.text, 0) > 0)
            or self._group_at(self.text, 0) > 0
        )

    def _group_at(self, text: str, index: int) -> int:
        """Where the group that starts at ``index`` closes, or 0 where none starts."""
        is_group = text[index : index + 2] in ("?(", "*(", "+(", "@(", "!(")
        if is_group:
            return _closing(text, index + 1)
        return _closing(text, index) if self.is_micromatch and text[index] == "(" else 0

    def _parts(self, text: str) -> list[str]:
        parts: list[str] = []
        index = 0
        while index < len(text):
            character = text[index]
            if end := self._group_at(text, index):
                parts.append(self._group(text, index, end))
                if text[index] == "!":
                    break  # the group has taken in what follows it
                index = end + 1
            elif character == "*":
                if not parts or parts[-1] != _STAR:
                    parts.append(_STAR)
                index += 1
            elif character == "[" and (end := _class_end(text, index)):
                parts.append(_translate_class(text[index + 1 : end], "^" if self.is_micromatch else "^!"))
                index = end + 1
            elif character == "\\" and index + 1 < len(text):
                parts.append(re.escape(text[index + 1]))
                index += 2
            else:
                parts.append("[^/]" if character == "?" else re.escape(character))
                index += 1
        return parts

    def _group(self, text: str, start: int, end: int) -> str:
        self.groups_left -= 1
        if self.groups_left < 0:
            raise PyreqError(f"The pattern part {self.text[:60]!r} has more than {MAX_GROUPS} groups.")
        kind = text[start] if text[start] != "(" else "@"
        opening = text.index("(", start)
        alternatives = "|".join(_join(self._parts(part)) for part in _split(text[opening + 1 : end], "|"))
        if kind != "!":
            return f"(?:{alternatives}){_GROUP_REPEATS[kind]}"
        rest = _join(self._parts(text[end + 1 :]))
        return rf"(?!(?:{alternatives}){rest}{_SEGMENT_END}){_STAR}{rest}"


def _join(parts: list[str]) -> str:
    """The parts of a segment in a row.

    All stars but the last match as little as they can and never give back: that finds a match wherever there
    is one, and a pattern of many stars stays fast. It takes that nothing between them has a choice of length.
    """
    stars = [index for index, part in enumerate(parts) if part == _STAR]
    if len(stars) < 2 or any(part.startswith(("(?:", "(?!(")) for part in parts):
        return "".join(parts)
    expression = "".join(parts[: stars[0]])
    for star, following in pairwise(stars):
        expression += f"(?>{_STAR}?{''.join(parts[star + 1 : following])})"
    return expression + "".join(parts[stars[-1] :])


def _closing(text: str, opening: int) -> int:
    """The index of the parenthesis that closes the one at ``opening``, or 0."""
    depth = 0
    index = opening
    while index < len(text):
        if text[index] == "\\":
            index += 1
        elif text[index] == "(":
            depth += 1
        elif text[index] == ")":
            depth -= 1
            if depth == 0:
                return index
        index += 1
    return 0


def _class_end(text: str, start: int) -> int:
    """The index of the bracket that closes the class at ``start``, or 0. One that comes first is a member."""
    index = start + 1
    if text[index : index + 1] in ("!", "^"):
        index += 1
    if text[index : index + 1] == "]":
        index += 1
    while index < len(text):
        if text[index] == "\\":
            index += 1
        elif text.startswith("[:", index) and ":]" in text[index:]:
            index = text.index(":]", index) + 1
        elif text[index] == "]":
            return index
        index += 1
    return 0


def _translate_class(body: str, negations: str) -> str:
    negated = body[0] in negations
    rest = body[1:] if negated else body
    members = ""
    while rest:
        if (posix := re.match(r"\[:(\w+):\]", rest)) and posix[1] in _POSIX_CLASSES:
            members += _POSIX_CLASSES[posix[1]]
            rest = rest[posix.end() :]
            continue
        item = re.match(r"(\\.|[^\\]|\\\Z)(?:-(\\.|[^\\\]]))?", rest, re.DOTALL)
        assert item is not None  # noqa: S101 - every non-empty text starts with an item
        low, high = item[1][-1], item[2] and item[2][-1]
        if high is None or low <= high:
            members += "-".join(_escape_member(edge) for edge in (low, high) if edge)
        rest = rest[item.end() :]
    if not members:
        return _NO_MATCH
    return f"[^/{members}]" if negated else f"(?!/)[{members}]"


def _escape_member(character: str) -> str:
    return "\\" + character if character in "\\]^-[&~|" else character


def _grouped_until(text: str, index: int) -> int:
    """Where the parentheses, or the brackets without a slash, that open at ``index`` close, or 0."""
    if text[index] == "(":
        return _closing(text, index)
    end = _class_end(text, index) if text[index] == "[" else 0
    return 0 if "/" in text[index:end] else end


def _split(text: str, separator: str) -> Iterable[str]:
    """``text`` at each ``separator`` that stands outside of parentheses, brackets and escapes."""
    start = index = 0
    while index < len(text):
        character = text[index]
        if character == "\\":
            index += 1
        elif end := _grouped_until(text, index):
            index = end
        elif character == separator:
            yield text[start:index]
            start = index + 1
        index += 1
    yield text[start:]
