"""The entry point: gives the command line the way to open the screens, for neither imports the other."""

from __future__ import annotations

import gc
import sys

_ALLOCATIONS_BETWEEN_COLLECTIONS = 200_000
"""A run makes many objects that stay, and few circles; Python would look after every 700."""


def main() -> None:
    """Run ``pyreq-tui`` and exit with the status the command line documents."""
    gc.set_threshold(_ALLOCATIONS_BETWEEN_COLLECTIONS)
    try:
        from pyreq_tui.cli import main as command_line
        from pyreq_tui.tui import open_workbench

        status = command_line(open_workbench)
    except KeyboardInterrupt:  # so early that nothing has begun, or while leaving
        status = 130
    gc.freeze()  # leaving need not look through everything once more
    sys.exit(status)


if __name__ == "__main__":
    main()
