"""What a logical line of a requirements file says: a requirement, or options, or both."""

from __future__ import annotations

import optparse
import shlex
from dataclasses import dataclass
from typing import NoReturn

HASHES = {"sha256": 64, "sha384": 96, "sha512": 128}
"""What pip takes for strong, with the hex digits of each."""


class BadArguments(ValueError):  # noqa: N818 - what is raised is the reading of it
    """A line that pip would refuse; ``culprit`` is the part of it to point at."""

    def __init__(self, message: str, culprit: str = "") -> None:
        super().__init__(message)
        self.culprit = culprit


@dataclass(frozen=True)
class Arguments:
    """A line taken apart. Only one of requirement, editable, nested and settings counts, in this order."""

    requirement: str
    editable: str | None
    nested: tuple[tuple[str, str], ...]
    """Files to read as well: ``--requirement`` or ``--constraint``, and the name. pip reads the first."""
    hashes: tuple[str, ...]
    config_settings: tuple[str, ...]
    settings: tuple[str, ...]
    """Options for the whole run, one item an argument, in their long form."""
    leftovers: tuple[str, ...]
    """Words behind options, which pip drops without a word."""


def parse_arguments(line: str) -> Arguments:
    """Take a logical line apart. Raises BadArguments."""
    words = line.split(" ")
    cut = next((index for index, word in enumerate(words) if word.startswith("-")), len(words))
    options = " ".join(words[cut:])
    try:
        items = shlex.split(options)
    except ValueError as error:
        raise BadArguments("a quotation is not closed", options) from error
    seen: list[tuple[str, str | None]] = []
    _, leftovers = _PARSER.parse_args(items, optparse.Values({"seen": seen}))

    def given(name: str) -> tuple[str, ...]:
        return tuple(value for option, value in seen if option == name and value is not None)

    return Arguments(
        requirement=" ".join(words[:cut]).strip(),
        editable=next(iter(given("--editable")), None),
        nested=tuple((name, value) for name in _NESTED for value in given(name)),
        hashes=tuple(_checked_hash(value) for value in given("--hash")),
        config_settings=given("--config-settings"),
        settings=tuple(
            item for option in seen if option[0] not in _OF_ONE for item in option if item is not None
        ),
        leftovers=tuple(leftovers),
    )


class _Seen(optparse.Option):
    """An option that is only written down, in order, under its long name."""

    def process(self, opt: str, value: object, values: optparse.Values, parser: object) -> int:  # noqa: ARG002 - optparse's signature
        values.seen.append((self.get_opt_string(), value))
        return 1


class _Parser(optparse.OptionParser):
    """optparse, as in pip: ``-rFILE``, ``--requirement=FILE`` and unambiguous beginnings all work."""

    def error(self, msg: str) -> NoReturn:
        raise BadArguments(msg, msg.rsplit(" ", 1)[-1])


_NESTED = ("--requirement", "--constraint")
_OF_ONE = (*_NESTED, "--editable", "--hash", "--config-settings", "--global-option")
"""What belongs to one requirement or names one; everything else is for the whole run."""

_PARSER = _Parser(
    add_help_option=False,
    option_list=[
        *(
            _Seen(name, action="store_true")
            for name in ("--no-index", "--pre", "--prefer-binary", "--require-hashes")
        ),
        *(
            _Seen(*names, action="store", type="string", dest="seen")
            for names in (
                ("-r", "--requirement"),
                ("-c", "--constraint"),
                ("-e", "--editable"),
                ("--hash",),
                ("-C", "--config-settings", "--config-setting"),
                ("--global-option",),
                ("-i", "--index-url", "--pypi-url"),
                ("--extra-index-url",),
                ("-f", "--find-links"),
                ("--no-binary",),
                ("--only-binary",),
                ("--trusted-host",),
                ("--use-feature",),
            )
        ),
    ],
)


def _checked_hash(value: str) -> str:
    algorithm, separator, digest = value.partition(":")
    if not separator:
        raise BadArguments("a hash is written as --hash=sha256:…", value)
    if algorithm not in HASHES:
        raise BadArguments(f"{algorithm} is not one of the hashes pip takes: {', '.join(HASHES)}", value)
    if len(digest) != HASHES[algorithm] or not set(digest.lower()) <= set("0123456789abcdef"):
        raise BadArguments(f"a {algorithm} hash has {HASHES[algorithm]} hexadecimal digits", value)
    return f"{algorithm}:{digest.lower()}"
