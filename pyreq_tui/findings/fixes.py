"""Carries out what Findings offer: their fixes as edits of files, to show and to write."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pyreq_tui.errors import FileChange, ItemChange, KeyChange, OptionChange, PyreqError, ValueChange
from pyreq_tui.service import OPTIONS_PATH, Edit, edit_file, edit_values

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from pyreq_tui.errors import Change, Finding
    from pyreq_tui.service import ConfigurationChange, Service


class Unfixed(NamedTuple):
    """A finding whose fix is not among the edits."""

    finding: Finding
    reason: str
    """Completes "not fixed: …"."""


class Fixes(NamedTuple):
    """What the fixes of several findings come to."""

    edits: tuple[Edit, ...]
    """One for each file that changes; `service.write_all` saves them."""
    made: tuple[Finding, ...]
    """The findings that they mend."""
    left: tuple[Unfixed, ...]
    """Those whose fix contradicts an earlier one's, or can't be written."""


def fix(service: Service, findings: Iterable[Finding]) -> Fixes:
    """The fixes of ``findings`` together; of two that contradict each other the first is made.

    Findings without a fix are passed over. Files are read anew; nothing is written.
    """
    changes: list[tuple[Change, Finding]] = []
    edits: tuple[Edit, ...] = ()
    made: list[Finding] = []
    left: list[Unfixed] = []
    for finding in findings:
        if not finding.fix:
            continue
        earlier = next((other for change, other in changes if _contradicts(change, finding.fix)), None)
        if earlier is not None:
            left.append(Unfixed(finding, f"it contradicts the fix of {earlier.code}; check again afterwards"))
            continue
        more = [(change, finding) for change in finding.fix]
        try:
            after = _edits(service, [change for change, _ in (*changes, *more)])
        except PyreqError as error:
            left.append(Unfixed(finding, error.message))
            continue
        if after == edits and any(change not in [known for known, _ in changes] for change in finding.fix):
            left.append(Unfixed(finding, "the files say so already; this run's options say otherwise"))
            continue
        edits = after
        changes += more
        made.append(finding)
    return Fixes(edits, tuple(made), tuple(left))


def change_text(change: Change) -> str:
    """One edit in a few words, as the front ends show it: ``set slim: true``."""
    match change:
        case OptionChange(key=key, value=value, is_unset=is_unset):
            return f"take {key} out" if is_unset else f"set {key}: {_shown(value)}"
        case ValueChange(path=path, value=value, is_unset=is_unset):
            name = ".".join(path)
            return f"take {name} out" if is_unset else f"set {name}: {_shown(value)}"
        case ItemChange(path=path, item=item, is_removed=is_removed):
            name = ".".join(path)
            return f"take {item} out of {name}" if is_removed else f"add {item} to {name}"
        case KeyChange(path=path, name=name):
            return f"write {name} for {'.'.join(path)}"
        case FileChange(file=file, summary=summary):
            return f"{file.name}: {summary}"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_shown, value))}]"
    return str(value)


def _edits(service: Service, changes: Sequence[Change]) -> tuple[Edit, ...]:
    configured: list[ConfigurationChange] = []
    files: dict[Path, list[FileChange]] = {}
    for change in changes:
        if isinstance(change, FileChange):
            files.setdefault(change.file, []).append(change)
        else:
            configured.append(change)
    rewritten = (edit_file(service, file, [one.rewrite for one in each]) for file, each in files.items())
    return (*edit_values(service, configured), *(edit for edit in rewritten if edit.changed))


def _contradicts(change: Change, fix: tuple[Change, ...]) -> bool:
    """Whether ``change`` and one of ``fix`` want different things of one value, or of a map and its part."""
    return any(other != change and _overlap(_path(change), _path(other)) for other in fix)


def _overlap(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    shorter = min(len(one), len(other))
    return bool(shorter) and one[:shorter] == other[:shorter]


def _path(change: Change) -> tuple[str, ...]:
    """What in serverless.yml an edit is about; nothing for another file, whose edits follow one another."""
    match change:
        case OptionChange(key=key):
            return (*OPTIONS_PATH, key)
        case ItemChange(path=path, item=item):
            return (*path, str(item))
        case ValueChange(path=path) | KeyChange(path=path):
            return path
        case FileChange():
            return ()
