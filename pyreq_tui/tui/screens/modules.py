"""Functions and modules: who ships which module, what speaks for it, and what each zip would list."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.screen import Screen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from pyreq_tui.aws import facts
from pyreq_tui.sizes import format_size
from pyreq_tui.tui.failures import relative
from pyreq_tui.tui.service_map import (
    EXPLAINED,
    STATES,
    FunctionRow,
    ModuleRow,
    copied,
    module_rows,
    top_listing,
)
from pyreq_tui.tui.text import (
    MUTED,
    bar,
    count,
    cut,
    cut_middle,
    listed,
    megabytes,
    percent,
    printable,
    spread,
)
from pyreq_tui.tui.widgets.key_line import KeyLine
from pyreq_tui.tui.widgets.title_line import TitleLine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from textual.app import ComposeResult

    from pyreq_tui.build import Plan
    from pyreq_tui.service import Service
    from pyreq_tui.sources import Source

BAR_WIDTH = 10
LABEL_WIDTH = 12
LISTED = 60
"""Names of a zip's top that are shown."""


class ModulesScreen(Screen["str | None"]):
    """Closes with the filename of the artifact that is to be shown."""

    TITLE = "Functions and modules"
    CSS_PATH = "modules.tcss"
    AUTO_FOCUS = "#modules"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "space",
            "show",
            "What ships",
            key_display="enter",
            tooltip="Show what the marked function ships",
            id="modules.show",
        ),
        Binding("y", "copy", "Copy", tooltip="Copy this map", id="modules.copy"),
        Binding("escape,q", "back", "Back", key_display="esc", tooltip="Back", id="modules.back"),
    ]
    HELP = """
## Functions and modules

Each module stands with the file that speaks for it and the state of its lockfile, and under it the
functions that ship it, with their size and their layers' against Lambda's limit. The marked one says what its
zip lists.
"""

    def __init__(self, service: Service, plan: Plan | None, sources: Sequence[Source]) -> None:
        super().__init__()
        self._service = service
        self._rows = module_rows(service, plan, sources)
        self._shown: dict[str, ModuleRow | FunctionRow] = {}

    def compose(self) -> ComposeResult:
        yield TitleLine()
        with Container(id="modules-body"):
            yield OptionList(id="modules", markup=False, compact=True)
            with VerticalScroll(id="module-detail", can_focus=True):
                yield Static(markup=False)
        yield KeyLine()

    def on_mount(self) -> None:
        """Say which service it is."""
        title = self.query_one(TitleLine)
        title.name_service(self._service)
        title.state = Content.styled(
            f"{count(len(self._service.functions), 'function')}, {count(len(self._rows), 'module')}", MUTED
        )

    def on_resize(self) -> None:
        """Align again."""
        self.call_after_refresh(self._fill)

    def _fill(self) -> None:
        options = self.query_one(OptionList)
        width = options.scrollable_content_region.width - 1  # parts the figures from the scrollbar
        marked = options.highlighted
        self._shown = {}
        drawn = []
        for row in self._rows:
            self._shown[f"module {row.module}"] = row
            drawn.append(Option(_module_line(row, self._service.root, width), id=f"module {row.module}"))
            for held in row.functions:
                name = f"function {held.function.name}"
                self._shown[name] = held
                drawn.append(Option(_function_line(held, width), id=name))
        options.set_options(drawn)
        first = _first(tuple(self._shown.values()))
        if drawn:
            options.highlighted = first if marked is None else marked
        else:
            self.query_one("#module-detail Static", Static).update("There is no function in this service.")

    @property
    def marked(self) -> ModuleRow | FunctionRow | None:
        """The row under the cursor."""
        option = self.query_one(OptionList).highlighted_option
        return self._shown.get(str(option.id)) if option else None

    @on(OptionList.OptionHighlighted)
    def explain(self) -> None:
        """Say more of the marked row."""
        width = self.query_one("#module-detail").scrollable_content_region.width - 1
        row = self.marked
        lines: Iterator[Content] = iter(())
        if isinstance(row, ModuleRow):
            lines = _of_module(row, self._service.root, width)
        elif isinstance(row, FunctionRow):
            lines = _of_function(row, width)
        self.query_one("#module-detail Static", Static).update(Content("\n").join(lines))

    @on(OptionList.OptionSelected)
    def action_show(self) -> None:
        """Go to what the marked function ships."""
        row = self.marked
        if isinstance(row, FunctionRow) and row.artifact is not None:
            self.dismiss(row.artifact.filename)

    def action_copy(self) -> None:
        """Copy the map."""
        self.app.copy_to_clipboard("\n".join(copied(self._rows)) + "\n")
        self.notify("Copied.", markup=False)

    def action_back(self) -> None:
        """Back to the workbench."""
        self.dismiss(None)


