"""The left pane: functions, with a verdict and a size each."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from pyreq_tui.sizes import format_size
from pyreq_tui.tui.text import MUTED, bar, cut, printable, spread

if TYPE_CHECKING:
    from pyreq_tui.build import Plan, PlannedArtifact
    from pyreq_tui.service import Function, Service


class FunctionList(OptionList):
    """Every function with the artifact it runs from; choosing one shows that artifact."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", "Down", show=False, id="functions.down"),
        Binding("k", "cursor_up", "Up", show=False, id="functions.up"),
        Binding("space", "select", "Show", show=False, id="functions.show"),
    ]

    HELP = """
## Functions

✓ fits, ✗ is too large for Lambda, – is not packaged here. **enter** shows what a function ships.
"""

    class ArtifactChosen(Message):
        """The artifact of a function is to be shown."""

        def __init__(self, filename: str) -> None:
            super().__init__()
            self.filename = filename

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id, markup=False, compact=True)
        self._service: Service | None = None
        self._plan: Plan | None = None
        self._shown: str | None = None
        self._filenames: list[str | None] = []

    def show(self, service: Service, plan: Plan | None, shown: str | None) -> None:
        """Show the functions of ``service``, with sizes where a Plan is there."""
        if plan is not None and (plan, shown) == (self._plan, self._shown):
            return
        self._service, self._plan, self._shown = service, plan, shown
        self._refill()

    def on_resize(self) -> None:
        """Align again."""
        self._refill()

    def _refill(self) -> None:
        if self._service is None:
            return
        highlighted = self.highlighted
        artifacts = {
            name: artifact
            for artifact in (self._plan.artifacts if self._plan else ())
            if artifact.kind != "layer"
            for name in artifact.functions
        }
        layers = [
            artifact for artifact in (self._plan.artifacts if self._plan else ()) if artifact.kind == "layer"
        ]
        largest = max((artifact.unzipped_bytes for artifact in artifacts.values()), default=1) or 1
        rows = [
            Option(
                self._function_row(function, artifacts.get(function.name), largest),
                disabled=not function.packaged,
            )
            for function in self._service.functions
        ]
        rows += [Option(self._layer_row(layer, largest)) for layer in layers]
        self._filenames = [
            artifacts[function.name].filename if function.name in artifacts else None
            for function in self._service.functions
        ] + [layer.filename for layer in layers]
        self.set_options(rows)
        if rows:
            shown = [index for index, name in enumerate(self._filenames) if name and name == self._shown]
            self.highlighted = (
                highlighted
                if highlighted in shown or (highlighted is not None and not shown)
                else next(iter(shown), None)
            )

    def _function_row(self, function: Function, artifact: PlannedArtifact | None, largest: int) -> Content:
        width = self.scrollable_content_region.width
        if not function.packaged:
            reason = cut(printable(function.reason or "not packaged"), max(0, width - 8))
            return spread(width, Content(f"– {printable(function.name)}"), Content(reason))
        place = "service root" if function.module == "." else f"module {printable(function.module)}/"
        if artifact is not None and artifact.kind == "service":
            place = f"in {printable(artifact.filename)}"
        return self._row(printable(function.name), place, artifact, largest)

    def _layer_row(self, layer: PlannedArtifact, largest: int) -> Content:
        return self._row(printable(layer.name), "layer", layer, largest)

    def _row(self, name: str, place: str, artifact: PlannedArtifact | None, largest: int) -> Content:
        width = self.scrollable_content_region.width
        if artifact is None:
            return spread(width, Content.assemble(("· ", MUTED), name), Content.styled("…", MUTED))
        is_over = artifact.is_over_limit
        mark = ("✗ ", "$error bold") if is_over else ("✓ ", "$success")
        is_shown = artifact.filename == self._shown
        first = spread(
            width,
            Content.assemble(mark, (name, "bold" if is_shown else "")),
            Content.styled(format_size(artifact.unzipped_bytes), "$error" if is_over else ""),
        )
        drawn = bar(artifact.unzipped_bytes / largest, 8)
        second = spread(
            width,
            Content.assemble("  ", (place, MUTED)),
            Content.styled(drawn.ljust(8), "$error" if is_over else "$primary"),
        )
        return Content("\n").join([first, second])

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Show the artifact of the function that was clicked or entered."""
        event.stop()
        self._choose(event.option_index)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """Show the artifact of the function the cursor came to."""
        event.stop()
        if self.has_focus:
            self._choose(event.option_index)

    def _choose(self, index: int) -> None:
        filename = self._filenames[index]
        if filename is not None and filename != self._shown:
            self.post_message(self.ArtifactChosen(filename))
