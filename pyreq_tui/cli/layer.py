"""``layer``: the definition of the layer, ready to paste."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.cli.messages import say
from pyreq_tui.cli.output import write_raw
from pyreq_tui.service import render_layer

if TYPE_CHECKING:
    from pyreq_tui.cli.arguments import Arguments


def layer(arguments: Arguments) -> None:
    """Print the entry under ``layers``, and the reference in each function that can use it."""
    service = arguments.load()
    service.check_functions(arguments.functions)
    write_raw(render_layer(service, arguments.functions))
    if not service.is_handed_over:
        say("The Framework makes this entry itself of `layer`; `config --use-layer` adds the references.")
