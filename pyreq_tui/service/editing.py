"""Writes option changes into the user's text: only the lines whose meaning changes are touched."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pyreq_tui.errors import ItemChange, KeyChange, OptionChange, PyreqError, ValueChange
from pyreq_tui.service.draft import Draft, Entry
from pyreq_tui.service.edit import Edit
from pyreq_tui.service.locating import Spot, descend, locate, locate_block
from pyreq_tui.service.nodes import Alias, Mapping, Node, Opaque, Scalar
from pyreq_tui.service.nodes import Sequence as YamlSequence
from pyreq_tui.service.option_block import BLOCK
from pyreq_tui.service.options import spec_of
from pyreq_tui.service.outlines import outline, value_outline
from pyreq_tui.service.places import Place, with_merged
from pyreq_tui.service.rendering import render_map
from pyreq_tui.service.specs import plain_value
from pyreq_tui.service.values import LAYER_FIELDS, read_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyreq_tui.service.configuration import Configuration
    from pyreq_tui.service.model import Service

ConfigurationChange = OptionChange | ValueChange | ItemChange | KeyChange
"""What can be edited in serverless.yml and the files it includes."""
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
    return render_map({BLOCK[0]: {BLOCK[1]: written_options(service, changes)}})


def written_options(service: Service, changes: Sequence[OptionChange]) -> dict[str, object]:
    """What would be written in the block; variables as they are written. Raises PyreqError."""
    configuration = _edited(service, changes)[1]
    block = configuration.find(*BLOCK)
    entries = block.entries() if block is not None else {}
    return {key: _written(place) for key, place in entries.items()}


def edit_values(service: Service, changes: Sequence[ConfigurationChange]) -> tuple[Edit, ...]:
    """What ``changes`` would make of the files they lead to; those that stay the same are not among them.

    Raises PyreqError as `edit_options` does.
    """
    draft = Draft(service)
    for change in changes:
        match change:
            case OptionChange():
                _set_option(draft, change)
            case ValueChange():
                _set_value(draft, change)
            case ItemChange():
                _set_item(draft, change)
            case KeyChange():
                _set_key(draft, change)
    return tuple(edit for edit in draft.edits() if edit.changed)


def _set_value(draft: Draft, change: ValueChange) -> None:
    *above, key = change.path
    spot = locate(draft.configuration, tuple(above))
    mapping = spot.mapping if not spot.missing else None
    pair = mapping.by_name.get(key) if mapping is not None else None
    is_merged = pair is None and mapping is not None and _is_merged(mapping, key)
    if change.is_unset and is_merged:
        raise _merged(key, spot)
    is_said = pair is not None and outline(pair.value) == value_outline(change.value)
    if not (is_said if not change.is_unset else pair is None):
        draft.write(spot, Entry(key, change.value, change.is_unset))


def _set_item(draft: Draft, change: ItemChange) -> None:
    """The whole list is handed on: what does not change in it keeps its lines."""
    *above, key = change.path
    spot = locate(draft.configuration, tuple(above))
    pair = spot.mapping.by_name.get(key) if spot.mapping is not None and not spot.missing else None
    place = Place(spot.document, pair.value) if pair is not None else None
    if place is not None and not (isinstance(place.node, YamlSequence) or _is_null(place.node)):
        raise PyreqError(
            f"{key} is not written as a list here, so no item of it can be changed.",
            where=place.where,
            hint="Make the change by hand.",
        )
    items = [_written(element) for element in place.elements()] if place is not None else []
    if change.is_removed:
        kept = [item for item in items if item != change.item]
    else:
        kept = items if change.item in items else [*items, change.item]
    if kept != items:
        _set_value(draft, ValueChange(change.path, kept, is_unset=not kept))


def _set_key(draft: Draft, change: KeyChange) -> None:
    *above, key = change.path
    spot = locate(draft.configuration, tuple(above))
    mapping = spot.mapping if not spot.missing else None
    if mapping is not None and key in mapping.by_name:
        draft.rename(spot, key, change.name)


@dataclass(frozen=True)
class _Step:
    """One entry of a change: of the block, or of a map in it."""

    above: tuple[str, ...]
    entry: Entry


def _edited(service: Service, changes: Sequence[OptionChange]) -> tuple[Edit, Configuration]:
    draft = Draft(service)
    start = locate_block(draft.configuration).document
    for change in changes:
        _set_option(draft, change)
    edits = draft.edits()
    edit = edits[0] if edits else Edit(start.path, start.text, start.text, service.root)
    return edit, draft.configuration


def _set_option(draft: Draft, change: OptionChange) -> None:
    for step in _steps(draft.configuration, _normalised(change)):
        spot = locate_block(draft.configuration)
        for key in step.above:
            spot = descend(spot, key)
        draft.write(spot, step.entry)


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
            yield _Step((), Entry(change.key, is_unset=True))
        elif block is not None and _is_merged(block, change.key):
            raise _merged(change.key, spot)
        return
    if pair is not None and _says(configuration, Place(spot.document, pair.value), change):
        return
    own = pair.value if pair is not None else None
    if isinstance(own, Mapping) and own.pairs and isinstance(change.value, dict) and change.value:
        for key, value in change.value.items():
            known = own.by_name.get(key)
            if known is None or outline(known.value) != value_outline(value):
                yield _Step((change.key,), Entry(key, value))
        for key in own.by_name:
            if key in LAYER_FIELDS and key not in change.value:
                yield _Step((change.key,), Entry(key, is_unset=True))
        return
    yield _Step((), Entry(change.key, change.value))


def _is_null(node: Node) -> bool:
    return isinstance(node, Scalar) and node.value is None


def _is_merged(mapping: Mapping, key: str) -> bool:
    return any(key in source.by_name for source in with_merged(mapping))


def _merged(key: str, spot: Spot) -> PyreqError:
    return PyreqError(
        f"{key} comes from a map merged into the one it is in, so it can't be removed here.",
        where=spot.document.where(spot.mapping or spot.document.root),
        hint="Set it to its default, or edit the merged map by hand.",
    )


def _says(configuration: Configuration, place: Place, change: OptionChange) -> bool:
    """Whether the file gives an option the very value wanted."""
    spec = spec_of(change.key)
    try:
        return read_value(spec, configuration.plain(place)) == read_value(spec, change.value)
    except PyreqError:
        return False


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
