"""What steers resolving and building besides the requirements: indexes, and what may be taken from them."""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from pyreq_tui.errors import PyreqError
from pyreq_tui.locks.arguments import Argument, read_arguments, split_arguments
from pyreq_tui.locks.interpreters import interpreter_named
from pyreq_tui.locks.pip_configuration import pip_configuration
from pyreq_tui.locks.pip_options import PIP_OPTIONS
from pyreq_tui.locks.uv_configuration import Index, uv_indexes, uv_trusted_hosts
from pyreq_tui.locks.uv_options import UV_OPTIONS
from pyreq_tui.sources import Locked

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pyreq_tui.service import Options
    from pyreq_tui.sources import Requirements


@dataclass(frozen=True)
class Settings:
    """Where packages come from, which of their files may be taken, and how wheels are made of the others."""

    installer: str = "pip"
    """``pip`` or ``uv``."""
    python_bin: str | None = None
    """The interpreter named by ``pythonBin``."""
    keeps_downloads: bool = True
    """``useDownloadCache``: whether what is downloaded is kept, and what was before is used."""
    is_anew: bool = False
    """``invalidateCaches``, or no ``useStaticCache``: what was resolved or built before does not count."""
    index_url: str | None = None
    extra_index_urls: tuple[str, ...] = ()
    find_links: tuple[str, ...] = ()
    no_index: bool = False
    uv_indexes: tuple[Index, ...] = ()
    """What uv's own configuration names, where uv installs."""
    trusted_hosts: tuple[str, ...] = ()
    cert: str | None = None
    client_cert: str | None = None
    proxy: str | None = None
    timeout_seconds: str | None = None
    retries: str | None = None
    keyring_provider: str | None = None
    no_binary: tuple[str, ...] = ()
    only_binary: tuple[str, ...] = ()
    prefer_binary: bool = False
    pre: bool = False
    no_deps: bool = False
    require_hashes: bool = False
    constraints: tuple[str, ...] = ()
    """Constraint files named on pip's command line."""
    config_settings: tuple[str, ...] = ()
    """``key=value`` for every build backend."""
    package_settings: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """The same for one package each: its normalised name and what its requirement says."""
    no_build_isolation: bool = False
    build_constraints: tuple[str, ...] = ()
    """Constraint files for what builds require."""
    pip_build: tuple[str, ...] = ()
    """Arguments about building that only pip understands: pip then builds the wheels."""
    compiles: bool = False
    """Whether bytecode is to ship."""
    installer_only: tuple[str, ...] = ()
    """Arguments that only the installer understands: where that is pip, pip then resolves."""
    pip_arguments: tuple[str, ...] = ()
    """What pip is given on its command line when it resolves; it is told of indexes elsewhere."""
    needless: tuple[tuple[str, str], ...] = ()
    """Arguments on which nothing that ships depends, each with the reason."""

    def backend_settings(self, name: str) -> tuple[str, ...]:
        """``key=value`` for the build of one package, by its normalised name."""
        return (
            *self.config_settings,
            *(text for own, texts in self.package_settings if own == name for text in texts),
        )

    @property
    def index_urls(self) -> tuple[str, ...]:
        """Every place that packages come from, with the credentials that are known for it."""
        uv = (index.url for index in self.uv_indexes)
        return (*filter(None, (self.index_url, *self.extra_index_urls, *uv)), *self.find_links)


OPTIONS = {"pip": PIP_OPTIONS, "uv": UV_OPTIONS}
"""What each installer takes."""
VALUES = {
    "--index-url": "index_url",
    "--cert": "cert",
    "--client-cert": "client_cert",
    "--proxy": "proxy",
    "--timeout": "timeout_seconds",
    "--retries": "retries",
    "--keyring-provider": "keyring_provider",
}
LISTS = {
    "--extra-index-url": "extra_index_urls",
    "--find-links": "find_links",
    "--trusted-host": "trusted_hosts",
    "--constraint": "constraints",
    "--config-settings": "config_settings",
    "--build-constraint": "build_constraints",
}
_FORMATS = {"--no-binary": "no_binary", "--only-binary": "only_binary"}
_FLAGS = {
    "--no-index": ("no_index", True),
    "--pre": ("pre", True),
    "--no-deps": ("no_deps", True),
    "--prefer-binary": ("prefer_binary", True),
    "--require-hashes": ("require_hashes", True),
    "--no-require-hashes": ("require_hashes", False),
    "--no-build-isolation": ("no_build_isolation", True),
    "--compile": ("compiles", True),
    "--no-compile": ("compiles", False),
}
_REACHING = frozenset(
    {
        "--extra-index-url",
        "--find-links",
        "--trusted-host",
        "--no-index",
        "--no-deps",
        "--require-hashes",
        *VALUES,
    }
)
"""Options about how files are had, or that hold of a lock in any case."""
_LOCK_SPEAKS = "the lock already says what ships"
_NOT_ON_THE_COMMAND_LINE = frozenset(
    {"--index-url", "--extra-index-url", "--find-links", "--no-index", "--proxy"}
)
"""May hold passwords, and a command line every user of the machine can read."""


