"""From YAML text to nodes: PyYAML parses, the tree is built here, without recursion and within limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from pyreq_tui.errors import PyreqError, Where
from pyreq_tui.service.lines import Lines
from pyreq_tui.service.nodes import Alias, Mapping, Node, Pair, Scalar, Sequence, Style
from pyreq_tui.service.scalars import ScalarValue, javascript_text, read_scalar

try:
    from yaml._yaml import CParser
except ImportError:  # a PyYAML built without libyaml: slower, and without patience for tabs
    CParser = None  # type: ignore[assignment,misc]  # the stub knows only the built extension

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from yaml._yaml import Mark as CMark

    Mark = yaml.Mark | CMark

LONGEST_TEXT = 8_000_000
"""Characters a configuration file may have; far above any real one."""
DEEPEST_NESTING = 150
"""Levels of lists and maps; far above any real file, far below Python's own limit."""

_STYLES: dict[str | None, Style] = {
    None: "plain",
    "": "plain",
    "'": "single",
    '"': "double",
    "|": "block",
    ">": "block",
}
_YAML_TAG = "tag:yaml.org,2002:"
_READ_BY_TAG = {"int", "float", "bool", "null"}


def compose(path: Path, text: str) -> tuple[Node, dict[int, int]]:
    """The root node of ``text``, and how often each anchored node (by ``id``) is aliased.

    Raises PyreqError with the line in ``path`` where the text is not YAML as js-yaml accepts it.
    """
    if len(text) > LONGEST_TEXT:
        raise PyreqError(
            f"{path.name} is too large to be a configuration file ({len(text):,} characters).",
            where=Where(path),
        )
    composer = _Composer(path, text)
    return composer.compose(), composer.uses


@dataclass(slots=True)
class _Open:
    """A list or map whose end has not come yet."""

    start: int
    is_flow: bool
    is_mapping: bool
    anchor: str | None
    has_properties: bool
    children: list[Node]


