"""The list of findings, under a head for each severity."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from pyreq_tui.tui.finding_rows import NAMES, SIGNS, code_width, finding_row, numbers
from pyreq_tui.tui.text import count

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pyreq_tui.errors import Finding

PADDING = 1
"""On each side of a row; the style sheet gives it."""


class FindingList(OptionList):
    """Findings under a head for each severity."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", "Down", show=False, id="findings.down"),
        Binding("k", "cursor_up", "Up", show=False, id="findings.up"),
    ]

    HELP = """
## The findings

An error stops a deploy, a warning may, a hint never does. **e** opens the place in your editor ($VISUAL or
$EDITOR). **f** mends what can be mended: options change on screen first, and are saved with the others;
every other edit is shown as a diff before it is made.
"""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._rows: list[Finding | None] = []
        self._findings: Sequence[Finding] = ()
        self._root: Path | None = None

    @property
    def marked(self) -> Finding | None:
        """The finding under the cursor."""
        return None if self.highlighted is None else self._rows[self.highlighted]

    def show(self, findings: Sequence[Finding], root: Path | None) -> None:
        """Show ``findings``; the cursor stays on the one it was on, or at its height."""
        before, line = self.marked, self.highlighted
        self._findings, self._root = findings, root
        self._rows = []
        options = []
        width = self.scrollable_content_region.width - 2 * PADDING
        indent = code_width(findings, width)
        for severity, number in numbers(findings).items():
            self._rows.append(None)
            head = count(number, NAMES[severity]).capitalize()
            options.append(Option(Content.styled(head, f"bold {SIGNS[severity][1]}"), disabled=True))
            for finding in findings:
                if finding.severity == severity:
                    self._rows += [finding, None]
                    options.append(Option(finding_row(finding, root, width, indent)))
                    options.append(Option("", disabled=True))
        self.set_options(options)
        if options:
            again = next(
                (index for index, row in enumerate(self._rows) if row is not None and row == before), None
            )
            self.highlighted = again if again is not None else min(line or 1, len(options) - 1)

    def on_resize(self) -> None:
        """Wrap again."""
        self.show(self._findings, self._root)
