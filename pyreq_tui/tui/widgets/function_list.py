"""The left pane: functions, with a verdict and a size each."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from pyreq_tui.sizes import format_size
from pyreq_tui.tui.text import MUTED, bar, cut, cut_middle, printable, spread

if TYPE_CHECKING:
    from pyreq_tui.build import Plan, PlannedArtifact
    from pyreq_tui.service import Function, Service


BAR_WIDTH = 8
HEIGHT_SHARE = 0.7
"""How much of its pane the list may take, as the style sheet has it too."""
NOTHING = Content("")


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
        self._is_dense = False
        """Whether each has one line only, for otherwise few would be in sight."""

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
        lines = 2 * (len(self._service.functions) + len(layers))
        room = self.parent.size.height if isinstance(self.parent, Widget) else 0
        self._is_dense = lines > room * HEIGHT_SHARE
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
        if not function.packaged:
            reason = printable(function.reason or "not packaged")
            return self._drawn(("– ", MUTED), function.name, Content(""), reason, MUTED)
        place = "service root" if function.module == "." else f"{printable(function.module)}/"
        if artifact is not None and artifact.kind == "service":
            place = f"in {printable(artifact.filename)}"
        return self._row(function.name, place, artifact, largest)

    def _layer_row(self, layer: PlannedArtifact, largest: int) -> Content:
        return self._row(layer.name, "layer", layer, largest)

    def _row(self, name: str, place: str, artifact: PlannedArtifact | None, largest: int) -> Content:
        if artifact is None:
            return self._drawn(("· ", MUTED), name, Content.styled("…", MUTED), place)
        is_over = artifact.is_over_limit
        size = Content.styled(format_size(artifact.unzipped_bytes), "$error" if is_over else "")
        drawn = bar(artifact.unzipped_bytes / largest, BAR_WIDTH).ljust(BAR_WIDTH)
        return self._drawn(
            ("✗ ", "$error bold") if is_over else ("✓ ", "$success"),
            name,
            size,
            place,
            "bold" if artifact.filename == self._shown else "",
            Content.styled(drawn, "$error" if is_over else "$primary"),
        )

    def _drawn(
        self,
        mark: tuple[str, str],
        name: str,
        size: Content,
        place: str,
        style: str = "",
        drawn: Content = NOTHING,
    ) -> Content:
        """A row's name and size; and, unless there are more than fit, its place and bar below them."""
        width = self.scrollable_content_region.width - 1
        room = width - 2 - (size.cell_length + 1 if size.plain else 0)
        first = spread(width, Content.assemble(mark, (cut(printable(name), room), style)), size)
        if self._is_dense:
            return first
        room = width - 2 - (drawn.cell_length + 1 if drawn.plain else 0)
        return Content("\n").join(
            [first, spread(width, Content.styled(f"  {cut_middle(place, room)}", MUTED), drawn)]
        )

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
