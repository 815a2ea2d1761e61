"""Changes the text of a configuration's files entry by entry, and sees that nothing else changes with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyreq_tui.errors import PyreqError, Where
from pyreq_tui.service.block_splices import add_entry, fill_entry, remove_entry, replace_value
from pyreq_tui.service.configuration import Configuration
from pyreq_tui.service.edit import Edit
from pyreq_tui.service.flow_splices import add_to_flow, remove_from_flow, replace_in_flow
from pyreq_tui.service.locating import Spot, check_unshared
from pyreq_tui.service.nodes import Mapping
from pyreq_tui.service.outlines import outline, value_outline
from pyreq_tui.service.rendering import Writing, render_scalar
from pyreq_tui.service.splices import Splice, apply, column, style_of

if TYPE_CHECKING:
    from pathlib import Path

    from pyreq_tui.service.document import Document
    from pyreq_tui.service.model import Service


@dataclass(frozen=True)
class Entry:
    """What one entry of a map shall say: ``value``, or nothing more where ``is_unset``."""

    key: str
    value: object = None
    is_unset: bool = False


class Draft:
    """The files of a service as they would be; each is read anew, so what was edited elsewhere is kept."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._before: dict[Path, Document] = {}
        self._texts: dict[Path, str] = {}
        self._expected: dict[Path, object] = {}
        self.configuration = Configuration(service.config_file, service.inputs)
        """What the files say with every change so far."""

    def write(self, spot: Spot, entry: Entry) -> None:
        """Change one entry of the map at ``spot``, which `locate` found in this draft's configuration.

        Raises PyreqError where that can't be written without changing something else.
        """
        self._splice(spot.document, _splices(spot, entry))
        _expect(self._expected[spot.document.path], spot.path, entry)

    def rename(self, spot: Spot, key: str, name: str) -> None:
        """Write ``name`` for the key ``key`` of the map at ``spot``, as `write` does.

        Raises PyreqError where that can't be done alone, or where the map has ``name`` already.
        """
        mapping = spot.mapping
        if mapping is None or name in mapping.by_name:
            raise _unsafe(spot.document)
        pair = mapping.by_name[key]
        is_json = spot.document.path.suffix == ".json"
        text = render_scalar(name, style_of(pair.key), is_json=is_json)
        self._splice(spot.document, [Splice(pair.key.start, pair.key.end, text)])
        _expect_renamed(self._expected[spot.document.path], spot.path, key, name)

    def _splice(self, document: Document, splices: list[Splice]) -> None:
        if document.path not in self._before:
            self._before[document.path] = document
            self._expected[document.path] = outline(document.root)
        self._texts[document.path] = apply(document.text, splices)
        try:
            self.configuration = Configuration(self._service.config_file, self._service.inputs, self._texts)
        except PyreqError as error:
            raise _unsafe(document) from error

    def edits(self) -> tuple[Edit, ...]:
        """The files that change. Raises PyreqError where one would say anything else than it should."""
        for path, expected in self._expected.items():
            if outline(self.configuration.document(path).root) != expected:
                raise _unsafe(self._before[path])
        return tuple(
            Edit(path, before.text, self._texts[path], self._service.root)
            for path, before in self._before.items()
        )


def _unsafe(document: Document) -> PyreqError:
    return PyreqError(
        f"This change can't be written to {document.path.name} without changing something else.",
        where=Where(document.path),
        hint="Make the change by hand.",
    )


def _splices(spot: Spot, entry: Entry) -> list[Splice]:
    document, mapping = spot.document, spot.mapping
    is_json = document.path.suffix == ".json"
    writing = Writing(document.lines.line_break, _indentation(spot))
    key, *inner = (*spot.missing, entry.key)
    value = entry.value
    for name in reversed(inner):
        value = {name: value}
    if mapping is None:
        if spot.pair is None:
            raise _unsafe(document)
        if spot.in_flow or is_json:
            return replace_in_flow(document, spot.pair, {key: value}, is_json=is_json)
        return fill_entry(document, spot.pair, {key: value}, writing)
    pair = mapping.by_name.get(key)
    if pair is not None:
        check_unshared(document, pair.value)
    if entry.is_unset and pair is not None:
        if mapping.is_flow:
            return remove_from_flow(document, mapping, pair)
        return remove_entry(document, mapping, pair, spot.pair)
    if pair is None:
        if mapping.is_flow:
            return add_to_flow(document, mapping, key, value, is_json=is_json)
        return add_entry(document, mapping, key, value, writing)
    if mapping.is_flow:
        return replace_in_flow(document, pair, value, is_json=is_json)
    return replace_value(document, pair, value, writing)


def _indentation(spot: Spot) -> int:
    """How far one level is indented: as on the way to the block, or else at the top of the file."""
    document = spot.document
    has_entries = spot.mapping is not None and bool(spot.mapping.pairs)
    nearest = spot.mapping.pairs[0] if spot.mapping is not None and has_entries else spot.pair
    depth = len(spot.path) - len(spot.missing) - (0 if has_entries else 1)
    if nearest is not None and 0 < depth <= column(document, nearest.key):
        return column(document, nearest.key) // depth
    root = document.root
    for pair in root.pairs if isinstance(root, Mapping) else ():
        if isinstance(pair.value, Mapping) and not pair.value.is_flow:
            return max(column(document, pair.value.pairs[0].key) - column(document, pair.key), 1)
    return Writing().step


def _expect(expected: object, path: tuple[str, ...], entry: Entry) -> None:
    """Change an outline as the entry should change the text."""
    here = expected
    for key in path:
        if not isinstance(here, dict):
            return
        if not isinstance(here.get(key), dict):
            here[key] = {}
        here = here[key]
    if isinstance(here, dict) and entry.is_unset:
        here.pop(entry.key, None)
    elif isinstance(here, dict):
        here[entry.key] = value_outline(entry.value)


def _expect_renamed(expected: object, path: tuple[str, ...], key: str, name: str) -> None:
    """Change an outline as the renaming should change the text."""
    here = expected
    for part in path:
        here = here.get(part) if isinstance(here, dict) else None
    if isinstance(here, dict) and key in here:
        here[name] = here.pop(key)
