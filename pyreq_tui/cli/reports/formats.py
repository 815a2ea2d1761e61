"""The forms a report can have, by the name that ``--format`` takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.cli.output import write_json, write_text

if TYPE_CHECKING:
    from pyreq_tui.cli.reports.checked import Checked


def write_report(checked: Checked, form: str) -> None:
    """Write ``checked`` to stdout; only what ``form`` takes is imported."""
    match form:
        case "json":
            from pyreq_tui.cli.reports.data import as_data

            write_json(as_data(checked))
        case "github":
            from pyreq_tui.cli.reports.github import as_annotations

            write_text(as_annotations(checked))
        case "sarif":
            from pyreq_tui.cli.reports.sarif import as_sarif

            write_json(as_sarif(checked))
        case "junit":
            from pyreq_tui.cli.reports.junit import as_junit

            write_text(as_junit(checked))
        case _:
            from pyreq_tui.cli.reports.text import as_text

            write_text(as_text(checked))
