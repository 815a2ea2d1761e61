"""Everything that shapes a Lock, readable, so that a rebuild can say what changed."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import asdict
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from pyreq_tui.redact import redact
from pyreq_tui.sources import Locked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pyreq_tui.locks.pip_resolver import Pip
    from pyreq_tui.locks.settings import Settings
    from pyreq_tui.locks.target import Target
    from pyreq_tui.service import Options
    from pyreq_tui.sources import Requirement, Requirements

FORMAT = "2"
"""Of the record; another number makes other keys."""
_WITHOUT_SAY = frozenset(
    {"compiles", "is_anew", "keeps_downloads", "needless", "python_bin", "retries", "timeout_seconds"}
)
"""Settings that change no pin."""
_PROJECT_FILES = ("pyproject.toml", "setup.py", "setup.cfg")
"""What a local project says of its requirements in."""
_INCLUDED = re.compile(r"^\s*(?:-r|-c|--requirement|--constraint)[\s=]*([^\s#]+)", re.MULTILINE)
"""A requirements file that another one names."""


def lock_record(
    source: Requirements | Locked,
    target: Target,
    options: Options,
    settings: Settings,
    *,
    pip: Pip | None = None,
) -> Mapping[str, str]:
    """Every input of a Lock, by what it is called on screen. Secrets stand as ``***``, with a hash.

    ``pip`` is the pip that resolves, where it does. Raises PyreqError where its configuration can't be read.
    """
    common = {
        "format": FORMAT,
        "runtime": target.runtime,
        "architecture": target.architecture,
        "python": target.python_full_version,
        "glibc": ".".join(map(str, target.glibc)),
        "uv": _uv_version(),
        "pip": str(pip or ""),
    }
    if isinstance(source, Locked):
        return {**common, "source": source.source.kind, "lock": _digest(source.pylock.encode())}
    steering = {name: value for name, value in asdict(settings).items() if name not in _WITHOUT_SAY}
    return {
        **common,
        "source": source.source.kind,
        "environment": source.environment or "",
        "requirements": _shown(map(_written, source.requirements), source.secrets),
        "constraints": _shown(map(_written, source.constraints), source.secrets),
        "settings": _shown(
            (f"{name} = {value}" for name, value in steering.items() if value), source.secrets
        ),
        "named files": "\n".join(_file_digests(_named_files(settings, source.source.root))),
        "local projects": "\n".join(_projects(source.requirements)),
        "noDeploy": ", ".join(sorted(options.no_deploy)),
    }


@cache
def _uv_version() -> str:
    """Of the uv that came along; looked up once, for a service may have a hundred modules."""
    return version("uv")


def lock_key(record: Mapping[str, str]) -> str:
    """The sha256 of a record, in hex."""
    return _digest(json.dumps(dict(record), sort_keys=True, ensure_ascii=False).encode())


def _written(requirement: Requirement) -> str:
    parts = ["-e " if requirement.is_editable else "", requirement.text]
    parts += [f" --hash={value}" for value in requirement.hashes]
    parts += [f" --config-settings={value}" for value in requirement.config_settings]
    return "".join(parts)


def _shown(lines: Iterable[object], secrets: Iterable[str]) -> str:
    """Lines without their secrets; where there were any, with a hash that changes when they do."""
    text = "\n".join(map(str, lines))
    hidden = text
    for secret in sorted(secrets, key=len, reverse=True):
        hidden = hidden.replace(secret, "***")
    hidden = redact(hidden)
    return hidden if hidden == text else f"{hidden}\n({_digest(text.encode())[:16]})"


def _projects(requirements: Iterable[Requirement]) -> Iterable[str]:
    for requirement in requirements:
        if requirement.path is not None and requirement.path.is_dir():
            yield from _file_digests(requirement.path / name for name in _PROJECT_FILES)
        elif requirement.path is not None:
            yield from _file_digests([requirement.path])


def _named_files(settings: Settings, root: Path) -> Iterable[Path]:
    """The files that arguments name, and those that they include."""
    words = (word.partition("=")[2] or word for word in settings.installer_only)
    waiting = [root / name for name in (*settings.constraints, *settings.build_constraints, *words)]
    seen: set[Path] = set()
    while waiting:
        file = waiting.pop()
        if file.is_dir():
            waiting += [file / name for name in _PROJECT_FILES]
        elif file.is_file() and file not in seen:
            seen.add(file)
            text = file.read_text("utf-8", "replace")
            waiting += [file.parent / name for name in _INCLUDED.findall(text)]
    return sorted(seen)


def _file_digests(files: Iterable[Path | str]) -> Iterable[str]:
    for file in map(Path, files):
        if file.is_file():
            yield f"{file} {_digest(file.read_bytes())[:16]}"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
