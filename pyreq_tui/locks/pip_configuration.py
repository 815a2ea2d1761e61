"""What pip would read from its configuration files and environment: where packages come from."""

from __future__ import annotations

import configparser
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from pyreq_tui.errors import PyreqError, Where
from pyreq_tui.locks.pip_options import PIP_OPTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LISTS = frozenset(
    {"extra-index-url", "find-links", "trusted-host", "no-binary", "only-binary", "constraint", "requirement"}
    | {"editable", "group", "platform", "abi", "build-constraint", "config-settings", "global-option"}
)
"""What may have several values, apart by spaces or lines; anything else has one."""
_FALSE = frozenset({"", "0", "false", "no", "off", "f", "n"})


def pip_configuration(environment: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """pip's settings for an install as command line arguments, one item an argument: ``--index-url``, ``https://…``.

    Global file, user's file, the active virtual environment's, ``PIP_CONFIG_FILE``, then ``PIP_…`` variables:
    of each setting the last one counts, as in pip. Raises PyreqError for a file that can't be read.
    """
    environment = os.environ if environment is None else environment
    settings: dict[str, str] = {}
    for file in configuration_files(environment):
        settings |= _read(file)
    for name, value in environment.items():
        if name.startswith("PIP_") and value:
            settings[name.removeprefix("PIP_").lower().replace("_", "-")] = value
    return tuple(_arguments(settings))


def configuration_files(environment: Mapping[str, str]) -> Iterator[Path]:
    """The files pip reads on this system, weakest first, whether they exist or not."""
    named = environment.get("PIP_CONFIG_FILE")
    if named == os.devnull:
        return
    home = Path(environment.get("HOME") or Path.home())
    if sys.platform == "win32":
        yield Path(environment.get("PROGRAMDATA", "C:/ProgramData"), "pip", "pip.ini")
        users = [home / "pip" / "pip.ini", Path(environment.get("APPDATA", home), "pip", "pip.ini")]
    else:
        if sys.platform == "darwin":
            yield Path("/Library/Application Support/pip/pip.conf")
        else:
            for folder in reversed(environment.get("XDG_CONFIG_DIRS", "/etc/xdg").split(":")):
                yield Path(folder, "pip", "pip.conf")
        yield Path("/etc/pip.conf")
        users = [home / ".pip" / "pip.conf"]
        support = home / "Library" / "Application Support" / "pip"
        if sys.platform == "darwin" and support.is_dir():
            users.append(support / "pip.conf")
        else:
            users.append(Path(environment.get("XDG_CONFIG_HOME") or home / ".config", "pip", "pip.conf"))
    if not named or not Path(named).exists():
        yield from users
    if virtual := environment.get("VIRTUAL_ENV"):
        yield Path(virtual, "pip.ini" if sys.platform == "win32" else "pip.conf")
    if named:
        yield Path(named)


def _read(file: Path) -> dict[str, str]:
    """Settings of the sections that an install reads."""
    if not file.is_file():
        return {}
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(file.read_text("utf-8"), str(file))
    except (OSError, UnicodeDecodeError, configparser.Error) as error:
        line = getattr(error, "lineno", None)
        raise PyreqError(
            f"pip's configuration {file} can't be read.",
            hint="pip itself would stop here, too; correct the file.",
            where=Where(file, line),
        ) from error
    return {
        key.lower().replace("_", "-"): value
        for section in ("global", "install")
        if parser.has_section(section)
        for key, value in parser.items(section)
        if value
    }


def _arguments(settings: Mapping[str, str]) -> Iterator[str]:
    """Settings that an install heeds and that are not about pip alone, such as where it keeps things."""
    for key, value in settings.items():
        option = PIP_OPTIONS.get(f"--{key}")
        if option is None or option.part in ("needless", "refused"):
            continue
        if not option.takes_value:
            if value.strip().lower() not in _FALSE:
                yield option.name
        elif key in _LISTS:
            for item in value.split():
                yield from (option.name, item)
        else:
            yield from (option.name, value.strip())
