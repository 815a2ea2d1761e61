"""What steers a resolution besides the requirements: indexes, and what may be taken from them."""

from __future__ import annotations

import shlex
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True)
class Settings:
    """Where packages come from and which of their files may be taken, as pip would have it."""

    index_url: str | None = None
    extra_index_urls: tuple[str, ...] = ()
    find_links: tuple[str, ...] = ()
    no_index: bool = False
    trusted_hosts: tuple[str, ...] = ()
    cert: str | None = None
    client_cert: str | None = None
    proxy: str | None = None
    timeout_seconds: str | None = None
    keyring_provider: str | None = None
    no_binary: tuple[str, ...] = ()
    only_binary: tuple[str, ...] = ()
    prefer_binary: bool = False
    pre: bool = False
    no_deps: bool = False
    require_hashes: bool = False
    constraints: tuple[str, ...] = ()
    """Constraint files named on pip's command line."""
    ignored: tuple[str, ...] = ()
    """Arguments that only pip understands, or that mean nothing to a resolution."""


_SHORT = {"-i": "--index-url", "-f": "--find-links", "-c": "--constraint", "--pypi-url": "--index-url"}
_VALUES = {
    "--index-url": "index_url",
    "--cert": "cert",
    "--client-cert": "client_cert",
    "--proxy": "proxy",
    "--timeout": "timeout_seconds",
    "--keyring-provider": "keyring_provider",
}
_LISTS = {
    "--extra-index-url": "extra_index_urls",
    "--find-links": "find_links",
    "--trusted-host": "trusted_hosts",
    "--constraint": "constraints",
}
_FORMATS = {"--no-binary": "no_binary", "--only-binary": "only_binary"}
_FLAGS = {
    "--no-index": "no_index",
    "--pre": "pre",
    "--no-deps": "no_deps",
    "--no-dependencies": "no_deps",
    "--prefer-binary": "prefer_binary",
    "--require-hashes": "require_hashes",
}


def split_arguments(items: Sequence[str]) -> tuple[str, ...]:
    """``pipCmdExtraArgs`` as arguments: an item may hold an option and its value (``--find-links lib``)."""
    return tuple(part for item in items for part in _split(item))


def settle(settings: Settings, arguments: Sequence[str], *, replaces_index: bool = False) -> Settings:
    """``settings`` with pip's ``arguments`` applied over it.

    ``replaces_index``: an ``--index-url`` forgets the extra indexes before it, as in a requirements file.
    """
    changed: dict[str, Any] = asdict(settings)
    for option, value in _options(arguments):
        if option in _FLAGS:
            changed[_FLAGS[option]] = True
        elif value is None:
            changed["ignored"] += (option,)
        elif option in _VALUES:
            if option == "--index-url" and replaces_index:
                changed["extra_index_urls"] = ()
            changed[_VALUES[option]] = value
        elif option in _LISTS:
            changed[_LISTS[option]] += (value,)
        elif option in _FORMATS:
            changed[_FORMATS[option]] = _formats(changed[_FORMATS[option]], value)
        else:
            changed["ignored"] += (f"{option}={value}",)
    return Settings(**changed)


def _split(item: str) -> Sequence[str]:
    if " " not in item.strip() or not item.lstrip().startswith("-"):
        return (item,)
    try:
        return shlex.split(item)
    except ValueError:
        return (item,)


def _options(arguments: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    """Options with their values, whichever way they are written; a word without an option stands alone."""
    takes_value = {*_VALUES, *_LISTS, *_FORMATS}
    waiting: str | None = None
    for argument in arguments:
        if waiting is not None:
            yield waiting, argument
            waiting = None
            continue
        name, separator, value = argument.partition("=") if argument.startswith("--") else (argument, "", "")
        if not argument.startswith("--") and argument[:2] in _SHORT and len(argument) > 2:
            name, separator, value = argument[:2], "=", argument[2:]
        name = _SHORT.get(name, name)
        if separator:
            yield name, value
        elif name in takes_value:
            waiting = name
        else:
            yield name, None
    if waiting is not None:
        yield waiting, None


def _formats(before: tuple[str, ...], value: str) -> tuple[str, ...]:
    """``--no-binary`` and its opposite add up; ``:none:`` starts again."""
    for name in filter(None, (part.strip() for part in value.split(","))):
        before = () if name == ":none:" else (*before, name)
    return before
