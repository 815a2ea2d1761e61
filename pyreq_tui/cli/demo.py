"""``demo``: a service to try everything on."""

from __future__ import annotations

import shutil
import tempfile
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

from pyreq_tui.cli.arguments import Arguments
from pyreq_tui.cli.messages import say
from pyreq_tui.errors import PyreqError, Where

if TYPE_CHECKING:
    from collections.abc import Callable


def demo(
    folder: str | None, *, builds: bool, as_json: bool, open_screens: Callable[[Arguments, str], None]
) -> None:
    """Copy the demo service, then build it or open the screens on it."""
    place = copy_demo(Path(folder) if folder else Path(tempfile.mkdtemp(prefix="pyreq-demo-")) / "shop")
    arguments = Arguments(
        path=place,
        config=None,
        stage=None,
        params={},
        overrides={},
        functions=(),
        quiet=False,
        verbose=False,
        offline=False,
        color=True,
    )
    if builds:
        from pyreq_tui.cli.build import build  # here, for the screens begin without it

        say(f"The demo service is in {place}.")
        build(arguments, as_json=as_json, output=None)
    else:
        open_screens(arguments, f"The demo service is in {place}.")


def copy_demo(place: Path) -> Path:
    """Copy the demo to ``place``, which must be empty or not there yet; its absolute path."""
    if place.exists() and any(place.iterdir()):
        raise PyreqError(
            "The demo needs an empty folder.",
            where=Where(place),
            hint="Name one that does not exist yet, or none for a temporary one.",
        )
    with as_file(files("pyreq_tui") / "demo") as source:
        shutil.copytree(source, place, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    return place.absolute()
