"""Which dialog asks for an option's value."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyreq_tui.tui.list_items import has_items
from pyreq_tui.tui.screens.edit_option import EditOption
from pyreq_tui.tui.screens.pick_items import PickItems

if TYPE_CHECKING:
    from pyreq_tui.service import OptionSpec, Service
    from pyreq_tui.tui.engine import Engine
    from pyreq_tui.tui.screens.value_dialog import ValueDialog
    from pyreq_tui.tui.workspace import Workspace


def dialog_for(spec: OptionSpec, service: Service, workspace: Workspace, engine: Engine) -> ValueDialog:
    """Something to pick from where it is known what there is, a field to type into otherwise."""
    if has_items(spec.key, workspace):
        return PickItems(spec, service, workspace, engine)
    return EditOption(spec, service.options)
