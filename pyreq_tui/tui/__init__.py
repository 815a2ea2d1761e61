"""The front end with a screen. Textual is imported when it opens, not before."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyreq_tui.opening import Opening

__all__ = ["open_workbench"]


def open_workbench(opening: Opening, *, notice: str | None = None, sets_up: bool = False) -> int:
    """Open the workbench and return the exit status when it is left.

    ``notice`` is said once, when it opens; ``sets_up`` begins with guided setup.
    """
    from pyreq_tui.tui.curtain import curtain

    with curtain(opening.path.absolute().name):
        from pyreq_tui.tui.app import Workshop
        from pyreq_tui.tui.engine import Stations
        from pyreq_tui.tui.settings import settings_file

        gc.freeze()  # modules stay: the collector is not to go over them while the screens are made
        app = Workshop(opening, Stations(), notice=notice, settings_at=settings_file(), sets_up=sets_up)
    app.run()
    return app.return_code or 0