def _first(rows: Sequence[ModuleRow | FunctionRow]) -> int:
    """Where the cursor begins: at the first function that does not fit, else at the first that ships."""
    functions = [(at, row) for at, row in enumerate(rows) if isinstance(row, FunctionRow)]
    ranked = sorted(functions, key=lambda each: (not each[1].is_over_limit, each[1].artifact is None))
    return ranked[0][0] if ranked else 0


def _module_line(row: ModuleRow, root: Path, width: int) -> Content:
    told, role = STATES[row.state]
    file = (row.source.lockfile or row.source.manifest) if row.source else None
    name = relative(file, root) if file else ""
    room = max(0, width - len(row.name) - len(told) - 4)
    return spread(
        width,
        Content.assemble((printable(row.name), "bold"), (f"  {cut_middle(printable(name), room)}", MUTED)),
        Content.styled(told, role or MUTED),
    )


def _function_line(row: FunctionRow, width: int) -> Content:
    name = printable(row.function.name)
    if row.artifact is None:
        reason = row.function.reason or "not estimated yet"
        return spread(
            width, Content.styled(f"  – {name}", MUTED), Content.styled(cut(reason, width // 2), MUTED)
        )
    sign, role = ("✗", "$error") if row.is_over_limit else ("✓", "$success")
    limit = facts().limits.unzipped_bytes // 2**20
    figure = f"{megabytes(row.unzipped_bytes)} of {limit} MB"
    layer = " with layer" if row.artifact.layer_bytes else ""
    return spread(
        width,
        Content.assemble(("  ", ""), (f"{sign} ", f"{role} bold"), name, (layer, MUTED)),
        Content.assemble(
            (f"{figure} ", "$error" if row.is_over_limit else ""),
            (bar(row.share, BAR_WIDTH).ljust(BAR_WIDTH), "$error" if row.is_over_limit else "$primary"),
        ),
    )


def _of_module(row: ModuleRow, root: Path, width: int) -> Iterator[Content]:
    yield Content.styled(printable(row.name), "bold $primary")
    source = row.source
    if source is not None:
        for label, file in (("manifest", source.manifest), ("lockfile", source.lockfile)):
            yield _fact(label, relative(file, root) if file else "none", width)
        yield _fact("read as", source.kind, width)
    told, role = STATES[row.state]
    yield Content.assemble((told, role or MUTED), f"  {EXPLAINED[row.state]}")
    yield Content("")
    yield _fact("ships in", listed([held.function.name for held in row.functions], 6), width)


def _of_function(row: FunctionRow, width: int) -> Iterator[Content]:
    function, artifact = row.function, row.artifact
    yield Content.styled(printable(function.name), "bold $primary")
    yield _fact("handler", function.handler or "none", width)
    yield _fact("runs on", f"{function.runtime or 'no runtime'} {function.architecture}", width)
    if artifact is None:
        yield Content.styled(printable(function.reason or "The estimate is not there yet."), MUTED)
        return
    limit = facts().limits.unzipped_bytes
    yield _fact("zip", artifact.filename, width)
    if len(artifact.functions) > 1:
        others = [name for name in artifact.functions if name != function.name]
        yield _fact("shared with", listed(others, 4), width)
    yield _fact("zipped", format_size(artifact.zipped_bytes), width)
    yield _fact("unzipped", format_size(artifact.unzipped_bytes), width)
    if artifact.layer_bytes:
        yield _fact("layer", f"{format_size(artifact.layer_bytes)} built here, which counts too", width)
    for layer in row.foreign_layers:
        yield _fact(
            "layer",
            f"{layer.rpartition(':layer:')[2] or layer}: its size counts too, and is not known here",
            width,
        )
    verdict = "over Lambda's" if row.is_over_limit else "of Lambda's"
    amount = row.unzipped_bytes - limit if row.is_over_limit else None
    share = format_size(amount) if amount is not None else percent(row.share)
    yield Content.styled(
        f"{share} {verdict} {limit // 2**20} MB", "$error" if row.is_over_limit else "$success"
    )
    yield Content("")
    top = top_listing(artifact)
    yield Content.assemble(
        ("The zip lists", "bold $primary"), (f"  {count(len(artifact.bundle.entries), 'file')}", MUTED)
    )
    for each in top[:LISTED]:
        files = count(each.files, "file") if each.name.endswith("/") else ""
        figures = f"{files:>12} {format_size(each.unzipped_bytes):>9}"
        room = max(8, width - len(figures) - 3)
        yield spread(
            width, Content(f"  {cut_middle(printable(each.name), room)}"), Content.styled(figures, MUTED)
        )
    if len(top) > LISTED:
        yield Content.styled(f"  … {len(top) - LISTED} more", MUTED)


def _fact(label: str, value: str, width: int) -> Content:
    """A line, or several where the value is long: those stand below the first one's value."""
    lines = wrap(printable(value), max(8, width - LABEL_WIDTH)) or [""]
    return Content.assemble((label.ljust(LABEL_WIDTH), MUTED), f"\n{' ' * LABEL_WIDTH}".join(lines))