def settings_for(source: Requirements | Locked, options: Options) -> Settings:
    """What steers a module: pip's configuration (if pip installs), ``pipCmdExtraArgs``, its files' options.

    Raises PyreqError where the configuration can't be read, or an argument contradicts what a package is.
    """
    root = source.source.root
    settings = Settings(
        installer=options.installer,
        python_bin=interpreter_named(options.python_bin, root),
        keeps_downloads=options.use_download_cache,
        is_anew=options.invalidate_caches or not options.use_static_cache,
    )
    folder = source.source.folder
    if options.installer == "uv" or source.source.kind == "uv":  # a lock is made with uv's, whoever installs
        settings = replace(settings, uv_indexes=uv_indexes(folder))
    if options.installer == "uv":
        settings = replace(
            settings,
            keyring_provider=os.environ.get("UV_KEYRING_PROVIDER"),
            trusted_hosts=uv_trusted_hosts(folder),
            timeout_seconds=os.environ.get("UV_HTTP_TIMEOUT"),
            retries=os.environ.get("UV_HTTP_RETRIES"),
        )
    else:
        configured = settle(settings, pip_configuration())
        settings = replace(configured, pip_arguments=(), needless=())  # pip reads its configuration itself
    try:
        arguments = split_arguments(options.pip_cmd_extra_args)
        settings = settle(settings, arguments, installer=options.installer)
    except PyreqError as error:
        where = options.where("pipCmdExtraArgs")
        raise PyreqError(error.message, hint=error.hint, where=where) from error
    if isinstance(source, Locked):
        unheard = tuple((argument, _LOCK_SPEAKS) for argument in _choosing(arguments, options.installer))
        settings = replace(settings, installer_only=(), needless=(*settings.needless, *unheard))
    else:
        settings = settle(settings, source.options, replaces_index=True)
        settings = replace(
            settings,
            no_deps=settings.no_deps or source.is_complete,
            package_settings=tuple(
                (requirement.name, requirement.config_settings)
                for requirement in source.requirements
                if requirement.name and requirement.config_settings
            ),
        )
    return replace(
        settings,
        find_links=tuple(place if "://" in place else str(root / place) for place in settings.find_links),
        constraints=_below(root, settings.constraints),
        build_constraints=_below(root, settings.build_constraints),
    )


def _choosing(arguments: Sequence[str], installer: str) -> Iterator[str]:
    """The arguments that choose what is installed, as they are written."""
    for argument in read_arguments([item for item in arguments if item], OPTIONS[installer]):
        part = argument.option.part if argument.option else "installer"
        if part == "installer" or (part == "resolver" and argument.name not in _REACHING):
            yield " ".join(argument.written)


def _below(root: Path, files: Sequence[str]) -> tuple[str, ...]:
    return tuple(file if "://" in file else str(root / file) for file in files)


def settle(
    settings: Settings, arguments: Sequence[str], *, installer: str = "pip", replaces_index: bool = False
) -> Settings:
    """``settings`` with the ``arguments`` of an ``installer`` (pip, uv) applied over it.

    ``replaces_index``: an ``--index-url`` forgets the extra indexes before it, as in a requirements file.
    Raises PyreqError for an argument that contradicts what a package is.
    """
    changed: dict[str, Any] = asdict(settings)
    for argument in read_arguments([item for item in arguments if item], OPTIONS[installer]):
        part = argument.option.part if argument.option else "installer"
        if part == "refused":
            note = argument.option.note if argument.option else ""
            raise PyreqError(f"{argument.name} can't be used here: {note}.", hint="Take the argument away.")
        if argument.option and argument.option.takes_value and argument.value is None:
            raise PyreqError(f"{argument.name} is given without its value.", hint="Write it behind it.")
        if part != "place" and argument.name not in _NOT_ON_THE_COMMAND_LINE:
            changed["pip_arguments"] += argument.written
        _apply(changed, argument, part, replaces_index=replaces_index)
    return Settings(**changed)


def _apply(changed: dict[str, Any], argument: Argument, part: str, *, replaces_index: bool) -> None:
    name, value = argument.name, argument.value
    if part == "needless":
        note = argument.option.note if argument.option else ""
        changed["needless"] += ((" ".join(argument.written), note),)
    elif part == "installer":
        changed["installer_only"] += argument.written
    elif name in _FLAGS:
        field, flag = _FLAGS[name]
        changed[field] = flag
    elif value is None or name not in {*VALUES, *LISTS, *_FORMATS}:
        changed["pip_build"] += argument.written
    elif name in VALUES:
        if name == "--index-url" and replaces_index:
            changed["extra_index_urls"] = ()
        changed[VALUES[name]] = value
    elif name in LISTS:
        changed[LISTS[name]] += (value,)
    else:
        changed[_FORMATS[name]] = _formats(changed[_FORMATS[name]], value)


def _formats(before: tuple[str, ...], value: str) -> tuple[str, ...]:
    """``--no-binary`` and its opposite add up; ``:none:`` starts again."""
    for name in filter(None, (part.strip() for part in value.split(","))):
        before = () if name == ":none:" else (*before, name)
    return before
