"""The entry point: hands the command line the way to open the screens, so that neither front end imports the other."""

from __future__ import annotations

import sys


def main() -> None:
    """Run ``pyreq-tui`` and exit with the status the command line documents."""
    from pyreq_tui.cli import main as command_line

    sys.exit(command_line())


if __name__ == "__main__":
    main()
