"""Takes ``pipCmdExtraArgs`` apart by a table of what the installer accepts."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Part = Literal["resolver", "installer", "build", "place", "needless", "refused"]
"""What becomes of an argument:

``resolver``   uv, which resolves, is told the same
``installer``  only the installer itself understands it: with pip, pip then resolves; to uv it is passed on
``build``      whoever builds a wheel is told the same
``place``      it says how files lie in the package, and is carried out here
``needless``   what ships does not depend on it
``refused``    it contradicts what a package is; the option's note says why
"""


@dataclass(frozen=True)
class Option:
    """One option of an installer."""

    names: tuple[str, ...]
    """All its spellings, its usual one first."""
    part: Part
    takes_value: bool
    note: str = ""
    """Why it is refused, or without effect."""

    @property
    def name(self) -> str:
        """The usual spelling."""
        return self.names[0]


@dataclass(frozen=True)
class Argument:
    """One option as it was given, with its value; or a word that belongs to none."""

    name: str
    """The option's usual spelling; as written where it is not known, and for a word."""
    value: str | None
    written: tuple[str, ...]
    option: Option | None
    """``None``: the table does not know it, or it is a word."""


Table = dict[str, Option]
"""Options by each of their spellings."""


def table(rows: Mapping[tuple[Part, str], str], *, values: str) -> Table:
    """The table of ``rows``: part and note, then the options, spellings of one joined by ``|``.

    ``values`` names those that take a value.
    """
    takes_value = set(values.split())
    options = [
        Option(tuple(names.split("|")), part, not takes_value.isdisjoint(names.split("|")), note)
        for (part, note), listed in rows.items()
        for names in listed.split()
    ]
    return {name: option for option in options for name in option.names}


def split_arguments(items: Sequence[str]) -> tuple[str, ...]:
    """``pipCmdExtraArgs`` as arguments: an item may hold an option and its value (``--find-links lib``)."""
    return tuple(part for item in items for part in _split(item))


def read_arguments(arguments: Sequence[str], known: Table) -> Iterator[Argument]:
    """Options with their values: apart or joined by ``=``, shortened, or several letters behind one dash."""
    waiting: tuple[Option, str] | None = None
    for argument in arguments:
        if waiting is not None:
            option, written = waiting
            yield Argument(option.name, argument, (written, argument), option)
            waiting = None
        elif argument.startswith("--"):
            name, separator, value = argument.partition("=")
            found = _long(name, known)
            if found is not None and found.takes_value and not separator:
                waiting = found, argument
            else:
                yield Argument(
                    found.name if found else name, value if separator else None, (argument,), found
                )
        elif argument.startswith("-") and len(argument) > 1:
            letters = tuple(_letters(argument, known))
            yield from letters[:-1]
            last = letters[-1]
            if last.option is not None and last.option.takes_value and last.value is None:
                waiting = last.option, last.written[0]
            else:
                yield last
        else:
            yield Argument(argument, None, (argument,), None)
    if waiting is not None:
        yield Argument(waiting[0].name, None, (waiting[1],), waiting[0])


def _split(item: str) -> Sequence[str]:
    if " " not in item.strip() or not item.lstrip().startswith("-"):
        return (item,)
    try:
        return shlex.split(item)
    except ValueError:
        return (item,)


def _long(name: str, known: Table) -> Option | None:
    """The option of this name, or the only one whose name begins so: as optparse has it."""
    if name in known:
        return known[name]
    beginning = {option.name: option for spelling, option in known.items() if spelling.startswith(name)}
    return next(iter(beginning.values())) if len(beginning) == 1 and len(name) > 2 else None


def _letters(argument: str, known: Table) -> Iterator[Argument]:
    """``-Uq`` or ``-ihttps://…``."""
    for index, letter in enumerate(argument[1:], 1):
        option = known.get(f"-{letter}")
        if option is None:
            rest = f"-{argument[index:]}"
            yield Argument(rest, None, (rest,), None)
            return
        if option.takes_value:
            rest = argument[index + 1 :]
            yield Argument(option.name, rest or None, (f"-{letter}{rest}",), option)
            return
        yield Argument(option.name, None, (f"-{letter}",), option)