class _Composer:
    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.text = text
        self.uses: dict[int, int] = {}
        self._mark_length = len(text) - len(text.removeprefix("\ufeff"))
        self._anchors: dict[str, Scalar | Sequence | Mapping | None] = {}
        self._stack: list[_Open] = []
        self._root: Node | None = None
        self._documents = 0

    def compose(self) -> Node:
        try:
            for event in _events(self.text[self._mark_length :]):
                self._take(event)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark if error.problem_mark is not None else error.context_mark
            message = f"{self.path.name} is not valid YAML: {error.problem or error.context}."
            raise self._error(message, self._offset(mark), _hint(error)) from error
        except yaml.reader.ReaderError as error:
            before = self.text.encode(errors="replace")[: error.position].decode(errors="ignore")
            raise self._error(f"{self.path.name} is not valid YAML: {error.reason}.", len(before)) from error
        if self._root is None:
            return Scalar(len(self.text), len(self.text), None, "plain")
        return self._root

    def _take(self, event: yaml.Event) -> None:
        start, end = self._offset(event.start_mark), self._offset(event.end_mark)
        match event:
            case yaml.ScalarEvent():
                scalar = _scalar(event, start, end)
                self._remember(event.anchor, scalar)
                self._place(scalar)
            case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                self._open(event, start)
            case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                self._close(end)
            case yaml.AliasEvent():
                self._place(self._alias(str(event.anchor), start, end))
            case yaml.DocumentStartEvent():
                self._documents += 1
                if self._documents > 1:
                    raise self._error(f"{self.path.name} holds more than one YAML document.", start)

    def _offset(self, mark: Mark | None) -> int:
        return self._mark_length + (mark.index if mark is not None else 0)

    def _open(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent, start: int) -> None:
        if len(self._stack) >= DEEPEST_NESTING:
            raise self._error(
                f"{self.path.name} nests lists and maps over {DEEPEST_NESTING} levels deep.", start
            )
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        has_properties = event.anchor is not None or event.tag is not None
        self._stack.append(_Open(start, bool(event.flow_style), is_mapping, event.anchor, has_properties, []))

    def _close(self, end: int) -> None:
        opened = self._stack.pop()
        node: Mapping | Sequence
        if opened.is_mapping:
            node = self._mapping(opened, end)
        else:
            node = Sequence(opened.start, end, tuple(opened.children), opened.is_flow, opened.has_properties)
        self._remember(opened.anchor, node)
        self._place(node)

    def _mapping(self, opened: _Open, end: int) -> Mapping:
        pairs = []
        by_name: dict[str, Pair] = {}
        for key, value in zip(opened.children[::2], opened.children[1::2], strict=True):
            pair = Pair(self._name(key), key, value, _is_merge(key))
            pairs.append(pair)
            if pair.is_merge:
                self._check_merge(value)
            elif (first := by_name.setdefault(pair.name, pair)) is not pair:
                line, _ = Lines(self.text).position(first.key.start)
                raise self._error(
                    f"The key {pair.name!r} stands twice in one map, first on line {line}.",
                    key.start,
                    hint="Keep one of the two; the Framework refuses such a file.",
                )
        return Mapping(opened.start, end, tuple(pairs), opened.is_flow, opened.has_properties, by_name)

    def _name(self, key: Node) -> str:
        node = key.target if isinstance(key, Alias) else key
        if isinstance(node, Scalar):
            return javascript_text(node.value)
        return self.text[key.start : key.end].strip()

    def _check_merge(self, value: Node) -> None:
        node = value.target if isinstance(value, Alias) else value
        for source in node.items if isinstance(node, Sequence) else (node,):
            if not isinstance(source.target if isinstance(source, Alias) else source, Mapping):
                raise self._error("Only a map, or a list of maps, can be merged with '<<'.", value.start)

    def _alias(self, anchor: str, start: int, end: int) -> Alias:
        if anchor not in self._anchors:
            raise self._error(
                f"{self.path.name} is not valid YAML: *{anchor} names no anchor.",
                start,
                hint=f"If *{anchor} is meant as text, put it in quotes.",
            )
        target = self._anchors[anchor]
        if target is None:
            raise self._error(f"*{anchor} stands inside the value it names.", start)
        self.uses[id(target)] = self.uses.get(id(target), 0) + 1
        return Alias(start, end, anchor, target)

    def _remember(self, anchor: str | None, node: Scalar | Sequence | Mapping) -> None:
        if anchor is not None:
            self._anchors[anchor] = node

    def _place(self, node: Node) -> None:
        if self._stack:
            self._stack[-1].children.append(node)
        else:
            self._root = node

    def _error(self, message: str, offset: int, hint: str | None = None) -> PyreqError:
        line, column = Lines(self.text).position(min(offset, len(self.text)))
        return PyreqError(message, where=Where(self.path, line, column), hint=hint)


def _is_merge(key: Node) -> bool:
    return isinstance(key, Scalar) and key.value == "<<" and key.style == "plain" and not key.has_properties


def _hint(error: yaml.MarkedYAMLError) -> str | None:
    if "alias" in (error.context or "") or "cannot start any token" in (error.problem or ""):
        return "If the value is meant as text, put it in quotes."
    if "tab" in (error.problem or ""):
        return "Indent with spaces."
    return None


def _events(text: str) -> Iterator[yaml.Event]:
    if CParser is None:
        yield from yaml.parse(text, Loader=yaml.SafeLoader)
        return
    try:
        parser = CParser(text)
    except UnicodeEncodeError as error:
        raise yaml.reader.ReaderError("", error.start, 0, "unicode", "half a surrogate pair") from error
    while (event := parser.get_event()) is not None:
        yield event


def _scalar(event: yaml.ScalarEvent, start: int, end: int) -> Scalar:
    style = _STYLES[event.style]
    tag: str | None = event.tag
    value: ScalarValue = event.value
    if tag is None:
        if style == "plain":
            value = read_scalar(event.value)
    elif tag.startswith(_YAML_TAG) and tag.removeprefix(_YAML_TAG) in _READ_BY_TAG:
        value = read_scalar(event.value)
    return Scalar(start, end, value, style, event.anchor is not None or tag is not None)
