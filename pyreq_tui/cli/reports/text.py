"""A report for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.cli.messages import finding_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pyreq_tui.cli.reports.checked import Checked
    from pyreq_tui.findings import HandlerImport

SHOWN_PACKAGES = 5


def as_text(checked: Checked) -> str:
    """Findings with their places and ways out, then what was measured, then the verdict."""
    lines = [line for finding in checked.findings for line in finding_lines(finding)]
    lines += [f"{'✗' if use.is_over else '✓'} budget  {_on_one_line(str(use))}" for use in checked.budgets]
    lines += [line for done in checked.imports or () for line in _import_lines(done)]
    return "\n".join([*lines, "ok: ready to deploy" if checked.ok else "failed"])


def _import_lines(done: HandlerImport) -> Iterator[str]:
    imported = done.imported
    mark = "✓" if imported.failure is None and not imported.missing else "✗"
    yield f"{mark} import  {_on_one_line(f'{done.function} ({done.handler})')} {imported.seconds:.2f} s"
    slowest = [f"{each.package} {each.seconds:.2f} s" for each in imported.packages[:SHOWN_PACKAGES]]
    if slowest:
        yield f"    {_on_one_line(', '.join(slowest))}"
    if imported.stood_in:
        yield f"    stood in for what the runtime brings: {', '.join(imported.stood_in)}"
    if not imported.is_network_closed and imported.failure is None:
        yield "    the network was closed to Python only: this system has no other way"


def _on_one_line(text: str) -> str:
    return " ".join(text.splitlines())
