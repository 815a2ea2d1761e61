"""Writes option changes into the user's text: only the lines whose meaning changes are touched."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pyreq_tui.errors import OptionChange, PyreqError, Where
from pyreq_tui.service.block_splices import add_entry, fill_entry, remove_entry, replace_value
from pyreq_tui.service.configuration import Configuration
from pyreq_tui.service.edit import Edit
from pyreq_tui.service.flow_splices import add_to_flow, remove_from_flow, replace_in_flow
from pyreq_tui.service.locating import Spot, check_unshared, descend, locate_block
from pyreq_tui.service.nodes import Alias, Mapping, Opaque, Scalar
from pyreq_tui.service.option_block import BLOCK
from pyreq_tui.service.options import spec_of
from pyreq_tui.service.outlines import outline, value_outline
from pyreq_tui.service.places import Place, with_merged
from pyreq_tui.service.rendering import Writing, render_entry
from pyreq_tui.service.specs import plain_value
from pyreq_tui.service.splices import Splice, apply, column
from pyreq_tui.service.values import LAYER_FIELDS, read_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyreq_tui.service.document import Document
    from pyreq_tui.service.model import Service

_DEEPEST_SHOWN = 4
"""Levels of a value in the block: no option has more."""


def edit_options(service: Service, changes: Sequence[OptionChange]) -> Edit:
    """What ``changes`` would make of the file that holds ``custom.pythonRequirements``.

    The file is read anew, so what was edited elsewhere since the service was loaded is kept. Raises
    PyreqError for a value of the wrong type, and where a change can't be written without changing
    something else.
    """
    return _edited(service, changes)[0]


def render_block(service: Service, changes: Sequence[OptionChange]) -> str:
    """The block that would result, as YAML to show or to copy; variables stay as written."""
    configuration = _edited(service, changes)[1]
    block = configuration.find(*BLOCK)
    entries = block.entries() if block is not None else {}
    written = {key: _written(place) for key, place in entries.items()}
    return "\n".join(render_entry(BLOCK[0], {BLOCK[1]: written}, "", Writing().step)) + "\n"


@dataclass(frozen=True)
class _Step:
    """One splice's worth of a change: an entry of the block, or of a map in it."""

    above: tuple[str, ...]
    key: str
    value: object
    is_unset: bool


def _edited(service: Service, changes: Sequence[OptionChange]) -> tuple[Edit, Configuration]:
    configuration = Configuration(service.config_file, service.inputs)
    start = locate_block(configuration)
    expected = outline(start.document.root)
    text = start.document.text
    for change in changes:
        wanted = _normalised(change)
        for step in _steps(configuration, wanted):
            spot = locate_block(configuration)
            for key in step.above:
                spot = descend(spot, key)
            text = apply(spot.document.text, _splices(spot, step))
            configuration = _reread(service, start.document, text)
            _expect(expected, (*start.path, *step.above), step)
    if outline(locate_block(configuration).document.root) != expected:
        raise _unsafe(start.document)
    return Edit(start.document.path, start.document.text, text, service.root), configuration


def _reread(service: Service, document: Document, text: str) -> Configuration:
    try:
        return Configuration(service.config_file, service.inputs, {document.path: text})
    except PyreqError as error:
        raise _unsafe(document) from error


def _unsafe(document: Document) -> PyreqError:
    return PyreqError(
        f"This change can't be written to {document.path.name} without changing something else.",
        where=Where(document.path),
        hint="Edit the options by hand.",
    )


def _normalised(change: OptionChange) -> OptionChange:
    """The change with its value checked and as it will be written; no value means unset."""
    if change.is_unset or change.value is None:
        return OptionChange(change.key, is_unset=True)
    spec = spec_of(change.key)
    value = read_value(spec, change.value)
    return replace(change, value=change.value if isinstance(change.value, dict) else plain_value(value))


def _steps(configuration: Configuration, change: OptionChange) -> Iterator[_Step]:
    """What has to be done for a change, in order; nothing where the file says so already."""
    spot = locate_block(configuration)
    block = spot.mapping if not spot.missing else None
    pair = block.by_name.get(change.key) if block is not None else None
    if change.is_unset:
        if pair is not None:
            yield _Step((), change.key, None, is_unset=True)
        elif block is not None and any(change.key in source.by_name for source in with_merged(block)):
            raise PyreqError(
                f"{change.key} comes from a map merged into the options, so it can't be removed here.",
                where=spot.document.where(block),
                hint="Set it to its default, or edit the merged map by hand.",
            )
        return
    if pair is not None and _says(configuration, Place(spot.document, pair.value), change):
        return
    own = pair.value if pair is not None else None
    if isinstance(own, Mapping) and own.pairs and isinstance(change.value, dict) and change.value:
        for key, value in change.value.items():
            known = own.by_name.get(key)
            if known is None or outline(known.value) != value_outline(value):
                yield _Step((change.key,), key, value, is_unset=False)
        for key in own.by_name:
            if key in LAYER_FIELDS and key not in change.value:
                yield _Step((change.key,), key, None, is_unset=True)
        return
    yield _Step((), change.key, change.value, is_unset=False)


def _says(configuration: Configuration, place: Place, change: OptionChange) -> bool:
    """Whether the file gives an option the very value wanted."""
    spec = spec_of(change.key)
    try:
        return read_value(spec, configuration.plain(place)) == read_value(spec, change.value)
    except PyreqError:
        return False


def _splices(spot: Spot, step: _Step) -> list[Splice]:
    document, mapping = spot.document, spot.mapping
    is_json = document.path.suffix == ".json"
    writing = Writing(document.lines.line_break, _indentation(spot))
    key, *inner = (*spot.missing, step.key)
    value = step.value
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
    if step.is_unset and pair is not None:
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


def _expect(expected: object, path: tuple[str, ...], step: _Step) -> None:
    """Change an outline as the step should change the text."""
    here = expected
    for key in path:
        if not isinstance(here, dict):
            return
        if not isinstance(here.get(key), dict):
            here[key] = {}
        here = here[key]
    if isinstance(here, dict) and step.is_unset:
        here.pop(step.key, None)
    elif isinstance(here, dict):
        here[step.key] = value_outline(step.value)


def _written(place: Place, depth: int = 0) -> object:
    """A value with its aliases followed and its variables as they are written."""
    node = place.node.target if isinstance(place.node, Alias) else place.node
    here = Place(place.document, node)
    if depth > _DEEPEST_SHOWN:
        return "…"
    if isinstance(node, Mapping):
        return {key: _written(part, depth + 1) for key, part in here.entries().items()}
    if isinstance(node, Scalar | Opaque):
        return here.scalar
    return [_written(part, depth + 1) for part in here.elements()]
