"""The entry point: gives the command line the way to open the screens, for neither imports the other."""

from __future__ import annotations

import sys


def main() -> None:
    """Run ``pyreq-tui`` and exit with the status the command line documents."""
    try:
        from pyreq_tui.cli import main as command_line
        from pyreq_tui.tui import open_workbench

        status = command_line(open_workbench)
    except KeyboardInterrupt:  # so early that nothing has begun, or while leaving
        status = 130
    sys.exit(status)


if __name__ == "__main__":
    main()
