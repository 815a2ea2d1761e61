"""Has functions use the layer that ``layer`` builds, and takes that back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pyreq_tui.errors import ItemChange, OptionChange, PyreqError, ValueChange, Where
from pyreq_tui.service.artifacts import HANDOVER_FOLDER, LAYER_FILENAME, LAYER_KEY
from pyreq_tui.service.configuration import Configuration
from pyreq_tui.service.editing import edit_values
from pyreq_tui.service.handover import is_alone, is_empty, names_artifact
from pyreq_tui.service.layer import LAYER_REFERENCE, REFERENCE, layer_definition, layer_users
from pyreq_tui.service.option_block import BLOCK

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pyreq_tui.service.edit import Edit
    from pyreq_tui.service.editing import ConfigurationChange
    from pyreq_tui.service.model import Function, Service

_Path = tuple[str, ...]
_OPTION = (*BLOCK, "layer")
_MEMORY = ("custom", "pyreq", "layer")
"""What taking back has to know and could not tell from the file: the Framework ignores ``custom.pyreq``."""
_DEFINITION = ("layers", LAYER_KEY)


def use_layer(service: Service, functions: Sequence[str] = ()) -> tuple[Edit, ...]:
    """The edits that turn ``layer`` on and have ``functions`` (default: all that can) name it.

    Where the artifacts are handed over, the layer's definition is among them; else the Framework makes its
    own. Raises PyreqError where no function can use it, and where a change can't be written.
    """
    users = layer_users(service, functions)
    if not users and not service.options.layer:
        raise PyreqError(
            "No function can use the layer: it holds the requirements of the service's own folder.",
            where=Where(service.config_file),
            hint="Functions with a module, images and other languages ship what is theirs.",
        )
    configuration = Configuration(service.config_file, service.inputs)
    changes: list[ConfigurationChange] = []
    if not service.options.layer:
        changes.append(OptionChange("layer", value=True))
    if service.is_handed_over:
        changes.append(ValueChange(_DEFINITION, layer_definition(service, HANDOVER_FOLDER)))
    changes += [ItemChange(path, REFERENCE) for path in _lists(users, configuration)]
    if not edit_values(service, changes):
        return ()
    memory = _memory(service, configuration, users)
    if memory and configuration.find(*_MEMORY) is None:
        changes.append(ValueChange(_MEMORY, memory))
    return edit_values(service, changes)


def leave_layer(service: Service) -> tuple[Edit, ...]:
    """The edits that undo `use_layer`: what stood before it stands again; none where nothing is used.

    Raises PyreqError where a change can't be written.
    """
    configuration = Configuration(service.config_file, service.inputs)
    place = configuration.find(*_MEMORY)
    known = configuration.plain(place) if place is not None else {}
    memory: Mapping[str, object] = known if isinstance(known, dict) else {}
    named, empty = (_texts(memory.get(key)) for key in ("named", "empty"))
    changes: list[ConfigurationChange] = []
    for path in dict.fromkeys((_PROVIDERS, *((*each.path, "layers") for each in service.functions))):
        if ".".join(path) in empty:
            changes.append(ValueChange(path, []))
        elif ".".join(path) not in named and configuration.find(*path) is not None:
            changes.append(ItemChange(path, REFERENCE, is_removed=True))
    before = memory.get("before")
    if before is None:
        changes.append(OptionChange("layer", is_unset=True))
    elif before is False:
        changes.append(OptionChange("layer", value=False))
    if before is not True and names_artifact(
        configuration, (*_DEFINITION, "package", "artifact"), LAYER_FILENAME
    ):
        is_whole = is_alone(configuration, _DEFINITION)
        changes.append(ValueChange(_DEFINITION[:1] if is_whole else _DEFINITION, is_unset=True))
    gone: list[_Path] = []
    if place is not None:
        gone.append(_MEMORY[:-1] if is_alone(configuration, _MEMORY) else _MEMORY)
    if memory.get("block") is False and is_alone(configuration, _OPTION):
        gone.append(BLOCK)
        custom = configuration.find("custom")
        if custom is not None and {("custom", key) for key in custom.entries()} == set(gone):
            gone = [("custom",)]
    edits = edit_values(service, [*changes, *(ValueChange(path, is_unset=True) for path in gone)])
    return tuple(map(_without_last_blank, edits)) if gone == [("custom",)] else edits


def _without_last_blank(edit: Edit) -> Edit:
    """Without the blank line that stood before what was put at the end of the file."""
    after = edit.after or ""
    ends = after.endswith(("\n\n", "\n\r\n"))
    return replace(edit, after=after.removesuffix("\n").removesuffix("\r")) if ends else edit


_PROVIDERS = ("provider", "layers")


def _lists(users: Sequence[Function], configuration: Configuration) -> Iterator[_Path]:
    """The lists of layers that count for functions which do not name the layer yet.

    A function's own list takes the place of the provider's.
    """
    for function in users:
        if LAYER_REFERENCE not in function.layers:
            own = (*function.path, "layers")
            inherits = configuration.find(*own) is None and configuration.find(*_PROVIDERS) is not None
            yield _PROVIDERS if inherits else own


def _memory(service: Service, configuration: Configuration, users: Sequence[Function]) -> dict[str, object]:
    """What `leave_layer` could not tell from the file that `use_layer` makes."""
    memory: dict[str, object] = {}
    option = configuration.find(*_OPTION)
    if not service.has_block:
        memory["block"] = False
    elif option is not None:
        memory["before"] = bool(service.options.layer)
    written = {".".join(path): path for path in _lists(users, configuration)}
    own = {".".join((*each.path, "layers")): (*each.path, "layers") for each in service.functions}
    named = [
        name
        for name, path in {".".join(_PROVIDERS): _PROVIDERS, **own}.items()
        if name not in written and _has_reference(configuration, path)
    ]
    empty = [name for name, path in written.items() if is_empty(configuration, path)]
    return {**memory, **({"named": named} if named else {}), **({"empty": empty} if empty else {})}


def _has_reference(configuration: Configuration, path: _Path) -> bool:
    place = configuration.find(*path)
    plain = configuration.plain(place) if place is not None else None
    return isinstance(plain, list) and REFERENCE in plain


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []
