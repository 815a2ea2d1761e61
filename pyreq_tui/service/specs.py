"""How an option is declared: what a control, a message or a table needs to know about it."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from typing import TYPE_CHECKING, Literal, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable

Group = Literal["Sources", "Size", "Shape", "Installer", "Docker", "Caches"]
Kind = Literal["bool", "text", "list", "choice", "layer", "number"]
T = TypeVar("T")


@dataclass(frozen=True)
class LayerOptions:
    """The sub-options of ``layer``."""

    name: str | None = None
    description: str | None = None
    compatible_runtimes: tuple[str, ...] = ()
    compatible_architectures: tuple[str, ...] = ()
    license_info: str | None = None
    allowed_accounts: tuple[str, ...] = ()
    retain: bool = False


@dataclass(frozen=True)
class OptionSpec:
    """One option as declared: what a control, a message or a table needs to know about it."""

    key: str
    """As it stands in serverless.yml: ``slimPatterns``."""
    kind: Kind
    default: object
    """As YAML would give it."""
    choices: tuple[object, ...]
    """For ``choice``: the values it takes, as YAML would give them."""
    help: str
    """One line."""
    group: Group
    field: str
    """The name of its field in Options: ``slim_patterns``."""


def option(
    default: T,
    *,
    help: str,  # noqa: A002 - the word click and argparse use
    group: Group,
    kind: Kind | None = None,
    choices: tuple[object, ...] = (),
) -> T:
    """Declare an option as a field; ``kind`` is told by the default where it can be."""
    told: dict[type, Kind] = {bool: "bool", str: "text", tuple: "list", int: "number"}
    metadata = {"help": help, "group": group, "choices": choices, "kind": kind or told[type(default)]}
    return field(default=default, metadata=metadata)


def key_of(name: str) -> str:
    """``slim_patterns`` -> ``slimPatterns``."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def plain_value(value: object) -> object:
    """An option's value as YAML would give it: tuples as lists, layer options as a map, none as false."""
    if value is None:
        return False
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, LayerOptions):
        shown = {
            key_of(part.name): plain_value(getattr(value, part.name))
            for part in fields(value)
            if getattr(value, part.name) != part.default
        }
        return shown or True
    return value


def nearest_key(key: str, known: Iterable[str]) -> str | None:
    """The known key that ``key`` most looks like, whatever its case; ``None`` when none comes near."""

    def folded(text: str) -> str:
        return text.replace("_", "").replace("-", "").casefold()

    by_folded = {folded(name): name for name in known}
    near = get_close_matches(folded(key), by_folded, n=1, cutoff=0.7)
    return by_folded[near[0]] if near else None
