"""Has the Framework deploy what pyreq-tui builds: ``package.artifact`` names it, its own support is off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.errors import PyreqError, ValueChange, Where
from pyreq_tui.service.artifacts import (
    HANDOVER_FOLDER,
    LAYER_FILENAME,
    LAYER_KEY,
    function_filename,
    own_folder,
    shared_filename,
)
from pyreq_tui.service.configuration import Configuration
from pyreq_tui.service.editing import edit_values
from pyreq_tui.service.layer import STAGE_VARIABLE, layer_definition
from pyreq_tui.service.nodes import Mapping
from pyreq_tui.service.nodes import Sequence as YamlSequence
from pyreq_tui.service.option_block import BLOCK
from pyreq_tui.service.scalars import javascript_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pyreq_tui.errors import OptionChange
    from pyreq_tui.service.edit import Edit
    from pyreq_tui.service.model import Function, Service

_ENABLED = (*BLOCK, "enabled")
_MEMORY = ("custom", "pyreq", "handover")
"""What taking back has to know and could not tell from the file: the Framework ignores ``custom.pyreq``."""


def hand_over(service: Service, along: Sequence[OptionChange] = ()) -> tuple[Edit, ...]:
    """The edits that have the Framework deploy the artifacts pyreq-tui builds.

    One artifact for the whole service is named once; where functions that pyreq-tui does not package would
    get it too, each function names its own. ``along`` are changes of options that are saved with it, and that
    ``service`` has already. Raises PyreqError where there is nothing to hand over, and where
    a change can't be written.
    """
    packaged = [function for function in service.functions if function.packaged]
    if not packaged and not service.options.layer:
        raise PyreqError(
            "There is nothing to hand over: pyreq-tui packages no function and no layer.",
            where=Where(service.config_file),
        )
    configuration = Configuration(service.config_file, service.inputs)
    changes = [ValueChange(path, artifact) for path, artifact in _artifacts(service)]
    emptied = [".".join(change.path[:-1]) for change in changes if is_empty(configuration, change.path[:-1])]
    if service.options.layer:
        changes.append(ValueChange(("layers", LAYER_KEY), layer_definition(service, HANDOVER_FOLDER)))
    memory: dict[str, object] = {"empty": emptied} if emptied else {}
    if configuration.find(*_ENABLED) is not None:
        memory["enabled"] = service.options.enabled
    if service.has_block and service.options.enabled:
        changes.append(ValueChange(_ENABLED, value=False))
    if memory and not service.is_handed_over:
        changes.append(ValueChange(_MEMORY, memory))
    return edit_values(service, [*along, *changes])


def take_back(service: Service, along: Sequence[OptionChange] = ()) -> tuple[Edit, ...]:
    """The edits that undo `hand_over`; those ``along`` alone where there is nothing to. Raises PyreqError."""
    configuration = Configuration(service.config_file, service.inputs)
    memory_place = configuration.find(*_MEMORY)
    memory = configuration.plain(memory_place) if memory_place is not None else {}
    memory = memory if isinstance(memory, dict) else {}
    were_empty = memory.get("empty")
    were_empty = were_empty if isinstance(were_empty, list) else []
    changes = []
    for path in _own_artifacts(service, configuration):
        is_whole = is_alone(configuration, path) and ".".join(path[:-1]) not in were_empty
        changes.append(ValueChange(path[:-1] if is_whole else path, is_unset=True))
    layer = ("layers", LAYER_KEY)
    if names_artifact(configuration, (*layer, "package", "artifact"), LAYER_FILENAME):
        path = layer[:1] if is_alone(configuration, layer) else layer
        changes.append(ValueChange(path, is_unset=True))
    if not changes:
        return edit_values(service, along)
    before = memory.get("enabled")
    changes.append(
        ValueChange(_ENABLED, before) if isinstance(before, bool) else ValueChange(_ENABLED, is_unset=True)
    )
    if memory_place is not None:
        path = _MEMORY[:-1] if is_alone(configuration, _MEMORY) else _MEMORY
        changes.append(ValueChange(path, is_unset=True))
    return edit_values(service, [*along, *changes])


def _artifacts(service: Service) -> Iterator[tuple[tuple[str, ...], str]]:
    """Where each artifact is to be named, and by what path."""
    shared = [function for function in service.functions if not function.individually]
    is_for_all = bool(shared) and all(function.packaged for function in shared)
    if is_for_all:
        yield ("package", "artifact"), _place(shared_filename(service.name))
    for function in service.functions:
        if function.packaged and (function.individually or not is_for_all):
            yield _path(function), _place(_filename(service, function, STAGE_VARIABLE))


def _own_artifacts(service: Service, configuration: Configuration) -> Iterator[tuple[str, ...]]:
    """Where the file names artifacts of pyreq-tui's."""
    if names_artifact(configuration, ("package", "artifact"), shared_filename(service.name)):
        yield ("package", "artifact")
    for function in service.functions:
        if function.artifact_folder is not None:
            path = _path(function)
            if names_artifact(configuration, path, _filename(service, function, service.stage)):
                yield path


def _filename(service: Service, function: Function, stage: str) -> str:
    if not function.individually:
        return shared_filename(service.name)
    return function_filename(function.name, function.module, service.name, stage)


def _place(filename: str) -> str:
    return f"{HANDOVER_FOLDER}/{filename}"


def _path(function: Function) -> tuple[str, ...]:
    return (*function.path, "package", "artifact")


def names_artifact(configuration: Configuration, path: tuple[str, ...], filename: str) -> bool:
    """Whether the value under ``path`` names pyreq-tui's own ``filename``."""
    place = configuration.find(*path)
    if place is None or place.scalar is None:
        return False
    return own_folder(javascript_text(place.scalar), filename) is not None


def is_empty(configuration: Configuration, path: tuple[str, ...]) -> bool:
    """Whether a map or list without entries is written under ``path``."""
    place = configuration.find(*path)
    if place is None:
        return False
    if isinstance(place.node, Mapping):
        return not place.node.pairs
    return isinstance(place.node, YamlSequence) and not place.node.items


def is_alone(configuration: Configuration, path: tuple[str, ...]) -> bool:
    """Whether the last key of ``path`` is the only one of its map."""
    place = configuration.find(*path[:-1])
    return place is not None and isinstance(place.node, Mapping) and len(place.node.pairs) == 1
