"""Reads ``custom.pythonRequirements`` into Options, and says what is odd about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyreq_tui.errors import Finding, KeyChange, PyreqError
from pyreq_tui.service.nodes import Mapping, Opaque, Scalar
from pyreq_tui.service.options import OPTION_SPECS, Options, spec_of
from pyreq_tui.service.specs import nearest_key
from pyreq_tui.service.values import LAYER_FIELDS, read_value, shown

if TYPE_CHECKING:
    from pyreq_tui.service.places import Place
    from pyreq_tui.service.reading import Reading

BLOCK = ("custom", "pythonRequirements")
"""Where the options stand."""
_KNOWN = {spec.key for spec in OPTION_SPECS}
_ABSENT = "there is no custom.pythonRequirements block"
_EMPTY = "custom.pythonRequirements is empty; write it as {} to turn it on"
_OFF = "custom.pythonRequirements is false"
_DISABLED = "custom.pythonRequirements.enabled is false"


@dataclass(frozen=True)
class OptionBlock:
    """What the block says."""

    options: Options
    is_present: bool
    """Whether it is written and has a value: an empty one says as little as none."""
    reason: str | None
    """Why the Framework's Python support is not active."""


def read_options(reading: Reading) -> OptionBlock:
    """The options of the file; wrong ones are reported and left at their defaults."""
    configuration = reading.configuration
    custom = configuration.find(*BLOCK[:-1])
    block = reading.below(custom, BLOCK[-1])
    if block is None:
        is_empty = custom is not None and custom.child(BLOCK[-1]) is not None
        return OptionBlock(Options(), False, _EMPTY if is_empty else _ABSENT)
    match block.node:
        case Opaque():
            reading.report_unknown(block, ".".join(BLOCK), "error")
            return OptionBlock(Options(), True, "custom.pythonRequirements can't be known here")
        case Scalar(value=bool(is_on)):
            return OptionBlock(Options(), True, None if is_on else _OFF)
        case Mapping():
            options = _read_entries(reading, block)
            return OptionBlock(options, True, None if options.enabled else _DISABLED)
    reading.report_type(block, ".".join(BLOCK), "a map")
    return OptionBlock(Options(), True, None)


def _read_entries(reading: Reading, block: Place) -> Options:
    options = Options()
    for key, place in block.entries().items():
        if key not in _KNOWN:
            _report_unknown_key(reading, block, key)
            continue
        spec = spec_of(key)
        value = reading.configuration.plain(place)
        if _is_hidden(reading, key, place, value):
            continue
        if value is None:
            continue
        if spec.kind == "layer" and isinstance(value, dict):
            value = _known_layer_keys(reading, value, place)
        try:
            options = options.with_value(spec, read_value(spec, value), "file", place.where)
        except PyreqError as error:
            reading.report(Finding("error", "wrong-option-value", error.message, place.where, error.hint))
    return options


def _is_hidden(reading: Reading, key: str, place: Place, value: object) -> bool:
    """Whether a part of the value can't be known here, which is reported."""
    waiting = [value]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Opaque):
            message = f"{key} can't be known here: {part.expression}: {part.reason}."
            reading.report(Finding("error", "unresolved-variable", message, place.where, part.hint))
            return True
        if isinstance(part, dict):
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
    return False


def _report_unknown_key(reading: Reading, block: Place, key: str) -> None:
    place = block.entries()[key]
    near = nearest_key(key, _KNOWN)
    fix: tuple[KeyChange, ...] = ()
    if near is not None and near not in block.entries():
        value = reading.configuration.plain(place)
        try:
            read_value(spec_of(near), value)
        except PyreqError:
            pass
        else:
            fix = (KeyChange((*BLOCK, key), near),)
    reading.report(
        Finding(
            "warning",
            "unknown-option",
            f"There is no option {shown(key)} in custom.pythonRequirements; it is kept, and ignored.",
            place.where,
            f"Did you mean {near}?" if near else None,
            fix=fix,
        )
    )


def _known_layer_keys(reading: Reading, value: dict[str, object], place: Place) -> dict[str, object]:
    for key in value.keys() - LAYER_FIELDS.keys():
        near = nearest_key(key, LAYER_FIELDS)
        hint = f"Did you mean {near}?" if near else None
        message = f"There is no option {shown(key)} in layer; it is kept, and ignored."
        reading.report(Finding("warning", "unknown-option", message, place.where, hint))
    return {key: part for key, part in value.items() if key in LAYER_FIELDS}
