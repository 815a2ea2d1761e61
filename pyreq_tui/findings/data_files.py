"""Does code open what slim takes out? Data files that slimPatterns match and the package's code names."""

from __future__ import annotations

import re
import zipfile
from typing import TYPE_CHECKING, NamedTuple

from pyreq_tui.bundle import DEFAULT_SLIM_PATTERNS, Bundle, Entry, UnknownBytes, slim
from pyreq_tui.errors import Finding, OptionChange, Where
from pyreq_tui.findings.kept import Kept
from pyreq_tui.findings.shipping import UNREADABLE, shipped_wheels
from pyreq_tui.findings.source_code import MAX_SOURCE_BYTES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyreq_tui.build import Plan
    from pyreq_tui.service import Options

FORMAT = 1
"""Of the records kept; raise it when what is read of a file changes."""
_CODE = (".py", ".pyi", ".pyc", ".pyo", ".pyx", ".pxd", ".so", ".h", ".c", ".md", ".rst", "/py.typed")
_QUOTED = re.compile(rb"""["']([\w./ +-]{4,120})["']""")
"""A short literal that could be a file's name."""


class Opened(NamedTuple):
    """A data file, and the file of code that names it."""

    data: str
    code: str


def data_file_findings(plan: Plan, cache: Path) -> Iterator[Finding]:
    """One line for each package that would miss a file, of those whose wheels are in the store.

    Silent for the default patterns, which take no data.
    """
    options = plan.service.options
    if not options.slim or not set(options.slim_patterns) - set(DEFAULT_SLIM_PATTERNS):
        return
    kept = Kept(cache, "data-files", FORMAT)
    for artifact in plan.artifacts:
        for wheel, (owner, shipped) in shipped_wheels(artifact).items():
            opened = _opened(wheel, shipped, kept)
            patterns = _guilty(opened.data, options) if opened else []
            if opened is None or not patterns:
                continue
            left = [pattern for pattern in options.slim_patterns if pattern not in patterns]
            yield Finding(
                "warning",
                "data-file-slimmed",
                f"{opened.code} of {owner} names {opened.data.rpartition('/')[2]}; "
                f"slimPatterns takes {opened.data} out of {artifact.filename}.",
                where=options.where("slimPatterns") or Where(plan.service.config_file),
                hint=f"Write {' and '.join(patterns)} so that it spares the file.",
                package=owner,
                fix=(OptionChange("slimPatterns", left, is_unset=not left),),
            )


def _opened(wheel: Path, shipped: set[str], kept: Kept) -> Opened | None:
    """The first data file of ``wheel`` that does not ship though code that does names it."""
    try:
        with zipfile.ZipFile(wheel) as archive:
            gone = {
                member.rpartition("/")[2]: member
                for member in archive.namelist()
                if member not in shipped
                and ".dist-info/" not in member
                and not member.endswith((*_CODE, "/"))
            }
            if not gone:
                return None
            for member, names in _names(archive, wheel, kept).items():
                if member in shipped and (found := names & gone.keys()):
                    return Opened(gone[min(found)], member)
    except UNREADABLE:
        return None
    return None


def _names(archive: zipfile.ZipFile, wheel: Path, kept: Kept) -> dict[str, frozenset[str]]:
    """By file of code: which of the wheel's own data files it names, shipped or not."""
    content = f"{wheel.parent.name}/{wheel.name}"
    known = kept.recall(content)
    if isinstance(known, dict):
        return {str(member): frozenset(map(str, names)) for member, names in known.items()}
    data = {
        name.rpartition("/")[2].encode() for name in archive.namelist() if not name.endswith((*_CODE, "/"))
    }
    named = {}
    for info in archive.infolist():
        if info.filename.endswith(".py") and info.file_size <= MAX_SOURCE_BYTES:
            literals = {text.rpartition(b"/")[2] for text in _QUOTED.findall(archive.read(info))}
            if found := literals & data:
                named[info.filename] = frozenset(name.decode() for name in found)
    kept.remember(content, {member: sorted(names) for member, names in named.items()})
    return named


def _guilty(member: str, options: Options) -> list[str]:
    """The user's patterns that take ``member`` out."""
    alone = Bundle((Entry(member, 0, 0, "", UnknownBytes("")),))
    return [
        pattern
        for pattern in options.slim_patterns
        if not slim(alone, [pattern], append_defaults=False).entries
    ]
