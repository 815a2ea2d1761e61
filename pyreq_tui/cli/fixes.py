"""``check --fix``: the diff that mends what can be mended, and a fix as data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.cli.messages import say
from pyreq_tui.cli.output import write_raw
from pyreq_tui.errors import FileChange, ItemChange, KeyChange, OptionChange, ValueChange
from pyreq_tui.findings import change_text, fix
from pyreq_tui.service import write_all

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyreq_tui.errors import Change, Finding
    from pyreq_tui.service import Service


def show_fixes(service: Service, findings: Sequence[Finding], *, write: bool) -> tuple[Finding, ...]:
    """Print the diff of all fixes, save it where asked; the findings that stand after it."""
    fixes = fix(service, findings)
    for edit in fixes.edits:
        write_raw(edit.diff())
    for finding in fixes.made:
        say(f"{finding.code}: {', '.join(map(change_text, finding.fix))}")
    for finding, reason in fixes.left:
        say(f"{finding.code}: not fixed: {reason}")
    without = sum(not finding.fix for finding in findings)
    if without:
        say(f"{without} of {len(findings)} findings have no fix to offer: `pyreq-tui check` shows them.")
    if not fixes.edits:
        say("Nothing to fix.")
    elif write:
        write_all(fixes.edits)
        for edit in fixes.edits:
            say(f"Saved {edit.path}.")
        return tuple(finding for finding in findings if finding not in fixes.made)
    else:
        say("Not saved: add --write.")
    return tuple(findings)


def fix_data(fix: Sequence[Change]) -> list[dict[str, object]] | None:
    """A fix as JSON; null where there is none."""
    return [_change_data(change) for change in fix] or None


def _change_data(change: Change) -> dict[str, object]:
    match change:
        case OptionChange(key=key, value=value, is_unset=is_unset):
            return {"key": key, "unset": True} if is_unset else {"key": key, "value": value}
        case ValueChange(path=path, value=value, is_unset=is_unset):
            return {"path": list(path), "unset": True} if is_unset else {"path": list(path), "value": value}
        case ItemChange(path=path, item=item, is_removed=is_removed):
            return {"path": list(path), "remove" if is_removed else "add": item}
        case KeyChange(path=path, name=name):
            return {"path": list(path), "rename": name}
        case FileChange(file=file, summary=summary):
            return {"file": str(file), "change": summary}
