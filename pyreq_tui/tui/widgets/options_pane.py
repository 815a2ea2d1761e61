"""The right pane: the options, and beside each what it would change."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Resize
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from pyreq_tui.sizes import format_change
from pyreq_tui.tui.text import FAINT, MUTED, cut, spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from textual.app import ComposeResult

    from pyreq_tui.tui.option_rows import OptionRow

_MARKS = {"on": ("● ", "$success"), "off": ("○ ", MUTED), "value": ("  ", "")}


class OptionsPane(Vertical):
    """The list of options, and under it what the marked one is."""

    DEFAULT_CSS = """
    OptionsPane {
        & > #options-help {
            height: 5;
            color: $text-muted;
            border-top: solid $border-blurred;
        }
    }
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "space",
            "press",
            "Toggle",
            key_display="space",
            tooltip="Flip a switch, go to the next choice, or type a text",
            id="options.toggle",
        ),
        Binding("j", "down", "Down", show=False, id="options.down"),
        Binding("k", "up", "Up", show=False, id="options.up"),
        Binding(
            "e",
            "type",
            "Edit value",
            show=False,
            tooltip="Type the value, whatever its kind",
            id="options.edit",
        ),
    ]

    HELP = """
## Options

Beside each option stands what it would change. **space** or **enter** flips a switch, goes to the next
choice, or asks for a text.
"""

    class Pressed(Message):
        """An option was activated."""

        def __init__(self, row: OptionRow, *, to_type: bool = False) -> None:
            super().__init__()
            self.row = row
            self.to_type = to_type

    def __init__(
        self,
        *,
        name: str | None = None,
        id: str | None = None,  # noqa: A002 - Textual's name for it
        classes: str | None = None,
    ) -> None:
        super().__init__(name=name, id=id, classes=classes)
        self._groups: Sequence[tuple[str, list[OptionRow]]] = ()
        self._rows: dict[str, OptionRow] = {}

    def compose(self) -> ComposeResult:
        yield OptionList(id="options", markup=False, compact=True)
        yield Static(id="options-help", markup=False)

    def show(self, groups: Sequence[tuple[str, list[OptionRow]]]) -> None:
        """Show the rows; the marked one stays marked."""
        if groups == self._groups:
            return
        self._groups = groups
        self._rows = {row.id: row for _, rows in groups for row in rows}
        self._refill()

    @on(Resize)
    def align(self) -> None:
        """Align again."""
        self.call_after_refresh(self._refill)

    def _refill(self) -> None:
        options = self.query_one(OptionList)
        width = options.scrollable_content_region.width - 1
        wanted: list[Option] = []
        for group, rows in self._groups:
            wanted.append(Option(Content.styled(group, f"{MUTED} bold"), id=f"group {group}", disabled=True))
            wanted += [Option(_line(row, width), id=row.id) for row in rows]
        if [option.id for option in wanted] == [option.id for option in options.options]:
            for option in wanted:
                options.replace_option_prompt(str(option.id), option.prompt)
        else:
            marked = options.highlighted_option
            options.set_options(wanted)
            if marked is not None and marked.id in self._rows:
                options.highlighted = options.get_option_index(str(marked.id))
            elif wanted:
                options.highlighted = 1
        self._explain()

    @property
    def marked(self) -> OptionRow | None:
        """The row under the cursor."""
        option = self.query_one(OptionList).highlighted_option
        return self._rows.get(str(option.id)) if option is not None else None

    @on(OptionList.OptionHighlighted)
    def _explain(self) -> None:
        row = self.marked
        text = _explanation(row) if row else ""
        self.query_one("#options-help", Static).update(text, layout=False)

    @on(OptionList.OptionSelected)
    def _press(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        row = self._rows.get(str(event.option_id))
        if row is not None:
            self.post_message(self.Pressed(row))

    def action_press(self) -> None:
        """Activate the marked option."""
        self.query_one(OptionList).action_select()

    def action_type(self) -> None:
        """Type the value of the marked option, whatever its kind."""
        if self.marked is not None:
            self.post_message(self.Pressed(self.marked, to_type=True))

    def action_down(self) -> None:
        """Mark the next one."""
        self.query_one(OptionList).action_cursor_down()

    def action_up(self) -> None:
        """Mark the one before."""
        self.query_one(OptionList).action_cursor_up()


def _line(row: OptionRow, width: int) -> Content:
    sign, role = _MARKS[row.mark]
    indent = "  " if row.package else ""
    name = Content.assemble(
        indent,
        (sign, role if row.is_enabled else FAINT),
        (row.label, FAINT if not row.is_enabled else "bold" if row.is_changed else ""),
        (" *" if row.is_changed and not row.package else "", "$warning"),
    )
    return spread(width, name, _figure(row, max(6, width - name.cell_length - 2)))


def _figure(row: OptionRow, room: int) -> Content:
    if not row.is_enabled:
        return Content.styled(row.reason if len(row.reason) <= room else "", MUTED)
    if row.change_bytes is not None and row.mark != "value":
        if row.change_bytes == 0 and row.zipped_change_bytes == 0:
            return Content.styled("±0", FAINT)
        role = "$success" if row.change_bytes < 0 else MUTED
        return Content.styled(format_change(row.change_bytes), role)
    if row.value:
        return Content.styled(cut(row.value, room), "$primary" if row.value != "–" else FAINT)
    # What does not fit is told in full below, when the row is marked.
    return Content.styled(row.reason if len(row.reason) <= room else "?", MUTED)


def _explanation(row: OptionRow) -> Content:
    """What it would change, what it is, and where its value comes from."""
    first = Content.styled(row.reason or row.effect, "$foreground")
    if row.change_bytes is not None and row.zipped_change_bytes is not None:
        does = "" if row.mark != "value" else "emptied: "
        changes = f"{does}{format_change(row.change_bytes)}, zipped {format_change(row.zipped_change_bytes)}"
        first = Content.styled(changes, "$foreground")
    told = Content(row.help) if row.package else Content.assemble(row.help, (f" ({row.origin})", MUTED))
    return Content("\n").join([first, told] if first.plain else [told])
