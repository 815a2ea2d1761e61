"""What ``check`` found, in the form that whoever asked can read."""

from pyreq_tui.cli.reports.checked import Checked
from pyreq_tui.cli.reports.formats import write_report

__all__ = ["Checked", "write_report"]
