"""``install``: the requirements alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.build import gather
from pyreq_tui.build import install as install_requirements
from pyreq_tui.cli.output import write_text
from pyreq_tui.cli.work import building
from pyreq_tui.sizes import format_size

if TYPE_CHECKING:
    from pyreq_tui.cli.arguments import Arguments


def install(arguments: Arguments) -> None:
    """Unpack the requirements below .serverless, then print where they are."""
    service = arguments.load_active()
    with building(arguments, service) as (report, cancel):
        materials = gather(
            service, report=report, cancel=cancel, offline=arguments.offline, functions=arguments.functions
        )
        installed = install_requirements(
            service, materials, report=report, cancel=cancel, offline=arguments.offline
        )
    lines = [
        f"{each.folder}  {each.packages} packages, {each.files} files, {format_size(each.unzipped_bytes)}"
        for each in installed
    ]
    write_text("\n".join(lines) or "Nothing was installed: there are no requirements.")
