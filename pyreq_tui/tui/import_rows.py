"""Imports of handlers as rows: what would be done, what came of it. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from pyreq_tui.tui.text import MUTED, count, cut, printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pyreq_tui.findings import HandlerImport, Prospect

SLOWEST = 3
"""Packages of an import whose times are shown."""
LONGEST_NAME = 28


def handler_rows(prospects: Sequence[Prospect], imports: Sequence[HandlerImport], width: int) -> Content:
    """One line for each function: what its import took or what ended it; before that where it would run.

    What can't be tried says why.
    """
    done = {each.function: _outcome(each) for each in imports}
    planned = {name: _prospect(prospect) for prospect in prospects for name in prospect.functions}
    column = min(LONGEST_NAME, max(map(len, planned), default=0))
    rows = []
    for name, (sign, said) in {**planned, **done}.items():
        head = Content.assemble(sign, cut(printable(name), column).ljust(column), "  ")
        rows.append(head + said.truncate(max(8, width - head.cell_length), ellipsis=True))
    return Content("\n").join(rows)


def verdict(imports: Sequence[HandlerImport], number: int) -> Content:
    """What came of it all: ``✓ all 3 handlers import``."""
    failed = sum(not is_well(each) for each in imports)
    if failed:
        return Content.styled(f"✗ {count(failed, 'handler does', 'handlers do')} not import", "$error")
    if len(imports) < number:
        return Content.styled(f"✓ {len(imports)} of {count(number, 'handler')} import", "$success")
    return Content.styled(f"✓ {count(number, 'handler imports', 'handlers import')}", "$success")


def is_well(done: HandlerImport) -> bool:
    """Whether Lambda would find the handler."""
    return done.imported.failure is None and not done.imported.missing


def _prospect(prospect: Prospect) -> tuple[tuple[str, str], Content]:
    if prospect.obstacle is None:
        return ("· ", "$primary"), Content.styled(prospect.place, MUTED)
    return ("– ", MUTED), Content.styled(f"not tried: {printable(prospect.obstacle)}", MUTED)


def _outcome(done: HandlerImport) -> tuple[tuple[str, str], Content]:
    imported = done.imported
    time = f"{imported.seconds:>6.2f} s  "
    if is_well(done):
        slowest = [f"{printable(each.package)} {each.seconds:.2f}" for each in imported.packages[:SLOWEST]]
        return ("✓ ", "$success"), Content.assemble(time, (", ".join(slowest), MUTED))
    failure = imported.failure
    said = f"{failure.type}: {failure.message}" if failure else f"has no {imported.missing[0]}"
    return ("✗ ", "$error"), Content.assemble(time, (printable(said), "$error"))
