"""What stands in the panes' place where a folder holds no service: what can be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on, work
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from pyreq_tui.tui.text import MUTED, count, printable

if TYPE_CHECKING:
    from pathlib import Path

MOST = 50
"""So many services below a folder are offered."""


class NoService(Vertical):
    """Offers to set the folder up, or to open a service below it.

    Empty until a folder is shown: it would hold up the first paint.
    """

    DEFAULT_CSS = """
    NoService {
        display: none;
        height: 1fr;
        align: center middle;
        hatch: right $panel;
        & > #no-service-frame {
            width: 80%;
            max-width: 90;
            height: auto;
            padding: 1 2;
            background: $surface;
            border: round $primary;
        }
        OptionList {
            height: auto;
            max-height: 11;
            margin-top: 1;
            border: none;
            padding: 0;
            background: transparent;
            &:focus { border: none; }
        }
    }
    """

    class SetupAsked(Message):
        """The folder is to be set up."""

    @dataclass
    class ServiceChosen(Message):
        """A service below is to be opened."""

        folder: Path

    @dataclass
    class Found(Message):
        """The services below the folder are known."""

        folder: Path
        services: tuple[Path, ...]

    def __init__(self) -> None:
        super().__init__()
        self._services: tuple[Path, ...] = ()
        self._text = Static("", id="no-service-text", markup=False)
        self._ways = OptionList(id="no-service-ways", markup=False)

    def show(self, folder: Path) -> None:
        """Offer what there is for ``folder``, and look for services below it."""
        if not self.children:
            frame = Vertical(self._text, self._ways, id="no-service-frame")
            frame.border_title = "No service here"
            self.mount(frame)
        self.take(self.Found(folder, ()))
        self.call_after_refresh(self._ways.focus)
        self.look(folder)

    @work(thread=True, description="services below", group="below", exclusive=True, exit_on_error=False)
    def look(self, folder: Path) -> None:
        """Find the services below."""
        from pyreq_tui.setup import services_below  # loads much that few need

        self.post_message(self.Found(folder, services_below(folder, most=MOST)))

    @on(Found)
    def take(self, message: Found) -> None:
        """Offer them."""
        self._services = message.services
        number = len(message.services)
        lie = (
            f"{MOST} services and more lie"
            if number == MOST
            else count(number, "service lies", "services lie")
        )
        text = Content.assemble(
            ("There is no serverless.yml in this folder.\n", "bold"),
            (printable(str(message.folder)), MUTED),
            "\n\nSetup looks for handlers and requirements, asks a few questions, and writes a small one.",
            f" {lie} below." if message.services else "",
        )
        self._text.update(text)
        rows = [Option(Content.assemble(("Set up this folder", "bold"), ("  S", MUTED)))]
        rows += [
            Option(f"Open {printable(service.relative_to(message.folder).as_posix())}/")
            for service in message.services
        ]
        marked = self._ways.highlighted or 0
        self._ways.set_options(rows)
        self._ways.highlighted = marked

    @on(OptionList.OptionSelected)
    def _go(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        if event.option_index == 0:
            self.post_message(self.SetupAsked())
        else:
            self.post_message(self.ServiceChosen(self._services[event.option_index - 1]))
