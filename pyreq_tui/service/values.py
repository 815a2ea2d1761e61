"""From what YAML gave to what an option is: types are checked, and mistakes explained."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from pyreq_tui.errors import PyreqError
from pyreq_tui.redact import redact
from pyreq_tui.service.scalars import javascript_text
from pyreq_tui.service.specs import LayerOptions, OptionSpec, key_of, nearest_key

_BOOLEANS = {"true": True, "false": False}
_LONGEST_SHOWN = 60

LAYER_FIELDS = {key_of(part.name): part for part in fields(LayerOptions)}
"""The sub-options of ``layer`` by key."""


def read_value(spec: OptionSpec, value: object) -> object:
    """``value`` as the option's field holds it; ``None`` (an empty value) is the default.

    Strings ``true`` and ``false`` count as booleans, for a variable from the environment is always a string;
    one string counts as a list of one, an empty one as none. Raises PyreqError that says what was expected.
    """
    if isinstance(value, LayerOptions):
        return value
    match spec.kind:
        case "bool":
            return _boolean(spec, value)
        case "text":
            return _text(spec.key, spec.default if value is None or value is False else value)
        case "list":
            return _items(spec.key, value)
        case "choice":
            return _choice(spec, value)
        case "number":
            return _number(spec, value)
        case "layer":
            return _layer(value)


def wrong_type(key: str, expected: str, value: object, hint: str | None = None) -> PyreqError:
    """The error for a value that is not what ``key`` takes."""
    return PyreqError(f"{key} must be {expected}, not {shown(value)}.", hint=hint)


def shown(value: object) -> str:
    """A value in a message: short, and without secrets."""
    if isinstance(value, bool) or value is None:
        return javascript_text(value)
    if isinstance(value, dict):
        return "a map"
    if isinstance(value, list | tuple):
        return "a list"
    text = redact(str(value))
    return repr(text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…")


def _boolean(spec: OptionSpec, value: object) -> bool:
    if value is None:
        return bool(spec.default)
    if isinstance(value, str):
        value = _BOOLEANS.get(value.strip().lower(), value)
    if not isinstance(value, bool):
        raise wrong_type(spec.key, "true or false", value)
    return value


def _text(key: str, value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise wrong_type(key, "text", value)
    return javascript_text(value)


def _items(key: str, value: object) -> tuple[str, ...]:
    if isinstance(value, list | tuple):
        return tuple(_item(key, item) for item in value)
    if value is None or value is False or value == "":
        return ()
    if isinstance(value, dict):
        raise wrong_type(key, "a list", value, hint=f"Write its items as `{key}: [first, second]`.")
    return (_item(key, value),)


def _item(key: str, item: object) -> str:
    if isinstance(item, dict):
        name, value = next(iter(item.items()), ("", None))
        meant = f"{name}:" if value is None else f"{name}: {shown(value).strip(chr(39))}"
        raise PyreqError(
            f"An item of {key} is a map, because YAML reads a colon before a space or a line's end as one.",
            hint=f"Put the item in quotes: - '{meant}'",
        )
    if item is None:
        raise PyreqError(f"An item of {key} is empty.", hint="Remove it, or write what it should be.")
    if isinstance(item, list | tuple):
        raise PyreqError(f"An item of {key} is a list itself.", hint="Write every item on its own line.")
    return _text(f"An item of {key}", item) if not isinstance(item, bool) else javascript_text(item)


def _choice(spec: OptionSpec, value: object) -> object:
    if value is None or (value is False and False not in spec.choices):
        return spec.default
    if isinstance(value, str):
        value = value.strip()
        value = _BOOLEANS.get(value.lower(), value) if True in spec.choices else value
    for choice in spec.choices:
        if choice == value and type(choice) is type(value):
            return choice
    expected = ", ".join(
        javascript_text(choice) if isinstance(choice, bool) else str(choice) for choice in spec.choices
    )
    raise wrong_type(spec.key, f"one of {expected}", value)


def _number(spec: OptionSpec, value: object) -> int:
    if value is None or value is False:
        value = spec.default
    if isinstance(value, str) and value.strip().isdecimal():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise wrong_type(spec.key, "a whole number, 0 or more", value)
    return value


def _layer(value: object) -> LayerOptions | None:
    if isinstance(value, str):
        value = _BOOLEANS.get(value.strip().lower(), value)
    if value is None or value is False:
        return None
    if value is True:
        return LayerOptions()
    if not isinstance(value, dict):
        raise wrong_type("layer", "true, false or a map", value)
    parts: dict[str, Any] = {}
    for key, part in value.items():
        _check_layer_key(str(key))
        parts[LAYER_FIELDS[key].name] = _layer_value(key, part)
    return LayerOptions(**parts)


def _check_layer_key(key: str) -> None:
    if key not in LAYER_FIELDS:
        near = nearest_key(key, LAYER_FIELDS)
        raise PyreqError(
            f"There is no option {key!r} in layer.",
            hint=f"Did you mean {near}?" if near else f"It takes {', '.join(LAYER_FIELDS)}.",
        )


def _layer_value(key: str, value: object) -> object:
    default = LAYER_FIELDS[key].default
    if value is None:
        return default
    if isinstance(default, tuple):
        return _items(f"layer.{key}", value)
    if isinstance(default, bool):
        value = _BOOLEANS.get(value.strip().lower(), value) if isinstance(value, str) else value
        if not isinstance(value, bool):
            raise wrong_type(f"layer.{key}", "true or false", value)
        return value
    return _text(f"layer.{key}", value)
