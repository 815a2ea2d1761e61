"""What dialogs share that ask for an option's value: they close with what it takes, or say why not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from pyreq_tui.errors import PyreqError
from pyreq_tui.tui.screens.dialog import Dialog
from pyreq_tui.tui.text import printable

if TYPE_CHECKING:
    from pyreq_tui.service import Options, OptionSpec

Answer = list[str] | str | int | bool | dict[str, object]


class ValueDialog(Dialog["Answer | None"]):
    """Has a place, ``#wrong``, where it is said what an option does not take."""

    DEFAULT_CSS = """
    ValueDialog {
        #wrong { color: $error; height: auto; display: none; &.-shown { display: block; } }
    }
    """

    def __init__(self, spec: OptionSpec, options: Options) -> None:
        super().__init__()
        self._spec = spec
        self._options = options

    def close_with(self, answer: Answer) -> None:
        """Close with an answer that the option takes; another can be mended."""
        try:
            self._options.override({self._spec.key: answer})
        except PyreqError as error:
            wrong = self.query_one("#wrong", Static)
            wrong.update(Content(f"✗ {printable(error.message)}"))
            wrong.add_class("-shown")
        else:
            self.dismiss(answer)
